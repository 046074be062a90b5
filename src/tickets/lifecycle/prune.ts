import { isLive, type PersonRecord } from './person-record.ts';

/** Milliseconds for which Discord may deliver an interaction again. */
const REDELIVERY_MS = 15 * 60_000;

/**
 * Takes out what nobody needs to know any more. An attempt that may be a ticket is known for `lifetimeMs`, and for as long
 * as there is a text that would be sent again.
 */
export function prune(record: PersonRecord, now: number, lifetimeMs: number): PersonRecord {
  const needed = new Set(
    record.requests
      .filter(({ textUntil }) => textUntil > now)
      .flatMap(({ related, confirmed }) => [...related, ...confirmed]),
  );
  const requests = record.requests.flatMap((request) => {
    const hasText = request.textUntil > now;
    const attempts = request.attempts.filter((attempt, index) => {
      if (isLive(attempt)) return true;
      const mayBeTicket = attempt.stage.kind === 'opened' || attempt.stage.kind === 'unconfirmed';
      const lastAt = Math.max(attempt.stageAt, attempt.waitsSince ?? 0);
      if (lastAt <= now - lifetimeMs) return mayBeTicket && (hasText || needed.has(attempt.id));
      // What certainly opened nothing and was told has nothing to say once there is a later attempt.
      const isLast = index === request.attempts.length - 1;
      const isRecent = attempt.receivedAt > now - REDELIVERY_MS;
      return mayBeTicket || isLast || isRecent || attempt.delivery !== 'delivered';
    });
    return attempts.length === 0 && !hasText ? [] : [{ ...request, attempts }];
  });
  const notifications = record.notifications.filter(({ at }) => at > now - lifetimeMs);
  return { ...record, requests, notifications };
}
