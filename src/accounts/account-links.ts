import { z } from 'zod';
import type { RecordChange, RecordRef, RecordStore } from '../storage/record-store.ts';
import type { Storage } from '../storage/storage.ts';

const accountLink = z.object({
  userId: z.string(),
  email: z.string(),
  /** Milliseconds since 1970. */
  linkedAt: z.number(),
  /** How the address was proved: by a mailed code, by a moderator's word, or not at all. */
  proof: z.enum(['email', 'moderator', 'none']),
  /** Whether moderators may open tickets in this person's name from what they wrote. */
  allowsEscalation: z.boolean(),
});

/** What stays when a moderator removes the link of somebody who wants no tickets in their name. */
const refusal = z.strictObject({ userId: z.string(), allowsEscalation: z.literal(false) });
const stored = z.union([accountLink, refusal]);
type StoredLink = z.infer<typeof stored>;

/** A Discord user and the helpdesk account that is theirs. */
export type AccountLink = z.infer<typeof accountLink>;
export type LinkProof = AccountLink['proof'];

/**
 * The proofs that count for each LINK_VERIFICATION: who makes it stricter does not want the tickets of those who linked
 * under the weaker rule.
 */
const ACCEPTED_PROOFS: Readonly<Record<LinkProof, readonly LinkProof[]>> = {
  email: ['email'],
  moderator: ['email', 'moderator'],
  none: ['email', 'moderator', 'none'],
};

/** One link for each Discord user. */
export class AccountLinks {
  readonly #records: RecordStore<StoredLink>;
  readonly #options: { verification: LinkProof; now: () => number };

  constructor(storage: Storage, options: { verification: LinkProof; now: () => number }) {
    this.#records = storage.records('links', stored);
    this.#options = options;
  }

  /**
   * @returns The person's link, or undefined when they have none or its proof does not count any more.
   * @throws {Error} when the record names somebody else: then the store was tampered with, and nobody's ticket is opened.
   */
  async find(userId: string): Promise<AccountLink | undefined> {
    return this.usable(userId, await this.#records.find(userId));
  }

  /** Where a person's link stands, for reading it together with other records. What it holds goes through `usable`. */
  at(userId: string): RecordRef<StoredLink> {
    return this.#records.at(userId);
  }

  /** The link that a record holds, when it counts. Pure. @throws {Error} as `find` does. */
  usable(userId: string, record: StoredLink | undefined): AccountLink | undefined {
    const link = linkOf(userId, record);
    return link && this.accepts(link.proof) ? link : undefined;
  }

  /** Whether such a proof counts here. */
  accepts(proof: LinkProof): boolean {
    return ACCEPTED_PROOFS[this.#options.verification].includes(proof);
  }

  /** What is stored, whether it counts or not: for the person to see. @throws {Error} as `find` does. */
  async findStored(userId: string): Promise<AccountLink | undefined> {
    return linkOf(userId, await this.#records.find(userId));
  }

  /** Whether the person has no link, and wanted no tickets in their name when they had one. */
  async keepsRefusal(userId: string): Promise<boolean> {
    const record = await this.#records.find(userId);
    return record !== undefined && !isLink(record);
  }

  /** Links, replacing an earlier link; the choice about escalation stays. Call it only with a proved address. */
  async save(userId: string, email: string, proof: LinkProof): Promise<void> {
    await this.#records.update(userId, (current) => ({
      userId,
      email,
      proof,
      linkedAt: this.#options.now(),
      allowsEscalation: current?.allowsEscalation ?? true,
    }));
  }

  /** @returns false when there is no link to change. */
  async allowEscalation(userId: string, allows: boolean): Promise<boolean> {
    const after = await this.#records.update(userId, (link) =>
      isLink(link) ? { ...link, allowsEscalation: allows } : undefined,
    );
    return isLink(after);
  }

  /** Removes the link with the choice about escalation, as the person wishes. @returns false when there was none. */
  async remove(userId: string): Promise<boolean> {
    return isLink(await this.#records.take(userId));
  }

  /**
   * What becomes of a record when its link is removed as a moderator wishes. That the person wants no tickets in their name holds
   * for their next link too: else moderators could undo that choice. Pure. @returns Undefined when there is no link.
   */
  withdrawn(userId: string, record: StoredLink | undefined): RecordChange<StoredLink> {
    const link = linkOf(userId, record);
    if (!link) return undefined;
    return link.allowsEscalation ? 'remove' : { save: { userId, allowsEscalation: false } };
  }
}

function linkOf(userId: string, record: StoredLink | undefined): AccountLink | undefined {
  if (record && record.userId !== userId) throw new Error('A link stands under the key of another user.');
  return isLink(record) ? record : undefined;
}

function isLink(record: StoredLink | undefined): record is AccountLink {
  return record !== undefined && 'email' in record;
}
