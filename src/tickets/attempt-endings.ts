import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { StorageError } from '../storage/record-store.ts';
import { atOf, type ReceivedAttempt } from './attempt-intake.ts';
import type { AdoptedAttempt } from './attempt-recovery.ts';
import { draftWords } from './draft-words.ts';
import { saysHelpdeskFails } from './helpdesk-failures.ts';
import { notify } from './lifecycle/deliver.ts';
import type { MessageRecord } from './lifecycle/message-record.ts';
import { outcomeOf, withOthers } from './lifecycle/outcome-of.ts';
import { abandon } from './lifecycle/ownership.ts';
import { findAttempt, type NotSentReason, type PersonRecord } from './lifecycle/person-record.ts';
import { type Ending, finish } from './lifecycle/send.ts';
import { notificationOf } from './notifications.ts';
import type { NewlyOpened, OpenedTickets, Watching } from './opened/opened-tickets.ts';
import type { Current, RequestRecords } from './request-records.ts';
import { messageOf, type TicketDraft, type TicketDrafts } from './ticket-drafts.ts';
import type { TicketLimits } from './ticket-limits.ts';
import { notSent, type TicketOutcome } from './ticket-outcome.ts';

export interface AttemptEndingsDeps {
  readonly records: RequestRecords;
  readonly drafts: TicketDrafts;
  readonly limits: TicketLimits;
  readonly opened: OpenedTickets;
  readonly digestKey: Buffer;
  readonly log: Log;
  readonly clock: Clock;
}

/** What is known after a change. */
interface Known {
  readonly record: PersonRecord | undefined;
  readonly message: MessageRecord | undefined;
}

/** What is known after an attempt has ended. */
interface Ended extends Known {
  /** False when another process has taken the attempt over. */
  readonly isOurs: boolean;
  /** Whether whoever holds the new ticket is told when it changes. */
  readonly watching?: Watching;
}

/** Writes down what attempts came to, and says what their people are told of it. */
export class AttemptEndings {
  readonly #deps: AttemptEndingsDeps;

  constructor(deps: AttemptEndingsDeps) {
    this.#deps = deps;
  }

  /**
   * Writes down what an attempt came to, with all that follows: the text of a ticket goes, uses are given back, an author in
   * whose name it was is told, and whoever holds the account finds it among their tickets. Never rejects for a store that fails.
   * @param openedFor The address for which a new ticket was opened.
   */
  async finish(
    { id, draft }: Pick<ReceivedAttempt, 'id' | 'draft'>,
    ending: Ending,
    openedFor?: string,
  ): Promise<Ended> {
    const { records, drafts, limits, opened, clock } = this.#deps;
    const submitterId = draft.submitter.id;
    const authorId = draft.behalf === 'author' ? draft.escalated?.author.id : undefined;
    const uses = limits.refs(draft);
    const holderId = openedFor === undefined && !draft.answers ? undefined : opened.holderOf(draft);
    const tickets = holderId === undefined ? undefined : opened.refs(holderId);
    const link = holderId === undefined ? undefined : opened.linkAt(holderId);
    const refs = { ...uses, link, text: drafts.at(submitterId, draft.id), opened: tickets?.opened, due: tickets?.due };
    const event = { attemptId: id, ending, givesUsesBack: !countsForLimits(ending) };
    let ended: Ended | undefined;
    const decide = (current: Current<typeof refs>) => {
      const { record, message, text } = current;
      const now = clock.now();
      const attempt = findAttempt(record, id)?.attempt;
      const takenAt = attempt?.usesTakenAt;
      // Whoever had everything erased in the middle of the call leaves nothing behind.
      const isErased = attempt?.erased === true && holderId === submitterId;
      const { record: finished, isWritten } = finish(record, event, now);
      const isOurs = isWritten || findAttempt(record, id) === undefined;
      const watching = openedFor === undefined ? 'never' : opened.watchingFor(current.opened, openedFor, current.link);
      ended = { record: finished, message, isOurs, watching };
      if (!isWritten) return { record, result: undefined };
      const notification = authorId === undefined ? undefined : notificationOf(ending, draft);
      const isOwnMessage = authorId === submitterId;
      return {
        record: notification && isOwnMessage ? notify(finished, id, notification, now) : finished,
        other: notification && !isOwnMessage ? notify(current.other, id, notification, now) : undefined,
        changes: {
          ...(ending.kind === 'opened' && { text: drafts.sent(text, draft) }),
          ...(ending.kind === 'opened' &&
            holderId !== undefined &&
            !isErased &&
            opened.changes(
              openedFor === undefined
                ? opened.withAnswer(current.opened, draft.answers?.ticketId)
                : opened.withOpened(current.opened, openedTicketOf({ id, draft }, ending, openedFor), holderId),
              current.due,
            )),
          ...(event.givesUsesBack && takenAt !== undefined && limits.giveBack(draft, current, takenAt)),
        },
        result: undefined,
      };
    };
    await records.state(
      { ...atOf(id, draft), otherId: authorId },
      refs,
      decide,
      (record) => finish(record, event, clock.now()).record,
    );
    return ended ?? { record: undefined, message: undefined, isOurs: true };
  }

  /** Ends an attempt without sending it. @returns What is told, with what is known of other attempts at the same. */
  async keepUnsent({ id, draft }: ReceivedAttempt, reason: NotSentReason): Promise<TicketOutcome | undefined> {
    const ended = await this.finish({ id, draft }, { kind: 'not-sent', reason });
    if (!ended.isOurs) return undefined;
    if (reason.kind === 'duplicate' || reason.kind === 'answered-elsewhere') return this.outcomeOf(ended, id, draft);
    this.#deps.log.debug({ attemptId: id, reason: reason.kind }, 'an attempt was not sent');
    return this.withOthers(notSent(reason), ended, id, draft);
  }

  /**
   * Writes down that a doubtful answer is in its ticket. Its text goes, unless another one was saved in its place meanwhile. Never
   * rejects for a store that fails.
   */
  async settled({
    submitterId,
    draftId,
    answers = '',
    attempt: { id, words, lookedBefore },
  }: AdoptedAttempt): Promise<void> {
    const { records, drafts, opened, digestKey, clock } = this.#deps;
    const ending: Ending = answers === '' ? { kind: 'opened' } : { kind: 'opened', reference: answers };
    const event = { attemptId: id, ending, givesUsesBack: false };
    const refs = { text: drafts.at(submitterId, draftId), ...opened.refs(submitterId) };
    const decide = (current: Current<typeof refs>) => {
      const { record, isWritten } = finish(current.record, event, clock.now());
      if (!isWritten) return { record: current.record, result: undefined };
      const isSent = current.text && draftWords(current.text, digestKey) === words;
      return {
        record,
        changes: {
          ...(isSent && { text: 'remove' as const }),
          ...(current.opened && opened.changes(opened.withAnswer(current.opened, lookedBefore?.ticketId), current.due)),
        },
        result: undefined,
      };
    };
    const apply = (record: PersonRecord) => finish(record, event, clock.now()).record;
    await records.state({ submitterId, attemptId: id }, refs, decide, apply);
  }

  /** What is true of a doubtful answer after the looks, which take minutes. Never rejects for a store that fails. */
  async asOfNow({ id, draft }: ReceivedAttempt, outcome: TicketOutcome): Promise<TicketOutcome> {
    const { records, drafts, log } = this.#deps;
    const submitterId = draft.submitter.id;
    try {
      const [record, text] = await Promise.all([records.find(submitterId), drafts.find(submitterId, draft.id)]);
      const attempt = findAttempt(record, id)?.attempt;
      // The person had everything about them erased meanwhile, the text included.
      if (!attempt) return outcome.kind === 'unconfirmed' ? { ...outcome, isTextGone: true } : outcome;
      const hasText = text !== undefined && !attempt.erased;
      return outcomeOf(record, id, { ...this.#context(draft, undefined), hasText });
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      log.error({ error, attemptId: id }, 'what became of an answer meanwhile could not be looked up');
      return outcome;
    }
  }

  /** After an error that nobody expected: nobody works on the attempt any more. */
  async abandon({ id, draft }: ReceivedAttempt): Promise<void> {
    const { records, clock } = this.#deps;
    const apply = (record: PersonRecord) => abandon(record, id, clock.now());
    await records.state(atOf(id, draft), {}, ({ record }) => ({ record: apply(record), result: undefined }), apply);
  }

  /** An outcome with what is known of other attempts at the same. Never rejects for a store that fails. */
  async withOthers(outcome: TicketOutcome, known: Known, id: string, draft: TicketDraft): Promise<TicketOutcome> {
    if (outcome.kind === 'opened') return outcome;
    const { log } = this.#deps;
    try {
      const { record, message } = await this.#known(known, draft);
      if (!findAttempt(record, id)) {
        // The person had everything about them erased meanwhile, the text included.
        return outcome.kind === 'unconfirmed' ? { ...outcome, isTextGone: true } : { kind: 'gone' };
      }
      if (findAttempt(record, id)?.attempt.erased && outcome.kind === 'unconfirmed')
        return { ...outcome, isTextGone: true };
      return withOthers(outcome, record, id, this.#context(draft, message));
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      log.error({ error, attemptId: id }, 'what became of other attempts could not be looked up');
      return outcome.kind === 'unconfirmed' ? outcome : { ...outcome, earlier: { state: 'unknown' } };
    }
  }

  /** What is true of an attempt by now. @throws {StorageError} */
  async outcomeOf(known: Known, id: string, draft: TicketDraft): Promise<TicketOutcome> {
    const { record, message } = await this.#known(known, draft);
    return outcomeOf(record, id, this.#context(draft, message));
  }

  async #known({ record, message }: Known, draft: TicketDraft) {
    if (record) return { record, message };
    const { records } = this.#deps;
    return {
      record: await records.find(draft.submitter.id),
      message: await records.findMessage(messageOf(draft)),
    };
  }

  #context(draft: TicketDraft, message: MessageRecord | undefined) {
    return { submitterId: draft.submitter.id, message, hasText: true, now: this.#deps.clock.now() };
  }
}

function openedTicketOf(
  { id, draft }: Pick<ReceivedAttempt, 'id' | 'draft'>,
  { reference }: Extract<Ending, { kind: 'opened' }>,
  email: string,
): NewlyOpened {
  const moderatorId = draft.behalf === 'author' ? draft.submitter.id : undefined;
  return { id, reference, subject: draft.fields.subject, email, moderatorId };
}

/**
 * A doubt counts where it may be the answer to the person's own text. A helpdesk that fails is not their fault, and the circuit
 * breaker bounds how often it is asked; whoever changes a text until a firewall lets it through has opened nothing.
 */
function countsForLimits(ending: Ending): boolean {
  switch (ending.kind) {
    case 'opened':
      return true;
    case 'unconfirmed':
      return ending.cause === undefined || (ending.cause !== 'firewall' && !saysHelpdeskFails(ending.cause));
    case 'refused':
    case 'unreachable':
    case 'not-sent':
      return false;
  }
}
