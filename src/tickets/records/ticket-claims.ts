import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { buildIndexOnce } from '../../storage/build-index-once.ts';
import type { RecordStore } from '../../storage/record-store.ts';
import type { Storage } from '../../storage/storage.ts';
import type { TicketDraft } from './ticket-drafts.ts';

const claim = z.array(z.object({ submitterId: z.string(), submissionId: z.string() }));

/** One submission that claimed a thing. */
export type Claimant = z.infer<typeof claim>[number];

/** What the claims on messages begin with; all others begin with the ID of their person. */
const MESSAGE = 'message/';

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
  readonly #storage: Storage;
  readonly #records: RecordStore<Claimant[]>;
  /** Who has claimed which messages, under `submitter/server/message`: a message's claims stand under no person. */
  readonly #messagesOf: RecordStore<'claimed'>;
  readonly #options: { recordLifetimeMs: number; digestKey: Buffer };

  constructor(storage: Storage, options: { recordLifetimeMs: number; digestKey: Buffer }) {
    this.#storage = storage;
    const longestMs = Math.max(options.recordLifetimeMs, SAME_TEXT_MS);
    this.#records = storage.records('claims', claim, { longestMs });
    this.#messagesOf = storage.records('claimed-messages', z.literal('claimed'), { longestMs });
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
    return this.#lasting(`${MESSAGE}${guildId}/${messageId}`);
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
    const indexKey = indexKeyOf(thing, claimant);
    // In one turn, and the index first: a file takes both in one transaction, a server in this order.
    const [, all = []] = await Promise.all([
      indexKey && this.#messagesOf.save(indexKey, 'claimed', thing.lifetimeMs),
      this.#records.update(
        thing.key,
        (current = []) => (indexOf(current, claimant) < 0 ? [...current, claimant] : current),
        thing.lifetimeMs,
      ),
    ]);
    const earlier = all.slice(0, indexOf(all, claimant));
    await this.#keepIndex(thing, earlier);
    return earlier;
  }

  /** Gives the claims on a thing a new lifetime. */
  async keep(thing: Thing): Promise<void> {
    const all = await this.#records.update(thing.key, (current) => current, thing.lifetimeMs);
    await this.#keepIndex(thing, all ?? []);
  }

  /** The index must know of a claim for as long as it stands. What a person had erased meanwhile stays erased. */
  async #keepIndex(thing: Thing, claimants: readonly Claimant[]): Promise<void> {
    for (const indexKey of new Set(claimants.map((claimant) => indexKeyOf(thing, claimant)))) {
      if (indexKey) await this.#messagesOf.update(indexKey, (current) => current, thing.lifetimeMs);
    }
  }

  /** To be called before anything else: an older version of the bot has left claims on messages without an index. */
  async buildIndex(): Promise<void> {
    await buildIndexOnce(this.#storage, 'claimed-messages', () => this.#unindexed());
  }

  async *#unindexed() {
    for await (const [key, claimants] of this.#records.entries(MESSAGE)) {
      for (const indexKey of new Set(claimants.map((claimant) => indexKeyOf({ key }, claimant)))) {
        if (indexKey) yield () => this.#messagesOf.save(indexKey, 'claimed', this.#options.recordLifetimeMs);
      }
    }
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
    const found: { claimed: string; submissionIds: string[] }[] = [];
    const add = (claimed: string, claimants: readonly Claimant[]) => {
      const own = claimants.filter((claimant) => claimant.submitterId === submitterId);
      if (own.length > 0) found.push({ claimed, submissionIds: own.map(({ submissionId }) => submissionId) });
    };
    for await (const [key, claimants] of this.#records.entries(`${submitterId}/`)) add(key, claimants);
    for (const key of await this.#messagesClaimedBy(submitterId)) add(key, (await this.#records.find(key)) ?? []);
    return found;
  }

  /** Takes submissions out of the list of a thing. */
  async withdraw(thing: Thing, submissionIds: readonly string[]): Promise<void> {
    const { key } = thing;
    const others = (all: Claimant[] = []) => all.filter(({ submissionId }) => !submissionIds.includes(submissionId));
    const before = await this.claimants(thing);
    // Nobody else: it is emptied and its lifetime ends, in one write. The store has no conditional delete.
    await this.#records.update(key, (all) => (all && others(all).length === 0 ? [] : undefined), 1);
    const after = (await this.#records.update(key, (all) => all && others(all))) ?? [];
    for (const { submitterId } of before) {
      const indexKey = indexKeyOf(thing, { submitterId });
      if (indexKey && !after.some((one) => one.submitterId === submitterId)) await this.#messagesOf.remove(indexKey);
    }
  }

  /** Removes the claims of a person, and the person from those on messages. */
  async removeAllOf(submitterId: string): Promise<void> {
    await this.#records.removeAll(`${submitterId}/`);
    for (const key of await this.#messagesClaimedBy(submitterId)) {
      await this.#records.update(key, (all) => all?.filter((claimant) => claimant.submitterId !== submitterId));
    }
    // Last, so that a failure in between can be repeated.
    await this.#messagesOf.removeAll(`${submitterId}/`);
  }

  /** @returns The keys of the claims on messages in which this person stands. */
  async #messagesClaimedBy(submitterId: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const [key] of this.#messagesOf.entries(`${submitterId}/`)) {
      keys.push(MESSAGE + key.slice(submitterId.length + 1));
    }
    return keys;
  }
}

/** @returns Where the index says that this person claimed this message; undefined for what already stands under the person. */
function indexKeyOf({ key }: Pick<Thing, 'key'>, { submitterId }: Pick<Claimant, 'submitterId'>): string | undefined {
  return key.startsWith(MESSAGE) ? `${submitterId}/${key.slice(MESSAGE.length)}` : undefined;
}

function indexOf(list: readonly Claimant[], { submissionId }: Claimant): number {
  return list.findIndex((one) => one.submissionId === submissionId);
}
