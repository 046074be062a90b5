import type { Clock } from '../clock.ts';
import type { ProcessLease } from '../process-lease.ts';
import { StorageError } from '../storage/record-store.ts';
import { draftWords } from './draft-words.ts';
import type { MessageRecord } from './lifecycle/message-record.ts';
import { leave, takeOver } from './lifecycle/ownership.ts';
import { type Attempt, findAttempt, type PersonRecord } from './lifecycle/person-record.ts';
import { confirm, receive, withdraw } from './lifecycle/receive.ts';
import { duplicateAmong, type RelatedAttempt, relatedAttempts } from './lifecycle/related-attempts.ts';
import { waitsForHelpdesk } from './lifecycle/when-back.ts';
import type { ChangeAt, RequestRecords } from './request-records.ts';
import { messageOf, type TicketDraft, type TicketDrafts } from './ticket-drafts.ts';

/** Discord keeps an interaction token for 15 minutes; half a minute is left for the way there. */
const REPLY_LIFETIME_MS = 14.5 * 60_000;

/** One submit that has arrived. */
export interface Arrival {
  /** The interaction's ID. */
  readonly id: string;
  readonly submitterId: string;
  readonly draftId: string;
  /** What the form or the button makes of the stored text; undefined when there is nothing to send. Pure. */
  readonly draftOf: (stored: TicketDraft | undefined) => TicketDraft | undefined;
  /** The attempt despite which the person chose to send. */
  readonly confirmed?: string | undefined;
  /** `until`: when Discord takes no more edits, for a reply that is older than the arrival. */
  readonly reply: { readonly applicationId: string; readonly token: string; readonly until?: number };
  /**
   * The ID of the person's word to send it when the helpdesk is back, for an attempt that they do not make themselves: it
   * arrives only as long as the word holds, and gives the text no new lifetime.
   */
  readonly whenBack?: string;
}

/** An attempt that is written down: nothing of it can be lost. */
export interface ReceivedAttempt {
  readonly id: string;
  readonly draft: TicketDraft;
  /** Something stood against sending it when it came. */
  readonly hasDuplicate: boolean;
}

/** What came of an arrival. `again`: the same interaction is written down already, here or by another process. */
export type Receipt =
  | { readonly kind: 'received'; readonly attempt: ReceivedAttempt }
  | { readonly kind: 'again'; readonly receivedAt: number; readonly isOwn: boolean; readonly isLive: boolean }
  | { readonly kind: 'no-text' };

/** The draft is about another message than was asked for, or about one at all. */
interface AboutMessage {
  readonly kind: 'about-message';
  readonly message: string | undefined;
}

export interface AttemptIntakeDeps {
  readonly records: RequestRecords;
  readonly drafts: TicketDrafts;
  readonly lease: Pick<ProcessLease, 'id' | 'hasOthers' | 'look'>;
  /** Words are kept as digests with this key. */
  readonly digestKey: Buffer;
  readonly clock: Clock;
}

/** Writes attempts down as they arrive, and says which process goes on with one that two of them got. */
export class AttemptIntake {
  readonly #deps: AttemptIntakeDeps;

  constructor(deps: AttemptIntakeDeps) {
    this.#deps = deps;
  }

  /** Writes down what arrived. @throws {StorageError} Then nothing is sent, also when the write landed all the same. */
  async receive(arrival: Arrival): Promise<Receipt> {
    let message: string | undefined;
    try {
      for (;;) {
        const result = await this.#receive(arrival, message);
        if (result.kind !== 'about-message') return result;
        message = result.message;
      }
    } catch (error) {
      if (error instanceof StorageError) await this.#withdraw(arrival, message);
      throw error;
    }
  }

  /** An attempt that nobody works on would stand against the same words until this process ends. */
  async #withdraw({ id, submitterId }: Arrival, message: string | undefined): Promise<void> {
    const { records, lease } = this.#deps;
    const apply = (record: PersonRecord) => withdraw(record, { attemptId: id, owner: lease.id });
    await records.state(
      { submitterId, attemptId: id, message },
      {},
      ({ record }) => ({ record: apply(record), result: undefined }),
      apply,
    );
  }

  #receive(arrival: Arrival, message: string | undefined): Promise<Receipt | AboutMessage> {
    const { records, drafts, lease, digestKey, clock } = this.#deps;
    const { id, submitterId, draftId } = arrival;
    const refs = { text: drafts.at(submitterId, draftId) };
    return records.change<typeof refs, Receipt | AboutMessage>(
      { submitterId, attemptId: id, message },
      refs,
      ({ record, message: messageRecord, text }) => {
        const known = findAttempt(record, id)?.attempt;
        if (known) return { record, result: againOf(known, lease.id) };
        const now = clock.now();
        const request = record.requests.find((one) => one.id === draftId);
        const fulfils = arrival.whenBack === undefined ? undefined : request && waitsForHelpdesk(request, now);
        const isWanted = fulfils?.id === arrival.whenBack;
        const draft = isWanted ? arrival.draftOf(text) : undefined;
        if (!draft) return { record, result: { kind: 'no-text' } };
        const about = messageOf(draft);
        if (about !== message) return { record, result: { kind: 'about-message', message: about } };
        const event = {
          attemptId: id,
          requestId: draftId,
          submitterId,
          words: draftWords(draft, digestKey),
          owner: lease.id,
          reply: { until: now + REPLY_LIFETIME_MS, ...arrival.reply },
          message,
          answers: draft.answers && (draft.answers.reference ?? ''),
          escalated: escalationOf(draft),
          confirmed: arrival.confirmed,
          textUntil: fulfils && request ? request.textUntil : now + drafts.lifetimeMs,
        };
        const after = receive(record, messageRecord, event, now).record;
        return {
          record: after,
          changes: fulfils ? {} : { text: drafts.saved(draft) },
          result: {
            kind: 'received',
            attempt: { id, draft, hasDuplicate: duplicateOf(after, id, submitterId, messageRecord, now) !== undefined },
          },
        };
      },
    );
  }

  /** Another process with the same token has answered the interaction: it sends the ticket, and the text stays here. */
  async leave({ id, draft }: ReceivedAttempt): Promise<void> {
    const { lease } = this.#deps;
    // One that has only just started is not known yet.
    if (!lease.hasOthers) await lease.look().catch(() => undefined);
    // Where nobody else uses this store, the other one has its own, and tells its own truth.
    const delivery = lease.hasOthers ? 'next-command' : 'delivered';
    await this.#leave(atOf(id, draft), id, delivery);
  }

  async #leave(at: ChangeAt, attemptId: string, delivery: 'next-command' | 'delivered'): Promise<void> {
    const { records, lease, clock } = this.#deps;
    const apply = (record: PersonRecord) => leave(record, { attemptId, owner: lease.id, delivery }, clock.now());
    await records.state(at, {}, ({ record }) => ({ record: apply(record), result: undefined }), apply);
  }

  /**
   * Goes on with an attempt that another process wrote down, as this one has Discord's acknowledgement. Where that one could not
   * be sure of its write and took it back, this one writes it down: the person has been promised an answer.
   * @throws {StorageError} Then it is left for the person's next command, also when it was taken over all the same.
   */
  async takeOver(arrival: Arrival): Promise<ReceivedAttempt | undefined> {
    const taken = await this.#takeOver(arrival);
    if (taken !== 'withdrawn') return taken;
    const receipt = await this.receive(arrival);
    return receipt.kind === 'received' ? receipt.attempt : undefined;
  }

  async #takeOver({ id, submitterId, draftId, reply }: Arrival): Promise<ReceivedAttempt | 'withdrawn' | undefined> {
    const { records, drafts, lease, clock } = this.#deps;
    const message = findRequestMessage(await records.find(submitterId), id);
    const at = { submitterId, attemptId: id, message };
    const refs = { text: drafts.at(submitterId, draftId) };
    try {
      return await records.change<typeof refs, ReceivedAttempt | 'withdrawn' | undefined>(
        at,
        refs,
        ({ record, message: messageRecord, text }) => {
          const now = clock.now();
          // Erased, or a ticket by now.
          if (!text) return { record, result: undefined };
          if (!findAttempt(record, id)) return { record, result: 'withdrawn' };
          const event = {
            attemptId: id,
            owner: lease.id,
            reply: { until: now + REPLY_LIFETIME_MS, ...reply },
            escalated: escalationOf(text),
          };
          const { record: after, result } = takeOver(record, event, now);
          if (!result) return { record, result: undefined };
          const hasDuplicate = duplicateOf(after, id, submitterId, messageRecord, now) !== undefined;
          return { record: after, result: { id, draft: text, hasDuplicate } };
        },
      );
    } catch (error) {
      if (error instanceof StorageError) await this.#leave(at, id, 'next-command');
      throw error;
    }
  }

  /** Writes down that the person wants to send despite an attempt, before there is a new one. @throws {StorageError} */
  async confirm(draft: TicketDraft, confirmed: string): Promise<void> {
    const { records, drafts, clock } = this.#deps;
    const textUntil = clock.now() + drafts.lifetimeMs;
    await records.change({ submitterId: draft.submitter.id }, {}, ({ record }) => ({
      record: confirm(record, { requestId: draft.id, message: messageOf(draft), textUntil, confirmed }),
      result: undefined,
    }));
  }
}

function againOf(known: Attempt, processId: string): Receipt {
  const isLive = known.stage.kind === 'received' || known.stage.kind === 'sending';
  return { kind: 'again', receivedAt: known.receivedAt, isOwn: known.owner === processId, isLive };
}

/** What stands against sending an attempt. Pure. */
export function duplicateOf(
  record: PersonRecord,
  attemptId: string,
  submitterId: string,
  message: MessageRecord | undefined,
  now: number,
): RelatedAttempt | undefined {
  const found = findAttempt(record, attemptId);
  if (!found) return undefined;
  const related = relatedAttempts(record, { submitterId, ...found }, message, now);
  return duplicateAmong(related, found.request.confirmed);
}

function findRequestMessage(record: PersonRecord, attemptId: string): string | undefined {
  return findAttempt(record, attemptId)?.request.message;
}

function escalationOf({ behalf, escalated }: TicketDraft): Attempt['escalated'] {
  return escalated && { url: escalated.url, authorId: escalated.author.id, behalf };
}

/** Where an attempt at a draft changes. */
export function atOf(attemptId: string, draft: TicketDraft): ChangeAt {
  return { submitterId: draft.submitter.id, attemptId, message: messageOf(draft) };
}
