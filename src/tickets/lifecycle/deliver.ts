import { findAttempt, isLive, type Notification, type PersonRecord, type Stage } from './person-record.ts';
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
  if (found.attempt.stage.kind !== told) return leaveForNextCommand(record, attemptId, now);
  if (found.attempt.erased) return withoutAttempt(record, found.request, attemptId);
  return changeAttempt(record, attemptId, (attempt) => {
    const { reply: _, owner: __, escalated: ___, waitsSince: ____, ...rest } = attempt;
    return { ...rest, delivery, ...(delivery === 'next-command' && { waitsSince: now }) };
  });
}

/** Nobody can tell it now: it waits for the person's next command. */
export function leaveForNextCommand(record: PersonRecord, attemptId: string, now: number): PersonRecord {
  const attempt = findAttempt(record, attemptId)?.attempt;
  if (attempt?.delivery !== 'pending' || isLive(attempt)) return record;
  return deliver(record, { attemptId, told: attempt.stage.kind, delivery: 'next-command' }, now);
}

/** Adds a notification, or replaces the one with the same ID. */
export function notify(record: PersonRecord, id: string, about: Notification, now: number): PersonRecord {
  const others = record.notifications.filter((other) => other.id !== id);
  return { ...record, notifications: [...others, { id, at: now, about }] };
}

export function removeNotification(record: PersonRecord, id: string): PersonRecord {
  return { ...record, notifications: record.notifications.filter((other) => other.id !== id) };
}
