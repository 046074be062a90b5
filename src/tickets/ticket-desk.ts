import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { ProcessLease } from '../process-lease.ts';
import { StorageError } from '../storage/record-store.ts';
import { AttemptChecks } from './attempt-checks.ts';
import { AttemptEndings } from './attempt-endings.ts';
import { atOf, type ReceivedAttempt } from './attempt-intake.ts';
import { AttemptStoppedError } from './attempt-stopped-error.ts';
import {
  type HelpdeskClient,
  type OpenTicketRequest,
  type OpenTicketResult,
  withoutAddresses,
} from './helpdesk-client.ts';
import type { HelpdeskQueue } from './helpdesk-queue.ts';
import type { NotSentReason, PersonRecord } from './lifecycle/person-record.ts';
import { type Ending, waitAgain } from './lifecycle/send.ts';
import type { RequestRecords } from './request-records.ts';
import type { TicketDrafts } from './ticket-drafts.ts';
import type { TicketLimits } from './ticket-limits.ts';
import { outcomeOfCall, type TicketOutcome } from './ticket-outcome.ts';
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

  async #submit(
    attempt: ReceivedAttempt,
    authority: Authority,
    onQueued?: (place: number) => void,
  ): Promise<TicketOutcome | undefined> {
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
      requester = await this.#checks.takeTurn(attempt, await isStillModerator());
      hasWaited = true;
      return this.#call(attempt, requester, async () => {
        requester = await this.#checks.lookAgain(attempt, await isStillModerator());
        return requester;
      });
    };
    const result = await queue.open(attemptCall, (place) => {
      hasWaited = true;
      onQueued?.(place);
    });
    const ended = await this.#endings.finish(attempt, endingOf(result));
    if (!ended.isOurs) return undefined;
    const { subject, product } = draft.fields;
    const { guildId, channelId } = draft.place;
    const ticket = { subject, product, account: requester.account, channelId: guildId && channelId };
    const outcome = outcomeOfCall(result, ticket, clock.now());
    return this.#endings.withOthers(outcome, ended, id, draft);
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
