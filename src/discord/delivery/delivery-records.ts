import type { Clock } from '../../clock.ts';
import type { Metrics } from '../../metrics.ts';
import type { ProcessLease } from '../../process-lease.ts';
import { claim, deliver, isWaiting, leaveForNextCommand } from '../../tickets/lifecycle/deliver.ts';
import type { PersonRecord } from '../../tickets/lifecycle/person-record.ts';
import type { RequestRecords } from '../../tickets/request-records.ts';
import type { ReplyEdits } from '../reply-edits.ts';
import type { Told, ToldAttempt } from './outcome-telling.ts';

export interface DeliveryRecordsDeps {
  readonly records: RequestRecords;
  readonly lease: Pick<ProcessLease, 'id' | 'isGone'>;
  readonly metrics: Metrics;
  /** Knows of edits without an answer, which Discord may still make over newer ones. */
  readonly edits?: Pick<ReplyEdits, 'inDoubt'>;
  readonly clock: Clock;
}

/** Who tells an outcome, and whether its person has it: in the store, so that of all processes one tells it, once. */
export class DeliveryRecords {
  readonly #deps: DeliveryRecordsDeps;

  constructor(deps: DeliveryRecordsDeps) {
    this.#deps = deps;
  }

  /** The attempts of a person of which nobody is telling what became, oldest first. */
  waitingIn(record: PersonRecord): string[] {
    return record.requests
      .flatMap(({ attempts }) => attempts)
      .filter((attempt) => isWaiting(attempt, this.#deps.lease.isGone))
      .sort((one, other) => one.sequence - other.sequence)
      .map(({ id }) => id);
  }

  /**
   * Of these attempts, those that this process may tell: `settle` or `leave` has to follow for each. Writes nothing for none.
   * @throws {StorageError} Then none of them is this process's to tell.
   */
  async claim(submitterId: string, attemptIds: readonly string[]): Promise<readonly string[]> {
    if (attemptIds.length === 0) return [];
    const { records, lease } = this.#deps;
    try {
      return await records.change({ submitterId }, {}, ({ record }) =>
        claim(record, { attemptIds, owner: lease.id, isGone: lease.isGone }),
      );
    } catch (error) {
      // The store may have taken it all the same, and then nobody else would tell them.
      for (const id of attemptIds) await this.leave({ submitterId, id });
      throw error;
    }
  }

  /**
   * Writes down that the person has read it, or that it waits for their next command. What the store does not take is written
   * later, and changes nothing of what they have read.
   * @param token Of the reply in which they have read it.
   */
  async settle(attempt: ToldAttempt, told: Told, isDelivered: boolean, token: string | undefined): Promise<void> {
    const { records, metrics, edits, clock } = this.#deps;
    const { submitterId, id: attemptId, message } = attempt;
    if (!isDelivered) metrics.undelivered.inc({ what: 'reply' });
    // An older edit may still come over this one. Until the last word is written again, somebody else has to do that.
    const doubt = isDelivered && token ? edits?.inDoubt(token) : undefined;
    if (doubt) {
      void doubt.then(() => this.settle(attempt, told, true, undefined));
      return;
    }
    const event = { attemptId, told: told.stage, delivery: isDelivered ? 'delivered' : 'next-command' } as const;
    const apply = (record: PersonRecord) => deliver(record, event, clock.now());
    const decide = ({ record }: { record: PersonRecord }) => ({ record: apply(record), result: undefined });
    await records.state({ submitterId, attemptId, message }, {}, decide, apply);
  }

  /** This process does not tell it after all: the next command does. Never rejects. */
  async leave({ submitterId, id: attemptId }: Pick<ToldAttempt, 'submitterId' | 'id'>): Promise<void> {
    const { records, lease, clock } = this.#deps;
    const event = { attemptId, owner: lease.id };
    const apply = (record: PersonRecord) => leaveForNextCommand(record, event, clock.now());
    const decide = ({ record }: { record: PersonRecord }) => ({ record: apply(record), result: undefined });
    await records.state({ submitterId, attemptId }, {}, decide, apply);
  }
}
