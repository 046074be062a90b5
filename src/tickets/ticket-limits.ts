import type { SlidingWindow } from '../sliding-window.ts';
import type { RecordChange, RecordRef } from '../storage/record-store.ts';
import type { LimitedReason } from './ticket-outcome.ts';
import type { Place } from './ticket-request.ts';

/** Where the uses stand that one ticket takes. Undefined where it takes none. */
export type UseRefs = {
  readonly personUses: RecordRef<number[]> | undefined;
  readonly serverUses: RecordRef<number[]> | undefined;
};
export interface Uses {
  readonly personUses: number[] | undefined;
  readonly serverUses: number[] | undefined;
}
export interface UseChanges {
  readonly personUses?: RecordChange<number[]>;
  readonly serverUses?: RecordChange<number[]>;
}

/** How many tickets a person and a server may open within an hour. Uses are taken and given back with the attempt's own write. */
export class TicketLimits {
  readonly #person: SlidingWindow;
  readonly #server: SlidingWindow;

  constructor({ personLimit, serverLimit }: { personLimit: SlidingWindow; serverLimit: SlidingWindow }) {
    this.#person = personLimit;
    this.#server = serverLimit;
  }

  /** Moderators who escalate are exempt from the personal limit, nobody is from the server's. */
  refs({ submitter, place, escalated }: { submitter: { id: string }; place: Place; escalated?: unknown }): UseRefs {
    return {
      personUses: escalated ? undefined : this.#person.at(submitter.id),
      serverUses: place.guildId === undefined ? undefined : this.#server.at(place.guildId),
    };
  }

  /** One use of each, or why there is none. Pure. */
  take(
    refs: UseRefs,
    { personUses, serverUses }: Uses,
    now: number,
  ): { readonly kind: 'taken'; readonly changes: UseChanges } | LimitedReason {
    const person = refs.personUses && this.#person.withUse(personUses, now);
    if (person?.kind === 'limited') return { ...person, scope: 'person' };
    const server = refs.serverUses && this.#server.withUse(serverUses, now);
    if (server?.kind === 'limited') return { ...server, scope: 'server' };
    return { kind: 'taken', changes: { personUses: person?.change, serverUses: server?.change } };
  }

  /** Both without what was taken at a time. Pure. */
  giveBack({ personUses, serverUses }: Uses, takenAt: number): UseChanges {
    return {
      personUses: this.#person.withoutUse(personUses, takenAt),
      serverUses: this.#server.withoutUse(serverUses, takenAt),
    };
  }
}
