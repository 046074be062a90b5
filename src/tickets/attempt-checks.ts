import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { ProcessLease } from '../process-lease.ts';
import type { AttemptEndings } from './attempt-endings.ts';
import { atOf, duplicateOf, type ReceivedAttempt } from './attempt-intake.ts';
import { AttemptStoppedError } from './attempt-stopped-error.ts';
import { asDuplicate } from './lifecycle/outcome-of.ts';
import { type Attempt, findAttempt } from './lifecycle/person-record.ts';
import { isUnderWay } from './lifecycle/related-attempts.ts';
import { finish, reserve, takeTurn } from './lifecycle/send.ts';
import type { RequestRecords } from './request-records.ts';
import type { TicketLimits } from './ticket-limits.ts';
import type { Requester, TicketRules } from './ticket-rules.ts';

export interface AttemptChecksDeps {
  readonly records: RequestRecords;
  readonly rules: TicketRules;
  readonly limits: TicketLimits;
  readonly lease: Pick<ProcessLease, 'id' | 'mayStartCalls'>;
  readonly endings: AttemptEndings;
  readonly log: Log;
  readonly clock: Clock;
}

/**
 * What is looked at before an attempt is sent. Whatever stands against it is written down as its end and thrown as an
 * `AttemptStoppedError`, so that no call can follow.
 */
export class AttemptChecks {
  readonly #deps: AttemptChecksDeps;

  constructor(deps: AttemptChecksDeps) {
    this.#deps = deps;
  }

  /** Whoever would only wait for a no hears it before the wait. @throws {AttemptStoppedError} */
  async stopIfDuplicate({ id, draft }: ReceivedAttempt): Promise<void> {
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
    log.debug({ attemptId: id, reason: 'duplicate', of: duplicate.attemptId }, 'an attempt was not sent');
    throw new AttemptStoppedError({
      kind: 'duplicate',
      of: isUnderWay(duplicate) ? { state: 'in-progress' } : asDuplicate(duplicate),
    });
  }

  /** Takes the uses of the limits before the wait. @throws {AttemptStoppedError} when one is used up. */
  async reserve(attempt: ReceivedAttempt): Promise<void> {
    const { records, limits, clock } = this.#deps;
    const { id, draft } = attempt;
    const uses = limits.refs(draft);
    const limited = await records.change(atOf(id, draft), { ...uses }, (current) => {
      const { record } = current;
      const now = clock.now();
      const taken = limits.take(draft, current, now);
      if (findAttempt(record, id) === undefined) return { record, result: undefined };
      if (taken.kind === 'limited') return { record, result: taken };
      const reserved = reserve(record, { attemptId: id, usesTakenAt: now });
      return { record: reserved, changes: taken.changes, result: undefined };
    });
    if (limited) throw new AttemptStoppedError(await this.#deps.endings.keepUnsent(attempt, limited));
  }

  /**
   * Its turn has come: everything that decides is read in the same commit that says that it is being sent.
   * @param lookedBefore For an answer: what the look before it found.
   * @throws {AttemptStoppedError} when something stands against it, or it is not this process's any more.
   */
  async takeTurn(
    attempt: ReceivedAttempt,
    isModerator: boolean,
    lookedBefore?: Attempt['lookedBefore'],
  ): Promise<Requester> {
    const { records, rules, limits, lease, clock, log } = this.#deps;
    const { id, draft } = attempt;
    await this.#stopWithoutLease(attempt);
    const uses = limits.refs(draft);
    const turn = await records.change(atOf(id, draft), { ...rules.refs(draft), ...uses }, (current) => {
      const { record, message } = current;
      const now = clock.now();
      const takenAt = findAttempt(record, id)?.attempt.usesTakenAt;
      const permission = rules.decide(draft, current, isModerator);
      const taken = takenAt === undefined ? limits.take(draft, current, now) : undefined;
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
          lookedBefore,
        },
        now,
      );
      const givenBack = takenAt !== undefined && result === 'stopped' ? limits.giveBack(draft, current, takenAt) : {};
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
    log.debug({ attemptId: id, reason }, 'an attempt was not sent when its turn came');
    throw new AttemptStoppedError(await this.#deps.endings.outcomeOf({ record: after, message }, id, draft));
  }

  /** The last look, after a login or before a repeat with a new session. @throws {AttemptStoppedError} */
  async lookAgain(attempt: ReceivedAttempt, isModerator: boolean): Promise<Requester> {
    await this.#stopWithoutLease(attempt);
    const permission = await this.#deps.rules.look(attempt.draft, isModerator);
    if (permission.kind === 'allowed') return permission.requester;
    throw new AttemptStoppedError(await this.#deps.endings.keepUnsent(attempt, permission.reason));
  }

  /** Others may have taken this process for gone, and told people that nothing was sent. @throws {AttemptStoppedError} */
  async #stopWithoutLease(attempt: ReceivedAttempt): Promise<void> {
    if (this.#deps.lease.mayStartCalls) return;
    this.#deps.log.warn({ attemptId: attempt.id }, 'an attempt was not sent, because this process has lost its lease');
    throw new AttemptStoppedError(await this.#deps.endings.keepUnsent(attempt, { kind: 'interrupted' }));
  }
}
