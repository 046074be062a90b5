import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { ProcessLease } from '../process-lease.ts';
import { StorageError } from '../storage/record-store.ts';
import type { Settled, TicketAnswers } from './answers/ticket-answers.ts';
import { AttemptChecks } from './attempt-checks.ts';
import { AttemptEndings } from './attempt-endings.ts';
import { atOf, type ReceivedAttempt } from './attempt-intake.ts';
import type { AdoptedAttempt } from './attempt-recovery.ts';
import { AttemptStoppedError } from './attempt-stopped-error.ts';
import {
  type HelpdeskClient,
  type OpenTicketRequest,
  type OpenTicketResult,
  withoutAddresses,
} from './helpdesk-client.ts';
import type { HelpdeskQueue } from './helpdesk-queue.ts';
import { findAttempt, type NotSentReason, type PersonRecord } from './lifecycle/person-record.ts';
import { type Ending, waitAgain } from './lifecycle/send.ts';
import type { OpenedTickets } from './opened/opened-tickets.ts';
import type { RequestRecords } from './request-records.ts';
import type { TicketDraft, TicketDrafts } from './ticket-drafts.ts';
import { bodyForStaff } from './ticket-fields.ts';
import type { TicketLimits } from './ticket-limits.ts';
import { outcomeOfCall, type TicketOutcome } from './ticket-outcome.ts';
import { bodyWithOrigin } from './ticket-request.ts';
import { type Authority, isModeratorFor, needsModerator, type Requester, type TicketRules } from './ticket-rules.ts';

export interface TicketDeskDeps {
  readonly records: RequestRecords;
  readonly drafts: TicketDrafts;
  readonly rules: TicketRules;
  readonly limits: TicketLimits;
  readonly opened: OpenedTickets;
  readonly answers: TicketAnswers;
  readonly lease: Pick<ProcessLease, 'id' | 'mayStartCalls'>;
  readonly helpdesk: Pick<HelpdeskClient, 'openTicket'>;
  readonly queue: HelpdeskQueue;
  readonly digestKey: Buffer;
  readonly log: Log;
  readonly clock: Clock;
}

/** What a person waits for: their turn (1 is next), or for the looks that settle a doubt. */
export type Wait = { readonly kind: 'queued'; readonly place: number } | { readonly kind: 'looking' };
type OnWait = (wait: Wait) => void;

/**
 * Where a received attempt becomes at most one ticket. Each step is one change of the records (`lifecycle/`), so it holds
 * for every process on the store; nothing about an attempt is known to memory alone.
 */
export class TicketDesk {
  readonly #deps: TicketDeskDeps;
  readonly #endings: AttemptEndings;
  readonly #checks: AttemptChecks;

  constructor(deps: TicketDeskDeps) {
    this.#deps = deps;
    this.#endings = new AttemptEndings(deps);
    this.#checks = new AttemptChecks({ ...deps, endings: this.#endings });
  }

  /**
   * Makes at most one ticket of a received attempt. A store that fails before the call makes it `interrupted`; after the
   * call nothing hides what the helpdesk said.
   * @param onWait Told when it takes longer, and why.
   * @returns What became of it; undefined when another process has taken it over, or will, and tells its person.
   */
  async submit(attempt: ReceivedAttempt, authority: Authority, onWait?: OnWait): Promise<TicketOutcome | undefined> {
    const outcome = await this.#submitOrStop(attempt, authority, onWait);
    const { answers } = attempt.draft;
    return outcome && answers ? { ...outcome, answers: answers.reference ?? '' } : outcome;
  }

  async #submitOrStop(
    attempt: ReceivedAttempt,
    authority: Authority,
    onWait?: OnWait,
  ): Promise<TicketOutcome | undefined> {
    try {
      return await this.#submit(attempt, authority, onWait);
    } catch (error) {
      if (error instanceof AttemptStoppedError) return error.outcome;
      if (!(error instanceof StorageError)) {
        await this.#endings.abandon(attempt);
        throw error;
      }
      this.#deps.log.error({ error, attemptId: attempt.id }, 'an attempt was not sent, because the store failed');
      return this.#endings.keepUnsent(attempt, { kind: 'interrupted' });
    }
  }

  /** Ends an attempt without sending it. @returns What is told, with what is known of other attempts at the same. */
  keepUnsent(attempt: ReceivedAttempt, reason: NotSentReason): Promise<TicketOutcome | undefined> {
    return this.#endings.keepUnsent(attempt, reason);
  }

  async #submit(attempt: ReceivedAttempt, authority: Authority, onWait?: OnWait): Promise<TicketOutcome | undefined> {
    const { queue, rules, clock } = this.#deps;
    const { id, draft } = attempt;
    const permission = await rules.look(draft, isModeratorFor(authority, draft));
    if (permission.kind === 'stopped') return this.#endings.keepUnsent(attempt, permission.reason);
    if (attempt.hasDuplicate) await this.#checks.stopIfDuplicate(attempt);
    // Whoever has to wait hears before that when a limit is used up.
    if (queue.isBusy && !queue.isClosed) await this.#checks.reserve(attempt);

    let { requester } = permission;
    let hasWaited = false;
    const isStillModerator = async () => {
      if (!hasWaited || !needsModerator(draft)) return isModeratorFor(authority, draft);
      return (await authority.isStillModerator?.()) !== false && isModeratorFor(authority, draft);
    };
    const attemptCall = async (): Promise<OpenTicketResult> => {
      const before = draft.answers && (await this.#deps.answers.lookBefore(draft));
      if (before?.kind === 'unreachable') return before;
      if (before?.kind === 'stopped')
        throw new AttemptStoppedError(await this.#endings.keepUnsent(attempt, before.reason));
      requester = await this.#checks.takeTurn(attempt, await isStillModerator(), before?.lookedBefore);
      hasWaited = true;
      return this.#call(attempt, requester, async () => {
        requester = await this.#checks.lookAgain(attempt, await isStillModerator());
        return requester;
      });
    };
    const result = await queue.run(attemptCall, {
      what: draft.answers ? 'answer' : 'ticket',
      onQueued() {
        hasWaited = true;
      },
      onLongWait: (place) => onWait?.({ kind: 'queued', place }),
    });
    const openedFor = draft.answers ? undefined : requester.email;
    const ended = await this.#endings.finish(attempt, endingOf(result), openedFor);
    if (!ended.isOurs) return undefined;
    const { subject, product } = draft.fields;
    const { guildId, channelId } = draft.place;
    const place = { channelId: guildId && channelId };
    const ticket = { subject, product, account: requester.account, ...place, watching: ended.watching };
    const outcome = outcomeOfCall(result, ticket, clock.now());
    if (!draft.answers || outcome.kind !== 'unconfirmed') return this.#endings.withOthers(outcome, ended, id, draft);
    onWait?.({ kind: 'looking' });
    switch (await this.#settleOwn(attempt)) {
      case 'stopped':
        return undefined;
      case 'posted':
        return { kind: 'opened', reference: requester.answers, ticket };
      case 'not-known':
        return this.#endings.asOfNow(attempt, outcome);
    }
  }

  /**
   * Looks whether a doubtful answer was posted, and writes down that it was: of this process, or of one that is gone. Its text may
   * be another one by now, or gone. Never rejects for a store that fails.
   * @returns `stopped` when this process stops before that is known: the next one goes on.
   */
  async settle(adopted: AdoptedAttempt): Promise<Settled> {
    const settled = await this.#deps.answers.settle(adopted.submitterId, adopted.attempt);
    if (settled === 'posted') await this.#endings.settled(adopted);
    return settled;
  }

  async #settleOwn({ id, draft }: ReceivedAttempt): Promise<Settled> {
    const submitterId = draft.submitter.id;
    try {
      const found = findAttempt(await this.#deps.records.find(submitterId), id);
      if (!found) return 'not-known';
      const { attempt, request } = found;
      return await this.settle({ submitterId, draftId: draft.id, answers: request.answers, attempt });
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#deps.log.error({ error, attemptId: id }, 'whether an answer was posted could not be looked up');
      return 'not-known';
    }
  }

  /** One call. What came to nothing for certain is written down at once: the queue may make another one. */
  async #call(
    { id, draft }: ReceivedAttempt,
    requester: Requester,
    lookAgain: () => Promise<Requester>,
  ): Promise<OpenTicketResult> {
    const { records, lease, clock } = this.#deps;
    const result = withoutAddresses(await this.#send(draft, requester, lookAgain));
    if (result.kind === 'unreachable') {
      const apply = (record: PersonRecord) => waitAgain(record, id, lease.id, clock.now());
      await records.state(atOf(id, draft), {}, ({ record }) => ({ record: apply(record), result: undefined }), apply);
    }
    return result;
  }

  #send(draft: TicketDraft, requester: Requester, lookAgain: () => Promise<Requester>): Promise<OpenTicketResult> {
    const { helpdesk, answers } = this.#deps;
    if (requester.answers !== undefined) {
      return answers.post(requester.answers, draft, async () => void (await lookAgain()));
    }
    const { subject, product } = draft.fields;
    const body = bodyForStaff(draft.fields);
    const request: OpenTicketRequest = {
      requesterEmail: requester.email,
      subject,
      product,
      body: bodyWithOrigin(body, draft.submitter, draft.place, draft.escalated),
    };
    return helpdesk.openTicket(request, async () => ({ ...request, requesterEmail: (await lookAgain()).email }));
  }
}

function endingOf(result: OpenTicketResult): Ending {
  switch (result.kind) {
    case 'opened':
      return result.reference === undefined ? { kind: 'opened' } : { kind: 'opened', reference: result.reference };
    case 'refused':
      return { kind: 'refused', reason: result.reason, ...(result.about && { about: result.about }) };
    case 'unreachable':
      if (result.cause.kind === 'closed') return { kind: 'not-sent', reason: { kind: 'interrupted' } };
      return { kind: 'unreachable', cause: result.cause.kind };
    case 'unconfirmed':
      return { kind: 'unconfirmed', cause: result.cause.kind };
  }
}
