import { changeTicket, type OpenedTicket } from '../opened/opened-tickets-record.ts';
import { afterRefusal, type Both, leftForNextCommand, withRefused } from './told-later.ts';
import { afterNotice, nonceOf, SENT_AGAIN_WITHIN_MS, withoutNotice } from './watch-changes.ts';
import { nextNotice } from './watch-schedule.ts';
import { WATCH_TIMES } from './watch-times.ts';

type Notice = NonNullable<OpenedTicket['notice']>;

/** What a person is told: that something has changed, and no text of it. */
export interface TicketNotice {
  readonly userId: string;
  readonly ticketId: string;
  readonly reference: string;
  /** When the bot saw it, in milliseconds since 1970. */
  readonly changedAt: number;
  readonly claimedAt: number;
  /** Discord makes one message of all that are sent with it within a few minutes. */
  readonly nonce: string;
  /** Which attempt since the claim it is, from 1. */
  readonly attempt: number;
}

/** What became of a notice. */
export type NoticeResult =
  | { readonly kind: 'sent' }
  /** This person takes no direct messages of ours. */
  | { readonly kind: 'closed' }
  /** Discord would refuse it again. */
  | { readonly kind: 'refused' }
  /** Discord certainly does not have it. @property waitMs For how long Discord wants to be left alone. */
  | { readonly kind: 'not-sent'; readonly waitMs?: number | undefined }
  /** Discord may have it. */
  | { readonly kind: 'unknown' };

/** Claims the next notice that is due, if one is. Pure. */
export function claimNotice(
  userId: string,
  { record, person }: Both,
  now: number,
): Both & { readonly found?: TicketNotice | undefined } {
  const next = nextNotice(record, now);
  const ticket = record.tickets.find(({ id }) => id === next?.ticketId);
  if (!next || !ticket?.notice || next.at > now) return { record, person };
  // They have looked meanwhile.
  if (ticket.newSince === undefined) return { record: changeTicket(record, ticket.id, withoutNotice), person };
  const { changedAt, attempts = 0 } = ticket.notice;
  // Nothing was sent because of a claim without an attempt.
  const claimedAt = attempts === 0 ? now : (ticket.notice.claimedAt ?? now);
  if (ticket.reference === undefined || isOver(claimedAt, SENT_AGAIN_WITHIN_MS, now)) {
    return leftForNextCommand(record, person, ticket, now);
  }
  const attempt = attempts + 1;
  const notice = { userId, ticketId: ticket.id, reference: ticket.reference, changedAt, claimedAt, attempt };
  return {
    record: changeTicket(record, ticket.id, () => ({
      ...ticket,
      notice: { ...ticket.notice, changedAt, sendAt: now, claimedAt, attempts: attempt },
    })),
    person,
    found: { ...notice, nonce: nonceOf(userId, ticket, claimedAt) },
  };
}

/** What becomes of somebody's tickets once it is known what became of a notice. Pure. */
export function settleNotice(
  { record, person }: Both,
  { ticketId, claimedAt, attempt }: TicketNotice,
  sent: NoticeResult,
  now: number,
): Both {
  const ticket = record.tickets.find(({ id }) => id === ticketId);
  const unchanged = { record, person };
  if (ticket?.notice?.claimedAt !== claimedAt) return unchanged;
  const { notice } = ticket;
  const withTicket = (change: OpenedTicket) => changeTicket(record, ticketId, () => change);
  const later = withTicket({ ...ticket, notice: { ...notice, sendAt: now + WATCH_TIMES.tryAgainMs } });
  // They have looked while it was on its way.
  if (ticket.newSince === undefined && sent.kind !== 'sent') {
    return { ...unchanged, record: withTicket(withoutNotice(ticket)) };
  }
  switch (sent.kind) {
    case 'sent':
      return { ...unchanged, record: withRefused(withTicket(afterNotice(ticket, now)), 0) };
    case 'closed':
      return afterRefusal(leftForNextCommand(record, person, ticket, now), now);
    case 'refused':
      return leftForNextCommand(record, person, ticket, now);
    case 'not-sent': {
      // This attempt has not arrived. An earlier or another one may have.
      if (attempt !== 1 || notice.attempts !== 1) return { ...unchanged, record: later };
      if (isOver(notice.changedAt, WATCH_TIMES.giveUpMs, now)) return leftForNextCommand(record, person, ticket, now);
      return { ...unchanged, record: withTicket({ ...ticket, notice: unclaimed(notice, sent.waitMs, now) }) };
    }
    case 'unknown':
      return { ...unchanged, record: later };
  }
}

/** Whether so long has passed. A beginning that is still to come was written by another clock: nobody knows how long ago it was. */
function isOver(since: number, ms: number, now: number): boolean {
  return now < since || now - since >= ms;
}

/** A notice of which nothing has arrived: a later one is another message. */
function unclaimed(
  { claimedAt: _, attempts: __, failures = 0, ...notice }: Notice,
  waitMs: number | undefined,
  now: number,
): Notice {
  const backOffMs = WATCH_TIMES.backOffMs[Math.min(failures, WATCH_TIMES.backOffMs.length - 1)] ?? 0;
  // Discord may want to be left alone for longer than it is tried at all.
  const sendAt = now + Math.min(Math.max(backOffMs, waitMs ?? 0), WATCH_TIMES.giveUpMs);
  return { ...notice, failures: failures + 1, sendAt };
}
