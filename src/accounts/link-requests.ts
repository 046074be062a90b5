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
});

/** Somebody who asks moderators to vouch for their address. */
export type LinkRequest = z.infer<typeof linkRequest>;

/** Milliseconds that a request waits for a moderator. */
const REQUEST_LIFETIME_MS = 7 * 24 * 3_600_000;

/** One open request for each person (LINK_VERIFICATION=moderator). */
export class LinkRequests {
  readonly #records: RecordStore<LinkRequest>;
  readonly #now: () => number;

  constructor(storage: Storage, options: { now: () => number }) {
    this.#records = storage.records('link-requests', linkRequest);
    this.#now = options.now;
  }

  /** Opens a request; an earlier one of this person is void. */
  async open(userId: string, email: string): Promise<LinkRequest> {
    const request = { id: randomBytes(9).toString('base64url'), userId, email, requestedAt: this.#now() };
    await this.#records.save(userId, request, REQUEST_LIFETIME_MS);
    return request;
  }

  /** Closes a request. Atomic: of two moderators one gets it. @returns It, or undefined when it is closed, expired or replaced. */
  async close(userId: string, id: string): Promise<LinkRequest | undefined> {
    const open = await this.#records.find(userId);
    if (open?.id !== id || open.userId !== userId) return undefined;
    return this.#records.take(userId);
  }

  find(userId: string): Promise<LinkRequest | undefined> {
    return this.#records.find(userId);
  }

  async forget(userId: string): Promise<void> {
    await this.#records.remove(userId);
  }
}
