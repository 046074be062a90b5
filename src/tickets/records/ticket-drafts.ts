import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { RecordStore } from '../../storage/record-store.ts';
import type { Storage } from '../../storage/storage.ts';

const person = z.object({ id: z.string(), name: z.string() });

const ticketDraft = z.object({
  id: z.string(),
  submitter: person,
  place: z.object({ guildId: z.string().optional(), channelId: z.string().optional() }),
  /** As typed: a draft may be no ticket yet. */
  fields: z.object({ subject: z.string(), product: z.string(), body: z.string() }),
  /** In whose name. `author` is the author of the escalated message. */
  behalf: z.enum(['self', 'author', 'community']),
  escalated: z
    .object({
      id: z.string(),
      url: z.string(),
      author: person,
      channelId: z.string().optional(),
      fullText: z.string().optional(),
    })
    .optional(),
  /** Earlier submissions of which the person was told that they may be this ticket, and chose to send it anyway. */
  sendDespite: z.array(z.string()),
  createdAt: z.number(),
  /** What it escalated had gone when its form came back: it is kept for its text, and never sent. */
  lostEscalation: z.literal(true).optional(),
  /** It became a ticket, and its text is blanked. */
  sent: z.literal(true).optional(),
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

  /** A draft with a new ID, written nowhere yet. The ID carries no authority. */
  create(born: Omit<TicketDraft, 'id' | 'createdAt' | 'sendDespite'>): TicketDraft {
    return { ...born, id: newDraftId(), sendDespite: [], createdAt: this.#now() };
  }

  /** @returns The draft, or undefined when it has expired, became a ticket, or belongs to another submitter. */
  async find(submitterId: string, draftId: string): Promise<TicketDraft | undefined> {
    const draft = await this.#records.find(`${submitterId}/${draftId}`);
    return draft?.sent ? undefined : draft;
  }

  /** Writes the draft; its lifetime starts anew. */
  save(draft: TicketDraft): Promise<void> {
    return this.#records.save(`${draft.submitter.id}/${draft.id}`, draft, this.#lifetimeMs);
  }

  /** Begins a saved draft's lifetime anew, and adds what it is sent despite. Atomic: a text that was changed since it was found stays. */
  async renew(draft: TicketDraft): Promise<void> {
    await this.#records.update(
      `${draft.submitter.id}/${draft.id}`,
      (current) => {
        if (!current || current.sent) return draft;
        return { ...current, sendDespite: [...new Set([...current.sendDespite, ...draft.sendDespite])] };
      },
      this.#lifetimeMs,
    );
  }

  /**
   * Removes a draft that became a ticket, unless another text was saved under it meanwhile: a form that is still open can
   * be changed and submitted again. Atomic: the text is blanked and its lifetime ends, in one write.
   */
  async removeSent({ id, submitter, fields }: TicketDraft): Promise<void> {
    const blank = { fields: { subject: '', product: '', body: '' }, escalated: undefined, sent: true } as const;
    await this.#records.update(
      `${submitter.id}/${id}`,
      (current) => (current && hasSameText(current.fields, fields) ? { ...current, ...blank } : undefined),
      1,
    );
  }

  async *ofSubmitter(submitterId: string): AsyncIterable<TicketDraft> {
    for await (const [, draft] of this.#records.entries(`${submitterId}/`)) {
      if (!draft.sent) yield draft;
    }
  }

  removeAllOf(submitterId: string): Promise<number> {
    return this.#records.removeAll(`${submitterId}/`);
  }
}

function hasSameText(one: TicketDraft['fields'], other: TicketDraft['fields']): boolean {
  return one.subject === other.subject && one.product === other.product && one.body === other.body;
}

/** 16 characters of base64url, 96 bits: short enough for a custom ID, which holds 100. */
export function newDraftId(): string {
  return randomBytes(12).toString('base64url');
}

/** Whether a text has the form of our IDs. Everybody can send any custom ID, also one that leaves no room for a longer name. */
export function isDraftId(text: string): boolean {
  return /^[\w-]{16}$/.test(text);
}
