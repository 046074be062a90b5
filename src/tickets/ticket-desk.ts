import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { ProcessLease } from '../process-lease.ts';
import { StorageError } from '../storage/record-store.ts';
import { atOf, duplicateOf, type ReceivedAttempt } from './attempt-intake.ts';
import { AttemptStoppedError } from './attempt-stopped-error.ts';
import {
  type HelpdeskClient,
  type OpenTicketRequest,
  type OpenTicketResult,
  withoutAddresses,
} from './helpdesk-client.ts';
import type { HelpdeskQueue } from './helpdesk-queue.ts';
import type { MessageRecord } from './lifecycle/message-record.ts';
import { asDuplicate, outcomeOf, withOthers } from './lifecycle/outcome-of.ts';
import { findAttempt, type NotSentReason, type PersonRecord } from './lifecycle/person-record.ts';
import { isUnderWay } from './lifecycle/related-attempts.ts';
import { abandon, type Ending, finish, notify, reserve, takeTurn, waitAgain } from './lifecycle/transitions.ts';
import { notificationOf } from './notifications.ts';
import type { Current, RequestRecords } from './request-records.ts';
import { messageOf, type TicketDraft, type TicketDrafts } from './ticket-drafts.ts';
import type { TicketLimits } from './ticket-limits.ts';
import { notSent, outcomeOfCall, type TicketOutcome } from './ticket-outcome.ts';
import { bodyWithOrigin } from './ticket-request.ts';
import { type Authority, isModeratorFor, needsModerator, type Requester, type TicketRules } from './ticket-rules.ts';

export interface TicketDeskDeps {
  readonly records: RequestRecords;
  readonly drafts: TicketDrafts;
  readonly rules: TicketRules;
  readonly limits: TicketLimits;
  readonly lease: Pick<ProcessLease, 'id' | 'mayStartCalls'>;
  readonly helpdesk: Pick<HelpdeskClient, 'openTicket'>;
  readonly queue: HelpdeskQueue;
  readonly log: Log;
  readonly clock: Clock;
}

/**
 * Where a received attempt becomes at most one ticket. Each step is one change of the records (lifecycle/transitions.ts), so it holds
 * for every process on the store; nothing about an attempt is known to memory alone.
 */
export class TicketDesk {
  readonly #deps: TicketDeskDeps;

  constructor(deps: TicketDeskDeps) {
    this.#deps = deps;
  }

  /**
   * Makes at most one ticket of a received attempt. A store that fails before the call makes it `interrupted`; after the
   * call nothing hides what the helpdesk said.
   * @param onQueued Told the place in the line when the helpdesk is busy.
   * @returns What became of it; undefined when another process has taken it over and tells its person.
   */
  async submit(
    attempt: ReceivedAttempt,
    authority: Authority,
    onQueued?: (place: number) => void,
  ): Promise<TicketOutcome | undefined> {
    try {
      return await this.#submit(attempt, authority, onQueued);
    } catch (error) {
      if (error instanceof AttemptStoppedError) return error.outcome;
      if (!(error instanceof StorageError)) {
        await this.#abandon(attempt);
        throw error;
      }
      this.#deps.log.error({ error, attemptId: attempt.id }, 'an attempt was not sent, because the store failed');
      return this.keepUnsent(attempt, { kind: 'interrupted' });
    }
  }

  /** After an error that nobody expected: nobody works on the attempt any more. */
  async #abandon({ id, draft }: ReceivedAttempt): Promise<void> {
    const { records, clock } = this.#deps;
    const apply = (record: PersonRecord) => abandon(record, id, clock.now());
    await records.state(atOf(id, draft), {}, ({ record }) => ({ record: apply(record), result: undefined }), apply);
  }

  /** Ends an attempt without sending it. @returns What is told, with what is known of other attempts at the same. */
  async keepUnsent({ id, draft }: ReceivedAttempt, reason: NotSentReason): Promise<TicketOutcome | undefined> {
    const ended = await this.#finish({ id, draft }, { kind: 'not-sent', reason });
    if (!ended.isOurs) return undefined;
    if (reason.kind === 'duplicate' || reason.kind === 'answered-elsewhere') return this.#outcomeOf(ended, id, draft);
    this.#deps.log.info({ attemptId: id, reason: reason.kind }, 'an attempt was not sent');
    return this.#withOthers(notSent(reason), ended, id, draft);
  }

  async #submit(
    attempt: ReceivedAttempt,
    authority: Authority,
    onQueued?: (place: number) => void,
  ): Promise<TicketOutcome | undefined> {
    const { queue, rules, clock } = this.#deps;
    const { id, draft } = attempt;
    const permission = await rules.look(draft, isModeratorFor(authority, draft));
    if (permission.kind === 'stopped') return this.keepUnsent(attempt, permission.reason);
    if (attempt.hasDuplicate) await this.#stopIfDuplicate(attempt);
    // Whoever has to wait hears before that when a limit is used up.
    if (queue.isBusy && !queue.isClosed) await this.#reserve(attempt);

    let { requester } = permission;
    let hasWaited = false;
    const isStillModerator = async () => {
      if (!hasWaited || !needsModerator(draft)) return isModeratorFor(authority, draft);
      return (await authority.isStillModerator?.()) !== false && isModeratorFor(authority, draft);
    };
    const attemptCall = async (): Promise<OpenTicketResult> => {
      requester = await this.#takeTurn(attempt, await isStillModerator());
      hasWaited = true;
      return this.#call(attempt, requester, async () => {
        requester = await this.#lookAgain(attempt, await isStillModerator());
        return requester;
      });
    };
    const result = await queue.open(attemptCall, (place) => {
      hasWaited = true;
      onQueued?.(place);
    });
    const ended = await this.#finish(attempt, endingOf(result));
    if (!ended.isOurs) return undefined;
    const { subject, product } = draft.fields;
    const outcome = outcomeOfCall(result, { subject, product, account: requester.account }, clock.now());
    return this.#withOthers(outcome, ended, id, draft);
  }

  /** One call. What came to nothing for certain is written down at once: the queue may make another one. */
  async #call(
    { id, draft }: ReceivedAttempt,
    { email }: Requester,
    lookAgain: () => Promise<Requester>,
  ): Promise<OpenTicketResult> {
    const { helpdesk, records, lease, clock } = this.#deps;
    const { subject, product, body } = draft.fields;
    const request: OpenTicketRequest = {
      requesterEmail: email,
      subject,
      product,
      body: bodyWithOrigin(body, draft.submitter, draft.place, draft.escalated),
    };
    const result = withoutAddresses(
      await helpdesk.openTicket(request, async () => ({ ...request, requesterEmail: (await lookAgain()).email })),
    );
    if (result.kind === 'unreachable') {
      const apply = (record: PersonRecord) => waitAgain(record, id, lease.id, clock.now());
      await records.state(atOf(id, draft), {}, ({ record }) => ({ record: apply(record), result: undefined }), apply);
    }
    return result;
  }

  /**
   * Its turn has come: everything that decides is read in the same commit that says that it is being sent.
   * @throws {AttemptStoppedError} when something stands against it, or it is not this process's any more.
   */
  async #takeTurn(attempt: ReceivedAttempt, isModerator: boolean): Promise<Requester> {
    const { records, rules, limits, lease, clock, log } = this.#deps;
    const { id, draft } = attempt;
    await this.#stopWithoutLease(attempt);
    const uses = limits.refs(draft);
    const turn = await records.change(atOf(id, draft), { ...rules.refs(draft), ...uses }, (current) => {
      const { record, message } = current;
      const now = clock.now();
      const takenAt = findAttempt(record, id)?.attempt.usesTakenAt;
      const permission = rules.decide(draft, current, isModerator);
      const taken = takenAt === undefined ? limits.take(uses, current, now) : undefined;
      const { record: after, result } = takeTurn(
        record,
        message,
        {
          attemptId: id,
          submitterId: draft.submitter.id,
          owner: lease.id,
          rule: permission.kind === 'stopped' ? permission.reason : undefined,
          limit: taken?.kind === 'limited' ? taken : undefined,
          usesTakenAt: taken?.kind === 'taken' ? now : undefined,
        },
        now,
      );
      const givenBack = takenAt !== undefined && result === 'stopped' ? limits.giveBack(current, takenAt) : {};
      const changes = result === 'send' && taken?.kind === 'taken' ? taken.changes : givenBack;
      return { record: after, changes, result: { result, after, message, permission } };
    });
    if (turn.result === 'send' && turn.permission.kind === 'allowed') return turn.permission.requester;
    const { after, message } = turn;
    if (turn.result === 'lost') {
      // Its person had everything erased, or another process took it for interrupted and has told them.
      throw new AttemptStoppedError(findAttempt(after, id) ? undefined : { kind: 'gone' });
    }
    const stage = findAttempt(after, id)?.attempt.stage;
    const reason = stage?.kind === 'not-sent' ? stage.reason.kind : undefined;
    log.info({ attemptId: id, reason }, 'an attempt was not sent when its turn came');
    throw new AttemptStoppedError(await this.#outcomeOf({ record: after, message }, id, draft));
  }

  /** Takes the uses of the limits before the wait. @throws {AttemptStoppedError} when one is used up. */
  async #reserve(attempt: ReceivedAttempt): Promise<void> {
    const { records, limits, clock } = this.#deps;
    const { id, draft } = attempt;
    const uses = limits.refs(draft);
    const limited = await records.change(atOf(id, draft), { ...uses }, (current) => {
      const { record } = current;
      const now = clock.now();
      const taken = limits.take(uses, current, now);
      if (findAttempt(record, id) === undefined) return { record, result: undefined };
      if (taken.kind === 'limited') return { record, result: taken };
      const reserved = reserve(record, { attemptId: id, usesTakenAt: now });
      return { record: reserved, changes: taken.changes, result: undefined };
    });
    if (limited) throw new AttemptStoppedError(await this.keepUnsent(attempt, limited));
  }

  /** The last look, after a login or before a repeat with a new session. @throws {AttemptStoppedError} */
  async #lookAgain(attempt: ReceivedAttempt, isModerator: boolean): Promise<Requester> {
    await this.#stopWithoutLease(attempt);
    const permission = await this.#deps.rules.look(attempt.draft, isModerator);
    if (permission.kind === 'allowed') return permission.requester;
    throw new AttemptStoppedError(await this.keepUnsent(attempt, permission.reason));
  }

  /** Others may have taken this process for gone, and told people that nothing was sent. @throws {AttemptStoppedError} */
  async #stopWithoutLease(attempt: ReceivedAttempt): Promise<void> {
    if (this.#deps.lease.mayStartCalls) return;
    this.#deps.log.warn({ attemptId: attempt.id }, 'an attempt was not sent, because this process has lost its lease');
    throw new AttemptStoppedError(await this.keepUnsent(attempt, { kind: 'interrupted' }));
  }

  /** Whoever would only wait for a no hears it before the wait. @throws {AttemptStoppedError} */
  async #stopIfDuplicate({ id, draft }: ReceivedAttempt): Promise<void> {
    const { records, clock, log } = this.#deps;
    const submitterId = draft.submitter.id;
    const duplicate = await records.change(atOf(id, draft), {}, ({ record, message }) => {
      const now = clock.now();
      const found = duplicateOf(record, id, submitterId, message, now);
      if (!found) return { record, result: undefined };
      const ending = { kind: 'not-sent', reason: { kind: 'duplicate', of: found.attemptId } } as const;
      return { record: finish(record, { attemptId: id, ending, givesUsesBack: false }, now).record, result: found };
    });
    if (!duplicate) return;
    log.info({ attemptId: id, reason: 'duplicate', of: duplicate.attemptId }, 'an attempt was not sent');
    throw new AttemptStoppedError({
      kind: 'duplicate',
      of: isUnderWay(duplicate) ? { state: 'in-progress' } : asDuplicate(duplicate),
    });
  }

  /**
   * Writes down what an attempt came to, with all that follows: the text of a ticket goes, uses are given back, an author in
   * whose name it was is told. Never rejects for a store that fails.
   */
  async #finish({ id, draft }: Pick<ReceivedAttempt, 'id' | 'draft'>, ending: Ending): Promise<Ended> {
    const { records, drafts, limits, clock } = this.#deps;
    const submitterId = draft.submitter.id;
    const authorId = draft.behalf === 'author' ? draft.escalated?.author.id : undefined;
    const uses = limits.refs(draft);
    const refs = { ...uses, text: drafts.at(submitterId, draft.id) };
    const event = { attemptId: id, ending, givesUsesBack: !countsForLimits(ending) };
    let ended: Ended | undefined;
    const decide = (current: Current<typeof refs>) => {
      const { record, message, text } = current;
      const now = clock.now();
      const takenAt = findAttempt(record, id)?.attempt.usesTakenAt;
      const { record: finished, isWritten } = finish(record, event, now);
      ended = { record: finished, message, isOurs: isWritten || findAttempt(record, id) === undefined };
      if (!isWritten) return { record, result: undefined };
      const notification = authorId === undefined ? undefined : notificationOf(ending, draft);
      const isOwnMessage = authorId === submitterId;
      return {
        record: notification && isOwnMessage ? notify(finished, id, notification, now) : finished,
        other: notification && !isOwnMessage ? notify(current.other, id, notification, now) : undefined,
        changes: {
          ...(ending.kind === 'opened' && { text: drafts.sent(text, draft) }),
          ...(event.givesUsesBack && takenAt !== undefined && limits.giveBack(current, takenAt)),
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

  async #withOthers(outcome: TicketOutcome, known: Known, id: string, draft: TicketDraft): Promise<TicketOutcome> {
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

  async #outcomeOf(known: Known, id: string, draft: TicketDraft): Promise<TicketOutcome> {
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

/** What is known after a change. */
interface Known {
  readonly record: PersonRecord | undefined;
  readonly message: MessageRecord | undefined;
}
interface Ended extends Known {
  /** False when another process has taken the attempt over. */
  readonly isOurs: boolean;
}

function endingOf(result: OpenTicketResult): Ending {
  switch (result.kind) {
    case 'opened':
      return result.reference === undefined ? { kind: 'opened' } : { kind: 'opened', reference: result.reference };
    case 'refused':
      return { kind: 'refused', reason: result.reason };
    case 'unreachable':
      if (result.cause.kind === 'closed') return { kind: 'not-sent', reason: { kind: 'interrupted' } };
      return { kind: 'unreachable', cause: result.cause.kind };
    case 'unconfirmed':
      return { kind: 'unconfirmed', cause: result.cause.kind };
  }
}

/** Whoever changes a text until a firewall lets it through must not read that they have opened too many tickets. */
function countsForLimits(ending: Ending): boolean {
  switch (ending.kind) {
    case 'opened':
      return true;
    case 'unconfirmed':
      return ending.cause !== 'firewall';
    case 'refused':
    case 'unreachable':
    case 'not-sent':
      return false;
  }
}
