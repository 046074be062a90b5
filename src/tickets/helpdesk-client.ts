/** What the helpdesk needs to know to open a ticket. */
export interface OpenTicketRequest {
  /** The account that gets the ticket. Must have been proved to be the requester's: the helpdesk believes it. */
  readonly requesterEmail: string;
  readonly subject: string;
  /** May be empty. The helpdesk puts it before the body, and before a subject of under 30 characters. */
  readonly product: string;
  readonly body: string;
}

/** What became of one call of api_openTicket. */
export type OpenTicketResult =
  /** `reference` is the display ID, such as KVO-530-34143; undefined when the helpdesk said success and gave none. */
  | { readonly kind: 'opened'; readonly reference: string | undefined }
  /** The helpdesk said no before it created anything; `reason` is its own `status_text`, raw. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Certain that nothing was created: refused connection, DNS, TLS, no connection in time, failed login. */
  | { readonly kind: 'unreachable'; readonly cause: HelpdeskError }
  /** Sent, and no answer that settles it: a ticket may exist. */
  | { readonly kind: 'unconfirmed'; readonly cause: HelpdeskError };

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
  /** Logs in, which creates nothing. @returns undefined when it worked, else why not. Never rejects. */
  check(): Promise<HelpdeskError | undefined>;
  /** Ends every call that is under way; each settles as unreachable or unconfirmed, as far as it had come. */
  close(): void;
}

/**
 * Where it went wrong. `login` is a login that was refused: wrong username or password; `no-turn` that the line was so long
 * that nothing was tried; `fault` a fault of the helpdesk's server and `bad-request` one that blames the request; `firewall`
 * and `rate-limited` are answers of something in front of the helpdesk, `login-blocked` is such an answer to the login; `server-error` is an HTTP status of 5xx.
 */
export const HELPDESK_ERROR_KINDS = [
  'connect',
  'timeout',
  'connection-lost',
  'login',
  'no-turn',
  'fault',
  'bad-request',
  'firewall',
  'login-blocked',
  'rate-limited',
  'server-error',
  'not-soap',
  'closed',
  'unexpected-status',
] as const;
export type HelpdeskErrorKind = (typeof HELPDESK_ERROR_KINDS)[number];

/** A failed call, told without address, credentials, session or ticket text, so that it can be logged. */
export class HelpdeskError extends Error {
  override name = 'HelpdeskError';
  readonly kind: HelpdeskErrorKind;

  constructor(kind: HelpdeskErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
