import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { RecordStore } from '../../storage/record-store.ts';
import type { Storage } from '../../storage/storage.ts';
import type { TicketDraft } from './ticket-drafts.ts';

const claim = z.array(z.object({ submitterId: z.string(), submissionId: z.string() }));

/** One submission that claimed a thing. */
export type Claimant = z.infer<typeof claim>[number];

/** Lifetime of the claim on a text. The same words a day later are a new problem. */
const SAME_TEXT_MS = 24 * 3_600_000;

/** What is claimed. */
export interface Thing {
  readonly key: string;
  readonly lifetimeMs: number;
  /**
   * Milliseconds for which an earlier submission counts. For ever: as long as the ledger has it, whatever the lifetimes
   * were when it was written down.
   */
  readonly countsForMs: number;
}

/**
 * What may become at most one ticket: a draft, a text of one person, an escalated message. Each such thing has a list of
 * the submissions that claimed it, in the order in which they came; whoever finds an earlier one that is under way or may
 * have opened a ticket stands back.
 */
export class TicketClaims {
  readonly #records: RecordStore<Claimant[]>;
  readonly #options: { recordLifetimeMs: number; digestKey: Buffer };

  constructor(storage: Storage, options: { recordLifetimeMs: number; digestKey: Buffer }) {
    this.#records = storage.records('claims', claim);
    this.#options = options;
  }

  /** The things that a draft claims, always in this order: so two submissions that share several cannot block each other. */
  things(draft: TicketDraft): Thing[] {
    const things = [this.draft(draft.submitter.id, draft.id), this.#text(draft)];
    if (draft.escalated) things.push(this.message(draft.place.guildId ?? '', draft.escalated.id));
    return things;
  }

  /** As long as the ledger remembers: each submit gives the draft itself another day. */
  draft(submitterId: string, draftId: string): Thing {
    return this.#lasting(`${submitterId}/draft/${draftId}`);
  }

  message(guildId: string, messageId: string): Thing {
    return this.#lasting(`message/${guildId}/${messageId}`);
  }

  #lasting(key: string): Thing {
    return { key, lifetimeMs: this.#options.recordLifetimeMs, countsForMs: Number.POSITIVE_INFINITY };
  }

  /** Subject and body decide; the product does not make it another problem. Kept as a keyed digest. */
  #text(draft: TicketDraft): Thing {
    const digest = createHmac('sha256', this.#options.digestKey)
      .update(JSON.stringify([draft.fields.subject, draft.fields.body]))
      .digest('base64url');
    return { key: `${draft.submitter.id}/text/${digest}`, lifetimeMs: SAME_TEXT_MS, countsForMs: SAME_TEXT_MS };
  }

  /** Puts a submission at the end of the list, once. Atomic. @returns Those that came before it, oldest first. */
  async claim(thing: Thing, claimant: Claimant): Promise<Claimant[]> {
    const all =
      (await this.#records.update(
        thing.key,
        (current = []) => (indexOf(current, claimant) < 0 ? [...current, claimant] : current),
        thing.lifetimeMs,
      )) ?? [];
    return all.slice(0, indexOf(all, claimant));
  }

  /** Gives the claims on a thing a new lifetime. */
  async keep(thing: Thing): Promise<void> {
    await this.#records.update(thing.key, (current) => current, thing.lifetimeMs);
  }

  /** @returns The submissions that claimed a thing, oldest first. */
  async claimants(thing: Thing): Promise<Claimant[]> {
    return (await this.#records.find(thing.key)) ?? [];
  }

  /** Whether a submission has claimed the text that this draft has now. */
  async hasClaimedText(draft: TicketDraft, submissionId: string): Promise<boolean> {
    return (await this.claimants(this.#text(draft))).some((one) => one.submissionId === submissionId);
  }

  /** What a person has claimed, and by which of their submissions. */
  async ofSubmitter(submitterId: string): Promise<{ claimed: string; submissionIds: string[] }[]> {
    const found = [];
    for (const prefix of [`${submitterId}/`, 'message/']) {
      for await (const [key, claimants] of this.#records.entries(prefix)) {
        const own = claimants.filter((claimant) => claimant.submitterId === submitterId);
        if (own.length > 0) found.push({ claimed: key, submissionIds: own.map(({ submissionId }) => submissionId) });
      }
    }
    return found;
  }

  /** Takes submissions out of the list of a thing. */
  async withdraw({ key }: Thing, submissionIds: readonly string[]): Promise<void> {
    const others = (all: Claimant[] = []) => all.filter(({ submissionId }) => !submissionIds.includes(submissionId));
    // Nobody else: it is emptied and its lifetime ends, in one write. The store has no conditional delete.
    await this.#records.update(key, (all) => (all && others(all).length === 0 ? [] : undefined), 1);
    await this.#records.update(key, (all) => all && others(all));
  }

  /** Removes the claims of a person, and the person from those on messages. */
  async removeAllOf(submitterId: string): Promise<void> {
    await this.#records.removeAll(`${submitterId}/`);
    const keys: string[] = [];
    for await (const [key, claimants] of this.#records.entries('message/')) {
      if (claimants.some((claimant) => claimant.submitterId === submitterId)) keys.push(key);
    }
    for (const key of keys) {
      await this.#records.update(key, (all) => all?.filter((claimant) => claimant.submitterId !== submitterId));
    }
  }
}

function indexOf(list: readonly Claimant[], { submissionId }: Claimant): number {
  return list.findIndex((one) => one.submissionId === submissionId);
}
