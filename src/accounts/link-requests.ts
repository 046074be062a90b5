import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { RecordStore } from '../storage/record-store.ts';
import type { Storage } from '../storage/storage.ts';

const linkRequest = z.object({
  /** So that a button under an old request cannot approve a newer one with another address. */
  id: z.string(),
  userId: z.string(),
  email: z.string(),
  requestedAt: z.number(),
  /** What a moderator has decided and the bot has not carried out yet. */
  decision: z.enum(['approved', 'refused']).optional(),
  /** Carried out; the address is blanked. */
  closed: z.literal(true).optional(),
});

/** Somebody who asks moderators to vouch for their address. */
export type LinkRequest = z.infer<typeof linkRequest>;
export type LinkDecision = NonNullable<LinkRequest['decision']>;

/** Milliseconds that a request waits for a moderator. */
const REQUEST_LIFETIME_MS = 7 * 24 * 3_600_000;

/** One open request for each person (LINK_VERIFICATION=moderator). */
export class LinkRequests {
  readonly #records: RecordStore<LinkRequest>;
  readonly #now: () => number;

  constructor(storage: Storage, options: { now: () => number }) {
    this.#records = storage.records('link-requests', linkRequest, { longestMs: REQUEST_LIFETIME_MS });
    this.#now = options.now;
  }

  /** Opens a request; an earlier one of this person is void. */
  async open(userId: string, email: string): Promise<LinkRequest> {
    const request = { id: randomBytes(9).toString('base64url'), userId, email, requestedAt: this.#now() };
    await this.#records.save(userId, request, REQUEST_LIFETIME_MS);
    return request;
  }

  /**
   * Writes down what a moderator decides, before it is carried out: a request that was closed first would be lost, buttons
   * and all, to a store that fails in between. The first decision stays, and can be carried out again until `close`.
   * @returns The request with the decision that holds, or undefined when it is closed, expired or replaced.
   */
  async decide(
    userId: string,
    id: string,
    decision: LinkDecision,
  ): Promise<(LinkRequest & { decision: LinkDecision }) | undefined> {
    let decided = undefined as (LinkRequest & { decision: LinkDecision }) | undefined;
    await this.#records.update(userId, (current) => {
      const isIt = current?.id === id && current.userId === userId && !current.closed;
      decided = isIt ? { ...current, decision: current.decision ?? decision } : undefined;
      return decided;
    });
    return decided;
  }

  /**
   * Closes a request. Atomic: of two moderators one gets it, and nobody gets another one that took its place meanwhile.
   * @returns It, or undefined when it is closed, expired or replaced.
   */
  async close(userId: string, id: string): Promise<LinkRequest | undefined> {
    let found = undefined as LinkRequest | undefined;
    await this.#records.update(
      userId,
      (current) => {
        found = current?.id === id && current.userId === userId && !current.closed ? current : undefined;
        return found && { ...found, email: '', closed: true };
      },
      1,
    );
    return found;
  }

  async find(userId: string): Promise<LinkRequest | undefined> {
    const request = await this.#records.find(userId);
    return request?.closed ? undefined : request;
  }

  async forget(userId: string): Promise<void> {
    await this.#records.remove(userId);
  }
}
