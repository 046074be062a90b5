import type { HelpdeskError } from './helpdesk-error.ts';

/** One post of a ticket, as the helpdesk gives it. Whether only the staff may read it is not said. */
export interface HelpdeskPost {
  /** The address of whoever wrote it; empty when it is not said. */
  readonly email: string;
  /** When, in one of the forms of `createdAt`. */
  readonly writtenAt: string;
  /** Raw: plain text, HTML or text with entities. */
  readonly contents: string;
}

/** A ticket as the helpdesk shows it to the bot's own account, which may see everybody's: ask whose it is first. */
export interface HelpdeskTicket {
  /** Its display ID, such as KVO-530-34143. */
  readonly reference: string;
  /** The address of its requester. */
  readonly requesterEmail: string;
  readonly subject: string;
  /** The helpdesk's own word, such as Open or Closed. */
  readonly state: string;
  /** When: seconds since 1970, ISO 8601 with its zone, or the helpdesk's own words for a local time. Empty when it is not said. */
  readonly createdAt: string;
  readonly lastActivityAt: string;
  /** Oldest first. */
  readonly posts: readonly HelpdeskPost[];
}

/** What became of one look at a ticket. */
export type ViewTicketResult =
  | { readonly kind: 'viewed'; readonly ticket: HelpdeskTicket }
  /** The helpdesk said no. Its words are the same for "no such ticket", "not yours" and an outage of the ticket system. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'unreachable'; readonly cause: HelpdeskError };

/** What became of one try to reply. */
export type PostReplyResult =
  | { readonly kind: 'posted' }
  /** The helpdesk said no before it wrote anything; `reason` is its own `status_text`, raw. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Certain that nothing was written. */
  | { readonly kind: 'unreachable'; readonly cause: HelpdeskError }
  /** Sent, and no answer that settles it: the post may be there. */
  | { readonly kind: 'unconfirmed'; readonly cause: HelpdeskError };
