/** The nested tree of a 50035: an object path down to `_errors`. */
export interface ErrorTree {
  _errors?: { code: string; message: string }[];
  [key: string]: ErrorTree | { code: string; message: string }[] | undefined;
}

const REFUSALS = {
  unauthorized: [401, 0, '401: Unauthorized'],
  notFound: [404, 0, '404: Not Found'],
  unknownChannel: [404, 10003, 'Unknown Channel'],
  unknownGuild: [404, 10004, 'Unknown Guild'],
  unknownMember: [404, 10007, 'Unknown Member'],
  unknownMessage: [404, 10008, 'Unknown Message'],
  unknownUser: [404, 10013, 'Unknown User'],
  unknownWebhook: [404, 10015, 'Unknown Webhook'],
  unknownCommand: [404, 10063, 'Unknown application command'],
  unknownInteraction: [404, 10062, 'Unknown interaction'],
  tooManyCommands: [400, 30032, 'Maximum number of application commands reached'],
  alreadyAcknowledged: [400, 40060, 'Interaction has already been acknowledged.'],
  missingAccess: [403, 50001, 'Missing Access'],
  notTheAuthor: [403, 50005, 'Cannot edit a message authored by another user'],
  emptyMessage: [400, 50006, 'Cannot send an empty message'],
  directMessagesClosed: [403, 50007, 'Cannot send messages to this user'],
  notATextChannel: [400, 50008, 'Cannot send messages in a non-text channel'],
  missingPermissions: [403, 50013, 'Missing Permissions'],
  invalidToken: [401, 50027, 'Invalid Webhook Token'],
  invalidBody: [400, 50035, 'Invalid Form Body'],
  replyWithoutHistory: [403, 160002, 'Cannot reply without permission to read message history'],
  threadArchived: [400, 50083, 'Thread is archived'],
  notJson: [400, 50109, 'The request body contains invalid JSON.'],
} as const satisfies Record<string, readonly [number, number, string]>;

/** A refusal in Discord's words: an HTTP status, a JSON error code, and for a wrong body the tree of what is wrong. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: number;
  readonly errors: ErrorTree | undefined;

  constructor(status: number, code: number, message: string, errors?: ErrorTree) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.errors = errors;
  }

  toJSON() {
    return { message: this.message, code: this.code, ...(this.errors && { errors: this.errors }) };
  }
}

/** Builds the refusal of that name; the caller throws it. */
export function refusal(name: keyof typeof REFUSALS, errors?: ErrorTree): ApiError {
  const [status, code, message] = REFUSALS[name];
  return new ApiError(status, code, message, errors);
}

/** Collects what is wrong with a body, place by place, into one 50035. */
export class BodyErrors {
  private tree: ErrorTree | undefined;

  add(path: readonly (string | number)[], code: string, message: string): void {
    this.tree ??= {};
    let node = this.tree;
    for (const key of path) {
      node[key] ??= {};
      node = node[key] as ErrorTree;
    }
    node._errors = [...(node._errors ?? []), { code, message }];
  }

  /** @throws {ApiError} 50035 when anything was added. */
  throwIfAny(): void {
    if (this.tree) throw this.asRefusal();
  }

  asRefusal(): ApiError {
    return refusal('invalidBody', this.tree);
  }
}
