import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { RecordChange, RecordRef, RecordStore } from '../storage/record-store.ts';
import type { Storage } from '../storage/storage.ts';
import { hasSameText, mapFields } from './ticket-fields.ts';

const person = z.object({ id: z.string(), name: z.string() });

const ticketDraft = z.object({
  id: z.string(),
  submitter: person,
  place: z.object({
    guildId: z.string().optional(),
    guildName: z.string().optional(),
    channelId: z.string().optional(),
    channelName: z.string().optional(),
  }),
  /** As typed: a draft may be no ticket yet. */
  fields: z.object(mapFields(() => z.string().default(''))),
  /** In whose name. `author` is the author of the escalated message. */
  behalf: z.enum(['self', 'author', 'community']),
  escalated: z
    .object({
      id: z.string(),
      url: z.string(),
      author: person,
      channelId: z.string().optional(),
      writtenAt: z.number().optional(),
      circumstances: z.string().optional(),
      fullText: z.string().optional(),
    })
    .optional(),
  /** The ticket of which this is an answer: as the person's own list knows it, and its display ID where that is known. */
  answers: z.object({ ticketId: z.string(), reference: z.string().optional() }).optional(),
  createdAt: z.number(),
  /** What it escalated had gone when its form came back: it is kept for its text, and never sent. */
  orphaned: z.literal(true).optional(),
});

/** Text that is no ticket yet, and all that is needed to make one of it. */
export type TicketDraft = z.infer<typeof ticketDraft>;

/** Drafts under `submitter/draft`: the look-up itself refuses another person's. */
export class TicketDrafts {
  readonly #records: RecordStore<TicketDraft>;
  readonly #lifetimeMs: number;
  readonly #now: () => number;

  constructor(storage: Storage, options: { lifetimeMs: number; now: () => number }) {
    this.#records = storage.records('drafts', ticketDraft, { longestMs: options.lifetimeMs });
    this.#lifetimeMs = options.lifetimeMs;
    this.#now = options.now;
  }

  /** Milliseconds that a text lives from its last save. */
  get lifetimeMs(): number {
    return this.#lifetimeMs;
  }

  /** A draft with a new ID, written nowhere yet. The ID carries no authority. */
  create(born: Omit<TicketDraft, 'id' | 'createdAt'>): TicketDraft {
    return { ...born, id: newDraftId(), createdAt: this.#now() };
  }

  /** @returns The draft, or undefined when it has expired, became a ticket, or belongs to another submitter. */
  find(submitterId: string, draftId: string): Promise<TicketDraft | undefined> {
    return this.#records.find(`${submitterId}/${draftId}`);
  }

  /** Where a draft stands, for a change together with other records. */
  at(submitterId: string, draftId: string): RecordRef<TicketDraft> {
    return this.#records.at(`${submitterId}/${draftId}`);
  }

  /** The draft with a new lifetime. */
  saved(draft: TicketDraft): RecordChange<TicketDraft> {
    return { save: draft, ttlMs: this.#lifetimeMs };
  }

  /**
   * A draft that became a ticket goes, unless another text was saved under it meanwhile: a form that is still open can be
   * changed and submitted again.
   */
  sent(current: TicketDraft | undefined, sent: TicketDraft): RecordChange<TicketDraft> {
    if (!current) return undefined;
    // How an answer is called is nothing that was typed.
    const isSame = sent.answers ? current.fields.body === sent.fields.body : hasSameText(current.fields, sent.fields);
    return isSame ? 'remove' : undefined;
  }

  /** Writes the draft; its lifetime starts anew. */
  save(draft: TicketDraft): Promise<void> {
    return this.#records.save(`${draft.submitter.id}/${draft.id}`, draft, this.#lifetimeMs);
  }

  async *ofSubmitter(submitterId: string): AsyncIterable<TicketDraft> {
    for await (const [, draft] of this.#records.entries(`${submitterId}/`)) yield draft;
  }

  async allOf(submitterId: string): Promise<TicketDraft[]> {
    const all: TicketDraft[] = [];
    for await (const draft of this.ofSubmitter(submitterId)) all.push(draft);
    return all;
  }

  async remove(submitterId: string, draftId: string): Promise<void> {
    await this.#records.remove(`${submitterId}/${draftId}`);
  }

  removeAllOf(submitterId: string): Promise<number> {
    return this.#records.removeAll(`${submitterId}/`);
  }
}

/** 16 characters of base64url, 96 bits: short enough for a custom ID, which holds 100. */
export function newDraftId(): string {
  return randomBytes(12).toString('base64url');
}

/** Whether a text has the form of our IDs. Everybody can send any custom ID, also one that leaves no room for a longer name. */
export function isDraftId(text: string): boolean {
  return /^[\w-]{16}$/.test(text);
}

/** The escalated message, as `server/message`. */
export function messageOf({ escalated, place }: TicketDraft): string | undefined {
  return escalated && `${place.guildId ?? ''}/${escalated.id}`;
}

/** Whose ticket it is. The community's own belongs to nobody. */
export function holderOf({ behalf, submitter, escalated }: TicketDraft): string | undefined {
  switch (behalf) {
    case 'self':
      return submitter.id;
    case 'author':
      return escalated?.author.id;
    case 'community':
      return undefined;
  }
}
