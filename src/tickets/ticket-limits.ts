import type { SlidingWindow, Uses as UsesOfKey } from '../sliding-window.ts';
import type { RecordChange, RecordRef } from '../storage/record-store.ts';
import type { LimitedReason } from './ticket-outcome.ts';
import type { Place } from './ticket-request.ts';

/** Answers of one person within an hour. A conversation has that many; who writes more than one every two minutes is no person, or one of a chaos test, which raises it. */
export const ANSWER_LIMIT = { perHour: 30 };

/** Where the uses stand that one ticket takes. Undefined where it takes none. */
export type UseRefs = {
  readonly personUses: RecordRef<UsesOfKey> | undefined;
  readonly serverUses: RecordRef<UsesOfKey> | undefined;
};
export interface Uses {
  readonly personUses: UsesOfKey | undefined;
  readonly serverUses: UsesOfKey | undefined;
}
export interface UseChanges {
  readonly personUses?: RecordChange<UsesOfKey>;
  readonly serverUses?: RecordChange<UsesOfKey>;
}

export interface TicketLimitsDeps {
  /** Tickets of one person, and of one server. */
  readonly personLimit: SlidingWindow;
  readonly serverLimit: SlidingWindow;
  /** Answers of one person. */
  readonly answerLimit: SlidingWindow;
}

/** What decides about the limits of a draft. */
interface LimitedDraft {
  readonly submitter: { readonly id: string };
  readonly place: Place;
  readonly escalated?: unknown;
  readonly answers?: unknown;
}

/** How many tickets a person and a server may open within an hour. Uses are taken and given back with the attempt's own write. */
export class TicketLimits {
  readonly #person: SlidingWindow;
  readonly #server: SlidingWindow;
  readonly #answers: SlidingWindow;

  constructor({ personLimit, serverLimit, answerLimit }: TicketLimitsDeps) {
    this.#person = personLimit;
    this.#server = serverLimit;
    this.#answers = answerLimit;
  }

  /** Moderators who escalate are exempt from the personal limit, nobody is from the server's. Answers have a limit of their own. */
  refs({ submitter, place, escalated, answers }: LimitedDraft): UseRefs {
    return {
      personUses: escalated ? undefined : this.#ofPerson({ answers }).at(submitter.id),
      serverUses: answers || place.guildId === undefined ? undefined : this.#server.at(place.guildId),
    };
  }

  /** One use of each, or why there is none. Pure. */
  take(
    draft: LimitedDraft,
    { personUses, serverUses }: Uses,
    now: number,
  ): { readonly kind: 'taken'; readonly changes: UseChanges } | LimitedReason {
    const refs = this.refs(draft);
    const person = refs.personUses && this.#ofPerson(draft).withUse(personUses, now);
    if (person?.kind === 'limited') return { ...person, scope: draft.answers ? 'answers' : 'person' };
    const server = refs.serverUses && this.#server.withUse(serverUses, now);
    if (server?.kind === 'limited') return { ...server, scope: 'server' };
    return { kind: 'taken', changes: { personUses: person?.change, serverUses: server?.change } };
  }

  /** Both without what was taken at a time. Pure. */
  giveBack(draft: LimitedDraft, { personUses, serverUses }: Uses, takenAt: number): UseChanges {
    return {
      personUses: this.#ofPerson(draft).withoutUse(personUses, takenAt),
      serverUses: this.#server.withoutUse(serverUses, takenAt),
    };
  }

  #ofPerson({ answers }: Pick<LimitedDraft, 'answers'>): SlidingWindow {
    return answers ? this.#answers : this.#person;
  }
}
