import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { OpenedTicket, OpenedTicketsRecord, Watch } from '../opened/opened-tickets-record.ts';
import { isClosedState } from '../opened/ticket-view.ts';
import { WATCH_TIMES } from './watch-times.ts';

const DAY_MS = 24 * 3_600_000;

/**
 * Nothing is due later than that: a time that lies further ahead was written by a clock that was ahead, and counts as now.
 */
const LONGEST_TO_LOOK_MS = 8 * 3_600_000;
const LONGEST_TO_NOTICE_MS = 3_600_000;

/** By how much of it an interval is longer at most, so that tickets that were opened together are not looked at together. */
const JITTER = 0.2;

/** A ticket about which nothing happens for so long is watched no longer. */
export const WATCHED_FOR_MS = 30 * DAY_MS;

/** After how many days without anything new a ticket is watched no longer. @param lifetimeMs For which tickets are known at all. */
export function quietDays(lifetimeMs: number): number {
  return Math.min(WATCHED_FOR_MS, lifetimeMs) / DAY_MS;
}

/** When something is to be done about the tickets of one person. All that a start reads of people's tickets. */
export const watchDue = z.object({
  /** When the next look is due. */
  lookAt: z.number().optional(),
  /** When the next notice is. */
  noticeAt: z.number().optional(),
});
export type WatchDue = z.infer<typeof watchDue>;

/** Whether the bot looks at a ticket for its person. */
export function isWatched(ticket: OpenedTicket, watch: Watch, now: number): boolean {
  if (ticket.reference === undefined || ticket.account !== watch.account) return false;
  if (ticket.seen && isClosedState(ticket.seen.state)) return false;
  return Math.max(ticket.touchedAt, watch.since) > now - WATCHED_FOR_MS;
}

/** When the next look at a ticket is due. One that nobody has looked at is due from its beginning. */
export function nextLookAt({ id, openedAt, touchedAt, lookedAt, seen }: OpenedTicket, now: number): number {
  if (lookedAt === undefined && seen === undefined) return Math.min(openedAt, now);
  const last = Math.max(lookedAt ?? 0, seen?.at ?? 0);
  // Written by a clock that was ahead: nobody knows when that was.
  if (last > now) return now;
  const { intervals } = WATCH_TIMES;
  const everyMs = intervals.find(({ touchedWithinMs }) => last - touchedAt < touchedWithinMs)?.everyMs ?? 0;
  return last + Math.round(everyMs * (1 + JITTER * fractionOf(id)));
}

/** From 0 to 1, the same for the same ticket at all times. */
function fractionOf(id: string): number {
  return createHash('sha256').update(id).digest().readUInt16BE(0) / 0xff_ff;
}

/** The ticket of a person at which the bot looks next, and when. Undefined when it looks at none. */
export function nextLook(
  { tickets, watch }: OpenedTicketsRecord,
  now: number,
): { readonly ticketId: string; readonly at: number } | undefined {
  if (!watch) return undefined;
  return earliest(
    tickets
      .filter((ticket) => isWatched(ticket, watch, now))
      .map((ticket) => ({ ticketId: ticket.id, at: nextLookAt(ticket, now) })),
  );
}

/** The notice that is to be sent next, and when. */
export function nextNotice(
  { tickets }: OpenedTicketsRecord,
  now: number,
): { readonly ticketId: string; readonly at: number } | undefined {
  return earliest(
    tickets.flatMap(({ id, notice }) =>
      notice ? [{ ticketId: id, at: soonest(notice.sendAt, LONGEST_TO_NOTICE_MS, now) }] : [],
    ),
  );
}

/** Undefined when nothing is to be done about these tickets. */
export function dueOf(record: OpenedTicketsRecord, now: number): WatchDue | undefined {
  const lookAt = nextLook(record, now)?.at;
  const noticeAt = nextNotice(record, now)?.at;
  if (lookAt === undefined && noticeAt === undefined) return undefined;
  return { ...(lookAt !== undefined && { lookAt }), ...(noticeAt !== undefined && { noticeAt }) };
}

/** What the index says, with what can only come from a clock that was ahead counted as now. */
export function dueAt({ lookAt, noticeAt }: WatchDue, now: number): WatchDue {
  return {
    ...(lookAt !== undefined && { lookAt: soonest(lookAt, LONGEST_TO_LOOK_MS, now) }),
    ...(noticeAt !== undefined && { noticeAt: soonest(noticeAt, LONGEST_TO_NOTICE_MS, now) }),
  };
}

function soonest(at: number, longestMs: number, now: number): number {
  return at > now + longestMs ? now : at;
}

function earliest<One extends { readonly at: number }>(ones: readonly One[]): One | undefined {
  return ones.reduce<One | undefined>((first, one) => (first && first.at <= one.at ? first : one), undefined);
}
