import { deliver } from './deliver.ts';
import { type Attempt, findAttempt, type PersonRecord } from './person-record.ts';
import { changeAttempt, setStage } from './record-changes.ts';

/**
 * Another process wrote the attempt down, and this one has Discord's acknowledgement, so this one goes on with it. What the
 * other one gave up with it comes back.
 * @returns Whether it may.
 */
export function takeOver(
  record: PersonRecord,
  event: { readonly attemptId: string; readonly owner: string } & Pick<Attempt, 'reply' | 'escalated'>,
  now: number,
): { readonly record: PersonRecord; readonly result: boolean } {
  const { attemptId, owner, reply, escalated } = event;
  const attempt = findAttempt(record, attemptId)?.attempt;
  const isLeft = attempt?.stage.kind === 'not-sent' && attempt.stage.reason.kind === 'answered-elsewhere';
  if (attempt?.stage.kind !== 'received' && !isLeft) return { record, result: false };
  const waiting = setStage(record, attemptId, { kind: 'received' }, now);
  const taken = changeAttempt(waiting, attemptId, ({ waitsSince: _, ...one }) => ({
    ...one,
    owner,
    delivery: 'pending',
    ...(reply && { reply }),
    ...(escalated && { escalated }),
  }));
  return { record: taken, result: true };
}

/**
 * Another process has Discord's answer to the interaction. Only what still waits here is left: that one may have taken it over
 * already. @param event.delivery Whether the person is told at the next command, should the other process fail.
 */
export function leave(
  record: PersonRecord,
  event: {
    readonly attemptId: string;
    readonly owner: string;
    readonly delivery: 'delivered' | 'next-command';
  },
  now: number,
): PersonRecord {
  const { attemptId, owner, delivery } = event;
  const attempt = findAttempt(record, attemptId)?.attempt;
  if (attempt?.stage.kind !== 'received' || attempt.owner !== owner) return record;
  const left = setStage(record, attemptId, { kind: 'not-sent', reason: { kind: 'answered-elsewhere' } }, now);
  return deliver(left, { attemptId, told: 'not-sent', delivery }, now);
}

/**
 * Takes an attempt over from a process that is gone, and ends it. What was being sent is in doubt, with the time at which it
 * was sent; what waited was not sent.
 * @returns The attempt, when this process has to tell its outcome now.
 */
export function adopt(
  record: PersonRecord,
  event: { readonly attemptId: string; readonly goneOwner: string; readonly owner: string },
  now: number,
): { readonly record: PersonRecord; readonly result: Attempt | undefined } {
  const attempt = findAttempt(record, event.attemptId)?.attempt;
  if (attempt?.owner !== event.goneOwner || attempt.delivery !== 'pending') return { record, result: undefined };
  const adopted: Attempt = { ...attempt, owner: event.owner, ...endOf(attempt, now) };
  return { record: changeAttempt(record, attempt.id, () => adopted), result: adopted };
}

/** Ends an attempt that its process has given up: what was being sent is in doubt, what waited was not sent. */
export function abandon(record: PersonRecord, attemptId: string, now: number): PersonRecord {
  const attempt = findAttempt(record, attemptId)?.attempt;
  return attempt ? changeAttempt(record, attemptId, (one) => ({ ...one, ...endOf(one, now) })) : record;
}

function endOf({ stage, stageAt }: Attempt, now: number): Pick<Attempt, 'stage' | 'stageAt'> | undefined {
  switch (stage.kind) {
    case 'received':
      return { stage: { kind: 'not-sent', reason: { kind: 'interrupted' } }, stageAt: now };
    case 'sending':
      // What counts is when it was sent.
      return { stage: { kind: 'unconfirmed' }, stageAt };
    case 'opened':
    case 'refused':
    case 'unreachable':
    case 'unconfirmed':
    case 'not-sent':
      return undefined;
  }
}
