import { createHash } from 'node:crypto';
import type { AccountLink } from '../../accounts/account-links.ts';
import {
  accountDigest,
  type OpenedTicket,
  type OpenedTicketsRecord,
  type SeenTicket,
  type Watch,
} from '../opened/opened-tickets-record.ts';
import { hasNews } from '../opened/ticket-view.ts';
import { WATCH_TIMES } from './watch-times.ts';

/**
 * For so long after it was begun a notice may be sent again: Discord makes one message of it ("within the past few minutes"). After
 * that nobody knows whether it has arrived, and the next command tells it.
 */
export const SENT_AGAIN_WITHIN_MS = 2 * 60_000;
/** After so many direct messages in a row that Discord has refused for good, watching ends. */
export const MOST_REFUSED = 3;

type LinkOfWatch = Pick<AccountLink, 'email' | 'linkedAt'>;

/** The word of a person, said for a link. */
export function newWatch(link: LinkOfWatch, digestKey: Buffer, now: number): Watch {
  return { since: now, account: accountDigest(digestKey, link.email), linkedAt: link.linkedAt, refused: 0 };
}

/** Whether the word still holds: it was said for the link that the person has now. */
export function holdsFor(watch: Watch | undefined, link: LinkOfWatch | undefined, digestKey: Buffer): watch is Watch {
  if (!watch || !link) return false;
  return watch.linkedAt === link.linkedAt && watch.account === accountDigest(digestKey, link.email);
}

/** Without the word, and without what was still to be told because of it. */
export function withoutWatch({ watch: _, tickets, ...rest }: OpenedTicketsRecord): OpenedTicketsRecord {
  return { ...rest, tickets: tickets.map(withoutNotice) };
}

export function withoutNotice({ notice: _, ...ticket }: OpenedTicket): OpenedTicket {
  return ticket;
}

/** What a look came to, for the ticket. */
export interface LookedAt {
  readonly ticket: OpenedTicket;
  /** `first`: what is there from now on counts as known. */
  readonly result: 'first' | 'same' | 'news';
}

/**
 * A ticket after the bot has looked at it for its person.
 * @param shown.startedAt When the look began: what somebody has seen since then is newer.
 */
export function afterLook(
  ticket: OpenedTicket,
  shown: { readonly seen: SeenTicket; readonly startedAt: number },
  now: number,
): LookedAt {
  const { seen, startedAt } = shown;
  const looked = { ...ticket, lookedAt: now };
  if (ticket.seen && ticket.seen.at >= startedAt) return { ticket: looked, result: 'same' };
  if (!ticket.seen) return { ticket: { ...looked, seen }, result: 'first' };
  if (!hasNews(ticket.seen, seen)) return { ticket: { ...looked, seen }, result: 'same' };
  return { ticket: withNews({ ...looked, seen }, now), result: 'news' };
}

/** Something has changed: it is to be told, at once unless it is told together with what was told lately. */
function withNews(ticket: OpenedTicket, now: number): OpenedTicket {
  const { notice, toldAt, newSince = now } = ticket;
  const known = { ...ticket, newSince, touchedAt: now };
  if (notice) return notice.claimedAt === undefined ? known : { ...known, notice: { ...notice, again: true } };
  const sendAt = Math.max(now, toldAt === undefined ? 0 : Math.min(toldAt, now) + WATCH_TIMES.togetherMs);
  return { ...known, notice: { changedAt: now, sendAt, ...(sendAt <= now && { claimedAt: now }) } };
}

/**
 * A ticket after its person has looked at it. What is just being sent cannot be called back. Where the bot has looked meanwhile,
 * nobody knows which answer is the newer one: what the bot has found stays news.
 * @param shown.startedAt When the look began.
 */
export function afterOwnLook(
  before: OpenedTicket,
  { seen, startedAt }: { readonly seen: SeenTicket; readonly startedAt: number },
): OpenedTicket {
  const { newSince, notice, ...ticket } = before;
  const touched = { ...ticket, touchedAt: seen.at };
  if (newSince !== undefined && newSince > startedAt) return { ...before, touchedAt: seen.at };
  const rest = ticket.seen && ticket.seen.at > startedAt ? touched : { ...touched, seen };
  if (notice?.claimedAt === undefined) return rest;
  const { again: _, ...claimed } = notice;
  return { ...rest, notice: claimed };
}

/** A ticket after its notice has reached its person, or waits for their next command. */
export function afterNotice(ticket: OpenedTicket, now: number): OpenedTicket {
  const { notice } = ticket;
  const told = { ...withoutNotice(ticket), toldAt: now };
  return notice?.again ? { ...told, notice: { changedAt: now, sendAt: now + WATCH_TIMES.togetherMs } } : told;
}

/** By which Discord knows a message that it is given twice: 25 characters at most. */
export function nonceOf(userId: string, { id }: Pick<OpenedTicket, 'id'>, claimedAt: number): string {
  return createHash('sha256').update(`notice:${userId}:${id}:${claimedAt}`).digest('base64url').slice(0, 25);
}

/** By which a person's notification about a ticket is known: a later one takes its place. */
export function notificationIdOf(ticketId: string): string {
  return `changed-${ticketId}`;
}
