import { type BODY_FAULTS, REFUSALS } from './refusals.ts';

/** The nested tree of a 50035: an object path down to `_errors`. */
export interface ErrorTree {
  _errors?: { code: string; message: string }[];
  [key: string]: ErrorTree | { code: string; message: string }[] | undefined;
}

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
  const { status, code, message } = REFUSALS[name];
  return new ApiError(status, code, message, errors);
}

/** One that the table of refusals has. */
export type BodyFault = keyof typeof BODY_FAULTS;

/** Collects what is wrong with a body, place by place, into one 50035. */
export class BodyErrors {
  private tree: ErrorTree | undefined;

  add(path: readonly (string | number)[], code: BodyFault, message: string): void {
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
