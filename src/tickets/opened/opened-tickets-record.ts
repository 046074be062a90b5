import { createHmac } from 'node:crypto';
import { z } from 'zod';

/** The tickets of a person that are known. Others are at the helpdesk alone. */
export const MOST_TICKETS = 100;

/** What a look at the helpdesk found. */
const seen = z.object({
  /** When, in milliseconds since 1970. */
  at: z.number(),
  /** The helpdesk's own word, such as Open. */
  state: z.string(),
  /** A digest of each post of somebody else. */
  posts: z.array(z.string()),
  /** How many posts are the person's own. */
  own: z.number().optional(),
});

/** That the person is to be told that something has changed. */
const notice = z.object({
  /** When the bot saw it. */
  changedAt: z.number(),
  /** Not before that. */
  sendAt: z.number(),
  /** When a process began to send it. What Discord is given follows from this, so sending it again makes no second message. */
  claimedAt: z.number().optional(),
  /** How often a process was about to send it since then. After the second time an earlier message may have arrived. */
  attempts: z.number().optional(),
  /** How often Discord certainly did not take it. */
  failures: z.number().optional(),
  /** Something more has changed since then. */
  again: z.literal(true).optional(),
});

/** The entry about an escalation in the moderators' channel. */
const auditEntry = z.object({ messageId: z.string(), entry: z.string() });

const openedTicket = z.object({
  /** The ID of the attempt that opened it. */
  id: z.string(),
  /** Missing when the helpdesk did not name it. Then nobody can look at it. */
  reference: z.string().optional(),
  subject: z.string(),
  /** Keyed digest of the address for which it was opened: whoever links another one sees nothing of it. */
  account: z.string(),
  openedAt: z.number(),
  /** When the person or the helpdesk last did something about it, as far as the bot knows. */
  touchedAt: z.number(),
  /** Who escalated it in this person's name. */
  moderatorId: z.string().optional(),
  /** Missing before the first look. */
  seen: seen.optional(),
  /** Since when there is something that the person has not looked at. */
  newSince: z.number().optional(),
  /** When the bot last looked for its person, whether or not the ticket was shown. */
  lookedAt: z.number().optional(),
  notice: notice.optional(),
  /** When the person was last told of a change. */
  toldAt: z.number().optional(),
  audit: auditEntry.optional(),
});

/** The person's word that they want to be told. It holds for the link for which it was said, and no other. */
const watch = z.object({
  since: z.number(),
  account: z.string(),
  linkedAt: z.number(),
  /** Direct messages that Discord has refused for good, one after another. */
  refused: z.number(),
});

/** What the bot has opened for one person, oldest first. */
export const openedTicketsRecord = z.object({ tickets: z.array(openedTicket), watch: watch.optional() });

export type OpenedTicketsRecord = z.infer<typeof openedTicketsRecord>;
export type OpenedTicket = z.infer<typeof openedTicket>;
export type SeenTicket = z.infer<typeof seen>;
export type Watch = z.infer<typeof watch>;
export type AuditEntry = z.infer<typeof auditEntry>;

/** Adds a ticket. What is written again changes nothing. Where there are too many, the one that was touched longest ago makes room. */
export function withTicket(record: OpenedTicketsRecord | undefined, ticket: OpenedTicket): OpenedTicketsRecord {
  const { tickets = [], ...rest } = record ?? {};
  if (tickets.some(({ id }) => id === ticket.id)) return { ...rest, tickets };
  return { ...rest, tickets: withRoomFor(tickets, ticket) };
}

/** An old ticket in which something happens is watched, and may have a change that nobody was told of: it stays. */
function withRoomFor(tickets: readonly OpenedTicket[], ticket: OpenedTicket): OpenedTicket[] {
  if (tickets.length < MOST_TICKETS) return [...tickets, ticket];
  const leaving = tickets.reduce((one, other) => (other.touchedAt < one.touchedAt ? other : one));
  return [...tickets.filter((one) => one !== leaving), ticket];
}

export function changeTicket(
  record: OpenedTicketsRecord,
  ticketId: string,
  change: (ticket: OpenedTicket) => OpenedTicket,
): OpenedTicketsRecord {
  return { ...record, tickets: record.tickets.map((ticket) => (ticket.id === ticketId ? change(ticket) : ticket)) };
}

/** Without what nobody has touched for `lifetimeMs`. */
export function pruneTickets(record: OpenedTicketsRecord, now: number, lifetimeMs: number): OpenedTicketsRecord {
  const tickets = record.tickets.filter(({ touchedAt }) => touchedAt > now - lifetimeMs);
  return tickets.length === record.tickets.length ? record : { ...record, tickets };
}

/** By which a ticket knows its account. The address itself stands in the link alone. */
export function accountDigest(digestKey: Buffer, email: string): string {
  return createHmac('sha256', digestKey).update(`account:${email.trim().toLowerCase()}`).digest('base64url');
}
