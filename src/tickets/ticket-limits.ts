import type { SlidingWindow } from '../sliding-window.ts';
import type { TicketDraft } from './records/ticket-drafts.ts';
import type { TicketOutcome } from './ticket-outcome.ts';

/** Uses that were taken for one ticket. */
export interface TakenUses {
  readonly kind: 'granted';
  /** For a ticket that was not opened. */
  giveBack(): Promise<void>;
}

/** How many tickets a person and a server may open. */
export class TicketLimits {
  readonly #person: SlidingWindow;
  readonly #server: SlidingWindow;

  constructor({ personLimit, serverLimit }: { personLimit: SlidingWindow; serverLimit: SlidingWindow }) {
    this.#person = personLimit;
    this.#server = serverLimit;
  }

  /** Takes one use of each, or none. Moderators who escalate are exempt from the personal limit, nobody is from the server's. */
  async take(
    { submitter, place, escalated }: TicketDraft,
    isModerator: boolean,
  ): Promise<Extract<TicketOutcome, { kind: 'limited' }> | TakenUses> {
    const taken: (() => Promise<void>)[] = [];
    const giveBack = async () => {
      for (const back of taken.splice(0)) await back();
    };
    if (!(escalated && isModerator)) {
      const person = await this.#person.take(submitter.id);
      if (person.kind === 'limited') return { ...person, scope: 'person' };
      taken.push(() => this.#person.giveBack(person));
    }
    if (place.guildId) {
      const server = await this.#server.take(place.guildId).catch(async (error: unknown) => {
        await giveBack();
        throw error;
      });
      if (server.kind === 'limited') {
        await giveBack();
        return { ...server, scope: 'server' };
      }
      taken.push(() => this.#server.giveBack(server));
    }
    return { kind: 'granted', giveBack };
  }
}
