import type { HelpdeskError } from './helpdesk-error.ts';
import type { PostReplyResult, ViewTicketResult } from './helpdesk-ticket.ts';

export { HELPDESK_ERROR_KINDS, HelpdeskError, type HelpdeskErrorKind } from './helpdesk-error.ts';

/** What the helpdesk needs to know to open a ticket. */
export interface OpenTicketRequest {
  /** The account that gets the ticket. Must have been proved to be the requester's: the helpdesk believes it. */
  readonly requesterEmail: string;
  readonly subject: string;
  /** May be empty. The helpdesk puts it before the body, and before a subject of under 30 characters. */
  readonly product: string;
  readonly body: string;
}

/** What a refusal is about: the account that was to get the ticket, or what was written. Undefined where nobody knows. */
export type RefusalSubject = (typeof REFUSAL_SUBJECTS)[number];
export const REFUSAL_SUBJECTS = ['address', 'text'] as const;

/** What became of one try to open a ticket. */
export type OpenTicketResult =
  /** `reference` is the display ID, such as KVO-530-34143; undefined when the helpdesk said success and gave none. */
  | { readonly kind: 'opened'; readonly reference: string | undefined }
  /** The helpdesk said no before it created anything; `reason` is its own words, raw. */
  | { readonly kind: 'refused'; readonly reason: string; readonly about?: RefusalSubject | undefined }
  /** Certain that nothing was created: refused connection, DNS, TLS, no connection in time, failed login. */
  | { readonly kind: 'unreachable'; readonly cause: HelpdeskError }
  /** Sent, and no answer that settles it: a ticket may exist. */
  | { readonly kind: 'unconfirmed'; readonly cause: HelpdeskError };

/** What the helpdesk needs to know to add a post to a ticket. */
export interface PostReplyRequest {
  /** The ticket. Whose it is must have been asked before: the helpdesk lets the bot's own account post to any. */
  readonly reference: string;
  /** The helpdesk writes it in the name of the ticket's requester. */
  readonly text: string;
}

/**
 * The result without the addresses that a refusal may quote: whoever escalates in somebody's name reads it, and it is kept
 * among the submitter's records.
 */
export function withoutAddresses(result: OpenTicketResult): OpenTicketResult {
  if (result.kind !== 'refused') return result;
  return { ...result, reason: result.reason.replace(/[^\s"'<>()[\],;:]+@[^\s"'<>()[\],;:]+/g, '(address)') };
}

/** The helpdesk, as the tickets see it. */
export interface HelpdeskClient {
  /**
   * Opens one ticket. Not idempotent: two calls open two tickets. Rejects with nothing but what `recheck` rejects with.
   * @param recheck Asked right before the ticket is sent when that is later than the request was made: after a login, which
   * can take minutes, and before a repeat with a new session. When it rejects, nothing was sent.
   * @returns What became of it.
   */
  openTicket(request: OpenTicketRequest, recheck?: () => Promise<OpenTicketRequest>): Promise<OpenTicketResult>;
  /**
   * Reads one ticket, whoever's it is: look at `requesterEmail` before anything of it is shown. Writes nothing, and never
   * rejects.
   * @param signal Calls the look off: it settles at once, as unreachable with a cause of the kind `closed`.
   */
  viewTicket(reference: string, signal?: AbortSignal): Promise<ViewTicketResult>;
  /**
   * Adds a post to a ticket. Not idempotent: two calls add two. Rejects with nothing but what `recheck` rejects with.
   * @param recheck As for {@link openTicket}. When it rejects, nothing was sent.
   * @returns What became of it.
   */
  postReply(request: PostReplyRequest, recheck?: () => Promise<void>): Promise<PostReplyResult>;
  /** Logs in, which creates nothing. @returns undefined when it worked, else why not. Never rejects. */
  check(): Promise<HelpdeskError | undefined>;
  /** Ends every call that is under way; each settles as unreachable or unconfirmed, as far as it had come. */
  close(): void;
}
