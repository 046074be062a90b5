import type { Clock } from '../../clock.ts';
import type { HelpdeskClient, HelpdeskErrorKind } from '../../tickets/helpdesk-client.ts';

/** Whether the helpdesk works, as the calls of this process have found it. */
export interface HelpdeskState {
  readonly works: boolean;
  /** Since when, in milliseconds since 1970. */
  readonly since: number;
  /** It was never otherwise: `since` is when this process started, or its first call. */
  readonly isFirst: boolean;
}

/** Remembers since when the helpdesk works, or does not. A restart forgets it. */
export class HelpdeskHistory {
  readonly #clock: Clock;
  readonly #startedAt: number;
  #state: HelpdeskState | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  /** @returns undefined before any call has told. */
  get state(): HelpdeskState | undefined {
    return this.#state;
  }

  /** The same client, of which each result is noted. */
  watch(client: HelpdeskClient): HelpdeskClient {
    return {
      openTicket: async (request, recheck) => {
        const result = await client.openTicket(request, recheck);
        const isAnswered = result.kind === 'opened' || result.kind === 'refused';
        this.#note(isAnswered || worksDespite(result.cause.kind));
        return result;
      },
      check: async () => {
        const error = await client.check();
        this.#note(error === undefined);
        return error;
      },
      close: () => client.close(),
    };
  }

  #note(works: boolean | undefined): void {
    if (works === undefined || works === this.#state?.works) return;
    const isFirst = this.#state === undefined;
    this.#state = { works, since: isFirst && works ? this.#startedAt : this.#clock.now(), isFirst };
  }
}

/** @returns false when it says that the helpdesk does not work, undefined when it may be the answer to one text. */
function worksDespite(kind: HelpdeskErrorKind): false | undefined {
  switch (kind) {
    case 'connect':
    case 'timeout':
    case 'login':
    case 'login-blocked':
    case 'server-error':
    case 'fault':
      return false;
    case 'connection-lost':
    case 'not-soap':
    case 'unexpected-status':
    case 'bad-request':
    case 'firewall':
    case 'rate-limited':
    case 'no-turn':
    case 'closed':
      return undefined;
  }
}
