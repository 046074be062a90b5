import type { Clock } from '../../clock.ts';
import type { HelpdeskClient } from '../../tickets/helpdesk-client.ts';
import { saysHelpdeskFails } from '../../tickets/helpdesk-failures.ts';

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
        if (result.kind === 'opened' || result.kind === 'refused') this.#note(true);
        // Anything else may be the answer to this one text, and says nothing.
        else if (saysHelpdeskFails(result.cause.kind)) this.#note(false);
        return result;
      },
      // A look says nothing of how tickets fare: it is made of other reads, and can fail over the one ticket.
      viewTicket: (reference, signal) => client.viewTicket(reference, signal),
      postReply: async (request, recheck) => {
        const result = await client.postReply(request, recheck);
        if (result.kind === 'posted' || result.kind === 'refused') this.#note(true);
        else if (saysHelpdeskFails(result.cause.kind)) this.#note(false);
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

  #note(works: boolean): void {
    if (works === this.#state?.works) return;
    const isFirst = this.#state === undefined;
    this.#state = { works, since: isFirst && works ? this.#startedAt : this.#clock.now(), isFirst };
  }
}
