import {
  type Attempt,
  findAttempt,
  isLive,
  type Notification,
  type PersonRecord,
  type Stage,
} from './person-record.ts';
import { changeAttempt, withoutAttempt } from './record-changes.ts';

/**
 * The person has the outcome, or it waits for their next command. What only its owner needs goes.
 * @param event.told The stage that was told. When it is another one by now, that is still to be told.
 */
export function deliver(
  record: PersonRecord,
  event: { readonly attemptId: string; readonly told: Stage['kind']; readonly delivery: 'delivered' | 'next-command' },
  now: number,
): PersonRecord {
  const { attemptId, told, delivery } = event;
  const found = findAttempt(record, attemptId);
  if (!found) return record;
  // The answer came after all while the doubt was being told: the next command tells it, should its own process not.
  if (found.attempt.stage.kind !== told) return leaveForNextCommand(record, { attemptId }, now);
  if (found.attempt.erased) return withoutAttempt(record, found.request, attemptId);
  return changeAttempt(record, attemptId, (attempt) => {
    const { reply: _, owner: __, escalated: ___, waitsSince: ____, ...rest } = attempt;
    return { ...rest, delivery, ...(delivery === 'next-command' && { waitsSince: now }) };
  });
}

/** Nobody can tell it now: it waits for the person's next command. @param event.owner Who gives it up; whoever has it by default. */
export function leaveForNextCommand(
  record: PersonRecord,
  event: { readonly attemptId: string; readonly owner?: string },
  now: number,
): PersonRecord {
  const { attemptId, owner } = event;
  const attempt = findAttempt(record, attemptId)?.attempt;
  if (attempt?.delivery !== 'pending' || isLive(attempt)) return record;
  if (owner !== undefined && attempt.owner !== undefined && attempt.owner !== owner) return record;
  return deliver(record, { attemptId, told: attempt.stage.kind, delivery: 'next-command' }, now);
}

/** Whether an outcome waits for somebody who tells it. What another process is about to tell does not. */
export function isWaiting(attempt: Attempt, isGone: (owner: string) => boolean): boolean {
  if (isLive(attempt)) return false;
  if (attempt.delivery === 'pending') return attempt.owner === undefined || isGone(attempt.owner);
  return attempt.delivery === 'next-command';
}

/**
 * A process is about to tell what waits: no other one tells it as well. It says afterwards what came of it (`deliver`), and
 * should it die before that, the others find it waiting.
 * @returns Which of the attempts it may tell.
 */
export function claim(
  record: PersonRecord,
  event: {
    readonly attemptIds: readonly string[];
    readonly owner: string;
    readonly isGone: (owner: string) => boolean;
  },
): { readonly record: PersonRecord; readonly result: readonly string[] } {
  const { attemptIds, owner, isGone } = event;
  const claimed = attemptIds.filter((id) => {
    const attempt = findAttempt(record, id)?.attempt;
    return attempt !== undefined && isWaiting(attempt, isGone);
  });
  const after = claimed.reduce(
    (current, id) => changeAttempt(current, id, (one) => ({ ...one, owner, delivery: 'pending' })),
    record,
  );
  return { record: after, result: claimed };
}

/** Adds a notification, or replaces the one with the same ID. */
export function notify(record: PersonRecord, id: string, about: Notification, now: number): PersonRecord {
  const others = record.notifications.filter((other) => other.id !== id);
  return { ...record, notifications: [...others, { id, at: now, about }] };
}

export function removeNotification(record: PersonRecord, id: string): PersonRecord {
  if (!record.notifications.some((other) => other.id === id)) return record;
  return { ...record, notifications: record.notifications.filter((other) => other.id !== id) };
}
