import type { Clock } from '../clock.ts';
import type { ProcessLease } from '../process-lease.ts';
import { notify } from './lifecycle/deliver.ts';
import { adopt } from './lifecycle/ownership.ts';
import { type Attempt, findAttempt, type PersonRecord } from './lifecycle/person-record.ts';
import { authorNotification } from './notifications.ts';
import type { RequestRecords } from './request-records.ts';

/** An attempt whose process is gone. This process tells its person what became of it. */
export interface AdoptedAttempt {
  readonly submitterId: string;
  readonly draftId: string;
  /** The display ID of the ticket that it answers, for an answer. */
  readonly answers?: string | undefined;
  readonly attempt: Attempt;
}

/** A doubtful answer: whether it was posted can be seen in its ticket. */
export function maySettle({ answers, attempt }: AdoptedAttempt): boolean {
  return answers !== undefined && attempt.stage.kind === 'unconfirmed';
}

/**
 * Takes over what belonged to processes that are gone: at the start, and whenever one goes. A crash, a process that hangs and
 * an update are one case. Reads nobody's records but those with something open.
 */
export class AttemptRecovery {
  readonly #records: RequestRecords;
  readonly #lease: Pick<ProcessLease, 'id' | 'isGone' | 'look'>;
  readonly #clock: Clock;

  constructor(deps: {
    records: RequestRecords;
    lease: Pick<ProcessLease, 'id' | 'isGone' | 'look'>;
    clock: Clock;
  }) {
    this.#records = deps.records;
    this.#lease = deps.lease;
    this.#clock = deps.clock;
  }

  /** @returns What was taken over, oldest first. @throws {StorageError} */
  async adoptAll(): Promise<AdoptedAttempt[]> {
    const open: { userId: string; record: PersonRecord }[] = [];
    for await (const userId of this.#records.openPeople()) {
      const record = await this.#records.find(userId);
      if (record.requests.length === 0) await this.#records.leaveIndex(userId);
      open.push({ userId, record });
    }
    if (open.length === 0) return [];
    // After the records: a process that has just started has its lease before it works on anything.
    await this.#lease.look();
    const adopted: AdoptedAttempt[] = [];
    for (const { userId, record } of open) {
      for (const { id: draftId, attempts, message, answers } of record.requests) {
        for (const { id, owner, delivery } of attempts) {
          if (owner === undefined || delivery !== 'pending' || !this.#lease.isGone(owner)) continue;
          const attempt = await this.#adopt({ submitterId: userId, attemptId: id, message }, record, owner);
          if (attempt) adopted.push({ submitterId: userId, draftId, answers, attempt });
        }
      }
    }
    return adopted.sort((one, other) => one.attempt.receivedAt - other.attempt.receivedAt);
  }

  #adopt(
    at: { readonly submitterId: string; readonly attemptId: string; readonly message: string | undefined },
    known: PersonRecord,
    goneOwner: string,
  ): Promise<Attempt | undefined> {
    const { submitterId, attemptId } = at;
    const escalated = findAttempt(known, attemptId)?.attempt.escalated;
    const authorId = escalated?.behalf === 'author' ? escalated.authorId : undefined;
    return this.#records.change({ ...at, otherId: authorId }, {}, ({ record, other }) => {
      const now = this.#clock.now();
      const { record: adopted, result: attempt } = adopt(record, { attemptId, goneOwner, owner: this.#lease.id }, now);
      const wasSending = findAttempt(record, attemptId)?.attempt.stage.kind === 'sending';
      const notification =
        attempt && wasSending && escalated
          ? authorNotification(attempt.stage, { moderatorId: submitterId, messageUrl: escalated.url })
          : undefined;
      if (!notification || authorId === undefined) return { record: adopted, result: attempt };
      if (authorId === submitterId) return { record: notify(adopted, attemptId, notification, now), result: attempt };
      return { record: adopted, other: notify(other, attemptId, notification, now), result: attempt };
    });
  }
}
