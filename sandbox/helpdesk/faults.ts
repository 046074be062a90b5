import type { UnknownSessionAnswer } from './ticket-system.ts';
import type { ContentCoding } from './wire.ts';

/** Something that goes wrong with a call. */
export interface HelpdeskFault {
  /** Whether the call does its work (opens the ticket, logs in) before it goes wrong. */
  readonly works: boolean;
  readonly effect: /** No answer until `release()`. */
    | { readonly kind: 'hang' }
    | { readonly kind: 'reset' }
    /** The good answer, but so much later; only with `works`. */
    | { readonly kind: 'late'; readonly ms: number }
    /** An HTTP answer of any kind. */
    | {
        readonly kind: 'http';
        readonly status: number;
        readonly contentType: string;
        readonly body: string;
        readonly location?: string;
        readonly headers?: Readonly<Record<string, string>>;
      }
    /** The good answer compressed without being asked, with blanks before it, without its last bytes; only with `works`. */
    | {
        readonly kind: 'compressed';
        readonly codings: readonly ContentCoding[];
        readonly blanksBefore?: number;
        readonly cutBytes?: number;
      }
    /** The good answer without its last bytes; only with `works`. */
    | { readonly kind: 'cut'; readonly bytes: number }
    /** The good answer with text before it that its length does not count, so that its end is lost; only with `works`. */
    | { readonly kind: 'warning'; readonly text: string }
    | { readonly kind: 'fault'; readonly code: string; readonly text: string }
    | { readonly kind: 'nil' }
    /** A blank session, or whatever string. */
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'ticket'; readonly status: string; readonly text: string; readonly reference: string }
    /** Forgets all sessions, and answers so. */
    | { readonly kind: 'expired'; readonly answer: UnknownSessionAnswer };
}

interface NamedFault extends HelpdeskFault {
  readonly description: string;
}

const WARNING =
  '<br />\n<b>Warning</b>:  Undefined array key "x" in <b>/home/api/openTicket.php</b> on line <b>88</b><br />\n';
/** What F5's firewall says, with a 200. */
const BLOCK_PAGE =
  '<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. Please consult with your administrator.<br><br>Your support ID is: 8472</body></html>';
const HTML = '<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Internal Server Error</h1></body></html>';

function html(status: number, body: string): HelpdeskFault['effect'] {
  return { kind: 'http', status, contentType: 'text/html', body };
}

function compressed(...codings: ContentCoding[]): HelpdeskFault['effect'] {
  return { kind: 'compressed', codings };
}

function failed(text: string, status = 'failed'): HelpdeskFault['effect'] {
  return { kind: 'ticket', status, text: `${text} Please try again!`, reference: '-1' };
}

function opened(reference: string): HelpdeskFault['effect'] {
  return { kind: 'ticket', status: 'success', text: 'created ticket successfully.', reference };
}

/** What can be made to go wrong, by name. Each concerns api_openTicket unless another operation is said. */
export const HELPDESK_FAULTS = {
  hang: fault('Never answers, and opens no ticket', false, { kind: 'hang' }),
  slow: fault('Opens the ticket and answers after five seconds', true, { kind: 'late', ms: 5_000 }),
  reset: fault('Breaks the connection off before it opens a ticket', false, { kind: 'reset' }),
  'open-then-reset': fault('Opens the ticket, then breaks the connection off', true, { kind: 'reset' }),
  'open-then-hang': fault('Opens the ticket, then never answers', true, { kind: 'hang' }),
  'open-then-cut': fault('Opens the ticket; the last tag of the answer is cut', true, { kind: 'cut', bytes: 20 }),
  'open-then-cut-deep': fault('Opens the ticket; half of the answer is cut', true, { kind: 'cut', bytes: 260 }),
  'open-then-warning': fault('Opens the ticket; PHP warnings come before the answer', true, {
    kind: 'warning',
    text: WARNING,
  }),
  'open-then-empty': fault('Opens the ticket; answers an empty 200', true, html(200, '')),
  'open-then-html': fault('Opens the ticket; answers an HTML error page', true, html(500, HTML)),
  'open-then-fault': fault('Opens the ticket; answers with a fault of the server', true, {
    kind: 'fault',
    code: 'SOAP-ENV:Server',
    text: 'Allowed memory size exhausted',
  }),
  'open-then-session-fault': fault('Opens the ticket; a fault of the server speaks of a session', true, {
    kind: 'fault',
    code: 'SOAP-ENV:Server',
    text: 'The session of the mail server has expired, please log in again',
  }),
  'open-then-gzip': fault('Opens the ticket; the answer is compressed with gzip', true, compressed('gzip')),
  'open-then-deflate': fault('Opens the ticket; the answer is deflated', true, compressed('deflate')),
  'open-then-deflate-raw': fault('Opens the ticket; the answer is deflated, bare', true, compressed('deflate-raw')),
  'open-then-brotli': fault('Opens the ticket; the answer is compressed with brotli', true, compressed('br')),
  'open-then-gzip-cut': fault('Opens the ticket; the compressed answer is cut', true, {
    kind: 'compressed',
    codings: ['gzip'],
    cutBytes: 20,
  }),
  'open-then-gzip-bomb': fault('Opens the ticket; the compressed answer grows to 8 MB', true, {
    kind: 'compressed',
    codings: ['gzip'],
    blanksBefore: 8_000_000,
  }),
  'html-200': fault('Answers 200 KB of HTML', false, html(200, HTML + '<p>Maintenance</p>'.repeat(12_000))),
  'bad-gateway': fault('Answers 502 from a proxy', false, html(502, '<html><h1>502 Bad Gateway</h1></html>')),
  'empty-500': fault('Answers an empty 500', false, html(500, '')),
  forbidden: fault('A firewall in front refuses it with 403', false, html(403, '<h1>403 Forbidden</h1>')),
  'forbidden-answer': fault('Opens the ticket; a firewall hides the answer behind 403', true, html(403, HTML)),
  'not-acceptable': fault('A firewall in front refuses it with 406', false, html(406, '<h1>Not Acceptable!</h1>')),
  'too-large': fault('Something in front finds it too large: 413', false, html(413, '<h1>Too Large</h1>')),
  'rate-limited': fault('Something in front wants fewer calls: 429', false, html(429, '<h1>Too Many Requests</h1>')),
  'block-page': fault('A firewall answers 200 and a page of its own', false, html(200, BLOCK_PAGE)),
  json: fault('Answers JSON', false, {
    kind: 'http',
    status: 200,
    contentType: 'application/json',
    body: '{"status":"success","ticket_reference_id":"KVO-530-1"}',
  }),
  redirect: fault('Redirects elsewhere with 307', false, {
    kind: 'http',
    status: 307,
    contentType: 'text/html',
    body: '',
    location: 'http://127.0.0.1:9/api.php',
  }),
  'fault-server': fault('Answers with a fault of the server', false, {
    kind: 'fault',
    code: 'SOAP-ENV:Server',
    text: 'Database gone away',
  }),
  'fault-client': fault('Answers with a fault of the client', false, {
    kind: 'fault',
    code: 'SOAP-ENV:Client',
    text: 'Bad request',
  }),
  nil: fault('Answers nil', false, { kind: 'nil' }),
  blank: fault('Answers an empty string, as to a wrong login', false, { kind: 'string', value: '' }),
  'expired-fault': fault('The session has expired: a fault', false, { kind: 'expired', answer: 'fault' }),
  'expired-nil': fault('The session has expired: nil', false, { kind: 'expired', answer: 'nil' }),
  'expired-text': fault('The session has expired: Failed, with a text', false, { kind: 'expired', answer: 'text' }),
  'expired-mismatch': fault('The session has expired: the text of a wrong email', false, {
    kind: 'expired',
    answer: 'mismatch',
  }),
  refused: fault(
    'Refuses before it opens a ticket',
    false,
    failed('Kayako exception occurred while fetching the user.'),
  ),
  'failed-creating': fault(
    'Fails while it opens the ticket, which may exist',
    true,
    failed('Kayako exception occurred while creating ticket.'),
  ),
  'failed-root-pass': fault(
    'Opens the ticket, then fails over the server password',
    true,
    failed('Kayako exception occurred while updating root/admin pass.'),
  ),
  'failed-notification': fault(
    'Opens the ticket, then fails over a mail about it',
    true,
    failed('The ticket was opened, but the login notification could not be sent.'),
  ),
  'failed-unknown': fault('Fails for a reason never heard of', false, failed('The moon is full.')),
  'odd-status': fault('Answers a status never heard of', true, failed('Queued.', 'incomplete')),
  'reference-minus-one': fault('Opens the ticket; its reference is -1', true, opened('-1')),
  'reference-zero': fault('Opens the ticket; its reference is 0', true, opened('0')),
  'reference-empty': fault('Opens the ticket; its reference is empty', true, opened('')),
  'reference-nan': fault('Opens the ticket; its reference is NaN', true, opened('NaN')),
  'reference-null': fault('Opens the ticket; its reference is the word null', true, opened('null')),
  'reference-number': fault('Opens the ticket; its reference is a number', true, opened('34143')),
} as const satisfies Record<string, NamedFault>;

export type HelpdeskFaultName = keyof typeof HELPDESK_FAULTS;

/** The names with one line each, for switches on a page. */
export function listHelpdeskFaults(): { name: HelpdeskFaultName; description: string }[] {
  return Object.entries(HELPDESK_FAULTS).map(([name, { description }]) => ({
    name: name as HelpdeskFaultName,
    description,
  }));
}

function fault(description: string, works: boolean, effect: HelpdeskFault['effect']): NamedFault {
  return { description, works, effect };
}
