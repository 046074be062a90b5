/** What can be made to go wrong, by name. The text is for a person who flips the switch. */
export const FAULTS = {
  'callback-reset-before': 'The bot’s first answer is lost on its way: the connection is cut before Discord reads it.',
  'callback-reset-after': 'Discord takes the bot’s first answer, but the connection is cut before it says so.',
  'callback-500-before': 'Discord answers 500 to the bot’s first answer and has not taken it.',
  'callback-500-after': 'Discord answers 500 to the bot’s first answer although it has taken it.',
  'callback-slow': 'The bot’s first answer reaches Discord late (delayMs, 1000 by default).',
  'callback-late':
    'Discord gives up the connection and takes the bot’s first answer all the same, later (delayMs, 1000 by default).',
  'callback-rate-limited': 'Discord answers 429 to the bot’s first answers (retryAfterMs, 100 by default).',
  'edit-500-before': 'Discord answers 500 to an edit of a reply and has not made it.',
  'edit-500-after': 'Discord answers 500 to an edit of a reply although it has made it.',
  'edit-reset-before': 'The connection is cut before Discord reads an edit of a reply.',
  'edit-reset-after': 'Discord makes an edit of a reply, but the connection is cut before it says so.',
  'edit-late':
    'Discord gives up the connection and makes an edit of a reply all the same, later (delayMs, 1000 by default).',
  'edit-rate-limited': 'Discord answers 429 to edits of replies (retryAfterMs, 100 by default).',
  'edit-invalid-token': 'Edits of replies are refused as if their 15 minutes were over (50027).',
  'edit-unknown-message': 'Edits of replies are refused as if the message were gone (10008).',
  'follow-up-500': 'Discord answers 500 to follow-up messages and does not show them.',
  'message-500': 'Discord answers 500 to messages that the bot posts in channels and direct messages.',
  'guild-commands-500': 'Discord answers 500 to everything about the commands of single servers.',
  'servers-500': 'Discord answers 500 to questions about servers, such as how they are called.',
  'rate-limited': 'Discord answers 429 to every call (retryAfterMs, 100 by default).',
  'message-reset-after': 'Discord posts a message of the bot, but the connection is cut before it says so.',
  'sessions-used-up':
    'The bot may begin no more sessions at the gateway for now (retryAfterMs until it may, a day by default).',
  'rest-refused': 'Discord’s web interface cuts every connection.',
  'rest-500': 'Discord’s web interface answers 500 to everything.',
  'gateway-refused': 'Discord’s gateway refuses new connections.',
  'gateway-silent': 'Discord’s gateway says hello and then nothing more: a bot that connects is not ready.',
  'gateway-dropped': 'The gateway connection is cut; the bot may resume its session. Happens once.',
  'gateway-reconnect': 'The gateway asks the bot to reconnect (op 7). Happens once.',
  'gateway-session-lost': 'The gateway connection is cut and its session forgotten (op 9 on resume). Happens once.',
  'token-reset': 'The bot’s token is no longer valid: the gateway closes with 4004, the web interface answers 401.',
} as const satisfies Record<string, string>;

export type FaultName = keyof typeof FAULTS;

export interface FaultOptions {
  /** How many calls it strikes; until it is cleared by default. */
  times?: number;
  /** Milliseconds, for what is slow or late. */
  delayMs?: number;
  /** Milliseconds, for what is limited. */
  retryAfterMs?: number;
}

/** The faults in force. */
export class Faults {
  private readonly active = new Map<FaultName, FaultOptions & { left: number }>();

  set(name: FaultName, options: FaultOptions = {}): void {
    this.active.set(name, { ...options, left: options.times ?? Number.POSITIVE_INFINITY });
  }

  clear(name?: FaultName): void {
    if (name) this.active.delete(name);
    else this.active.clear();
  }

  names(): FaultName[] {
    return [...this.active.keys()];
  }

  /** @returns The fault's options if it strikes now, which uses up one of its times. */
  strike(name: FaultName): FaultOptions | undefined {
    const fault = this.active.get(name);
    if (!fault) return undefined;
    fault.left -= 1;
    if (fault.left <= 0) this.active.delete(name);
    return fault;
  }
}
