import { ERROR_PAGE, type HelpdeskFault, html, type NamedFault, PHP_WARNING } from './fault-effects.ts';
import type { ContentCoding } from './wire.ts';

/** What F5's firewall says, with a 200. */
const BLOCK_PAGE =
  '<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. Please consult with your administrator.<br><br>Your support ID is: 8472</body></html>';

function compressed(...codings: ContentCoding[]): HelpdeskFault['effect'] {
  return { kind: 'compressed', codings };
}

function failed(text: string, status = 'failed'): HelpdeskFault['effect'] {
  return { kind: 'ticket', status, text: `${text} Please try again!`, reference: '-1' };
}

function opened(reference: string): HelpdeskFault['effect'] {
  return { kind: 'ticket', status: 'success', text: 'created ticket successfully.', reference };
}

/** What can go wrong with api_openTicket, by name. Most of it can happen to any other operation, too. */
export const OPEN_TICKET_FAULTS = {
  hang: fault('Never answers, and opens no ticket', false, { kind: 'hang' }),
  slow: fault('Opens the ticket and answers after five seconds', true, { kind: 'late', ms: 5_000 }),
  reset: fault('Breaks the connection off before it opens a ticket', false, { kind: 'reset' }),
  'open-then-reset': fault('Opens the ticket, then breaks the connection off', true, { kind: 'reset' }),
  'open-then-hang': fault('Opens the ticket, then never answers', true, { kind: 'hang' }),
  'open-then-cut': fault('Opens the ticket; the last tag of the answer is cut', true, { kind: 'cut', bytes: 20 }),
  'open-then-cut-deep': fault('Opens the ticket; half of the answer is cut', true, { kind: 'cut', bytes: 260 }),
  'open-then-warning': fault('Opens the ticket; PHP warnings come before the answer', true, {
    kind: 'warning',
    text: PHP_WARNING,
  }),
  'open-then-empty': fault('Opens the ticket; answers an empty 200', true, html(200, '')),
  'open-then-html': fault('Opens the ticket; answers an HTML error page', true, html(500, ERROR_PAGE)),
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
  'html-200': fault('Answers 200 KB of HTML', false, html(200, ERROR_PAGE + '<p>Maintenance</p>'.repeat(12_000))),
  'bad-gateway': fault('Answers 502 from a proxy', false, html(502, '<html><h1>502 Bad Gateway</h1></html>')),
  'empty-500': fault('Answers an empty 500', false, html(500, '')),
  forbidden: fault('A firewall in front refuses it with 403', false, html(403, '<h1>403 Forbidden</h1>')),
  'forbidden-answer': fault('Opens the ticket; a firewall hides the answer behind 403', true, html(403, ERROR_PAGE)),
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

function fault(description: string, works: boolean, effect: HelpdeskFault['effect']): NamedFault {
  return { description, works, effect, operation: 'api_openTicket' };
}
