import { z } from 'zod';
import { buildIndexOnce } from '../../storage/build-index-once.ts';
import type { RecordStore } from '../../storage/record-store.ts';
import type { Storage } from '../../storage/storage.ts';
import type { OpenTicketResult } from '../helpdesk-client.ts';

const submission = z.object({
  /** The ID of the interaction that submitted. Discord redelivers an interaction under the same ID. */
  id: z.string(),
  submitterId: z.string(),
  draftId: z.string(),
  stage: z.enum(['saved', 'sending', 'opened', 'refused', 'unreachable', 'unconfirmed']),
  /** The ticket's reference. Unset while not opened, and when the helpdesk opened a ticket without naming it. */
  reference: z.string().optional(),
  /** The helpdesk's own words for its refusal. */
  reason: z.string().optional(),
  /** What was escalated, and in whose name: the draft may say something else by now, or be gone. Removed once told. */
  escalated: z
    .object({ url: z.string(), authorId: z.string(), behalf: z.enum(['self', 'author', 'community']) })
    .optional(),
  savedAt: z.number(),
  /** When the stage was last written, in milliseconds since 1970. */
  stageAt: z.number(),
  /** Whether the person has read the outcome, or it stands among their notices. */
  told: z.boolean(),
  /** How to edit the private reply that waits for the outcome. Removed once told: the token is a secret. */
  reply: z.object({ applicationId: z.string(), token: z.string(), until: z.number() }).optional(),
});

/** What became of one submit. The stages and their meaning are drawn in docs/storage.md. */
export type Submission = z.infer<typeof submission>;
export type SubmissionKey = Pick<Submission, 'submitterId' | 'id'>;

/** Discord keeps an interaction token for 15 minutes; half a minute is left for the way there. */
const REPLY_LIFETIME_MS = 14.5 * 60_000;

/**
 * One record for each submit, under `submitter/interaction`: the truth about what was sent. Those that a next start has to
 * look at stand in an index under the same keys, so that it need not read the history of everybody.
 */
export class SubmissionLedger {
  readonly #storage: Storage;
  readonly #records: RecordStore<Submission>;
  /** What is not finished. It may name what is finished or gone, and never lacks one that is not. */
  readonly #unfinished: RecordStore<'unfinished'>;
  readonly #lifetimeMs: number;
  readonly #now: () => number;
  /** What is known and the store did not take. Written before the record is read again; what dies with the process is a doubt. */
  readonly #unwritten = new Map<string, Partial<Submission>>();

  constructor(storage: Storage, options: { lifetimeMs: number; now: () => number }) {
    this.#storage = storage;
    this.#records = storage.records('submissions', submission, { longestMs: options.lifetimeMs });
    this.#unfinished = storage.records('unfinished', z.literal('unfinished'));
    this.#lifetimeMs = options.lifetimeMs;
    this.#now = options.now;
  }

  /** Writes down that a submit arrived. @returns false when it was written down before: Discord delivered it again. */
  async open(born: {
    id: string;
    submitterId: string;
    draftId: string;
    escalated?: Submission['escalated'];
    reply: { applicationId: string; token: string };
  }): Promise<boolean> {
    const now = this.#now();
    const record: Submission = {
      ...born,
      reply: { ...born.reply, until: now + REPLY_LIFETIME_MS },
      stage: 'saved',
      savedAt: now,
      stageAt: now,
      told: false,
    };
    // In one turn, and the index first: a file takes both in one transaction, a server in this order.
    const [, isNew] = await Promise.all([
      this.#unfinished.save(keyOf(born), 'unfinished'),
      this.#records.insert(keyOf(born), record, this.#lifetimeMs),
    ]);
    return isNew;
  }

  async find(at: SubmissionKey): Promise<Submission | undefined> {
    await this.#catchUp(at);
    return this.#records.find(keyOf(at));
  }

  /** Durable before the call: whoever finds this stage without a running call does not know whether a ticket exists. */
  async sending(at: SubmissionKey): Promise<void> {
    this.#unwritten.delete(keyOf(at));
    const written = await this.#write(at, { stage: 'sending' }).catch((error: unknown) => {
      // The record may say so all the same, and nothing was sent.
      this.#unwritten.set(keyOf(at), { stage: 'saved' });
      throw error;
    });
    // The person had everything about them erased meanwhile. Without a record there is no promise, so there is no call.
    if (!written) throw new SubmissionErasedError();
  }

  /** Takes `sending` back: something stopped the ticket after all, before it was sent. */
  async notSent(at: SubmissionKey): Promise<void> {
    this.#unwritten.set(keyOf(at), { stage: 'saved' });
    await this.#catchUp(at);
  }

  /** Writes down what a call came to. Does nothing when the record was erased meanwhile. */
  async settle(at: SubmissionKey, result: OpenTicketResult): Promise<void> {
    this.#unwritten.set(keyOf(at), {
      stage: result.kind,
      ...(result.kind === 'opened' && result.reference ? { reference: result.reference } : {}),
      ...(result.kind === 'refused' ? { reason: result.reason } : {}),
    });
    await this.#catchUp(at);
  }

  /** A submission that was `sending` when its process died; what counts is when it was sent. */
  async doubt(submission: Submission): Promise<void> {
    await this.#write(submission, { stage: 'unconfirmed' }, submission.stageAt);
  }

  /** Gives a record a new lifetime, for a later submission has met it. */
  async keep(at: SubmissionKey): Promise<void> {
    await this.#records.update(keyOf(at), (current) => current, this.#lifetimeMs);
  }

  /**
   * Writes down that the person knows; what a next start would need for that goes, such as the token of the reply.
   * @returns false when the record was erased meanwhile.
   */
  async told(at: SubmissionKey): Promise<boolean> {
    const after = await this.#records.update(keyOf(at), (current) =>
      current && !(current.told && !current.reply)
        ? { ...current, told: true, reply: undefined, escalated: undefined }
        : undefined,
    );
    if (!after || isFinished(after)) await this.#leaveIndex(at);
    return after !== undefined;
  }

  /** What a start has to look at: submissions that were being sent, and those whose people do not know the outcome. */
  async *unfinished(): AsyncIterable<Submission> {
    await buildIndexOnce(this.#storage, 'unfinished', () => this.#unindexed());
    for await (const [key] of this.#unfinished.entries()) {
      const submission = await this.#records.find(key);
      if (submission && !isFinished(submission)) yield submission;
      else await this.#unfinished.remove(key);
    }
  }

  async *#unindexed() {
    for await (const submission of this.all())
      if (!isFinished(submission)) yield () => this.#unfinished.save(keyOf(submission), 'unfinished');
  }

  async *all(submitterId?: string): AsyncIterable<Submission> {
    for await (const [, record] of this.#records.entries(submitterId && `${submitterId}/`)) yield record;
  }

  async removeAllOf(submitterId: string): Promise<number> {
    const removed = await this.#records.removeAll(`${submitterId}/`);
    await this.#unfinished.removeAll(`${submitterId}/`);
    return removed;
  }

  /** Not worth a failure of what was written before: the next start does it. */
  async #leaveIndex(at: SubmissionKey): Promise<void> {
    await this.#unfinished.remove(keyOf(at)).catch(() => {});
  }

  async #catchUp(at: SubmissionKey): Promise<void> {
    const change = this.#unwritten.get(keyOf(at));
    if (!change) return;
    await this.#write(at, change);
    if (this.#unwritten.get(keyOf(at)) === change) this.#unwritten.delete(keyOf(at));
  }

  async #write(at: SubmissionKey, change: Partial<Submission>, stageAt = this.#now()): Promise<boolean> {
    const after = await this.#records.update(
      keyOf(at),
      (current) => current && { ...current, ...change, stageAt },
      this.#lifetimeMs,
    );
    // Its person may have been told that it is in doubt, before the store took what it came to.
    if (after && isFinished(after)) await this.#leaveIndex(at);
    return after !== undefined;
  }
}

function isFinished({ told, stage }: Submission): boolean {
  return told && stage !== 'sending';
}

/** The submitter had all their records erased before the call. Nothing was sent. */
export class SubmissionErasedError extends Error {
  override name = 'SubmissionErasedError';

  constructor() {
    super('The submission was erased by its submitter before it was sent.');
  }
}

function keyOf({ submitterId, id }: SubmissionKey): string {
  return `${submitterId}/${id}`;
}
