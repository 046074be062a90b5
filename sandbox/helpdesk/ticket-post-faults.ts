import { ERROR_PAGE, type HelpdeskFault, html, type NamedFault, PHP_WARNING } from './fault-effects.ts';

const ADDING_POST = failed('Kayako exception occurred adding post.');

/** What can go wrong with api_ticketPost, by name. */
export const TICKET_POST_FAULTS = {
  'post-hang': fault('Never answers, and writes no post', false, { kind: 'hang' }),
  'post-slow': fault('Writes the post and answers after five seconds', true, { kind: 'late', ms: 5_000 }),
  'post-reset': fault('Breaks the connection off before it writes the post', false, { kind: 'reset' }),
  'post-then-reset': fault('Writes the post, then breaks the connection off', true, { kind: 'reset' }),
  'post-then-hang': fault('Writes the post, then never answers', true, { kind: 'hang' }),
  'post-then-exception': fault('Writes the post, then fails at adding it', true, ADDING_POST),
  'post-not-written-exception': fault('Fails at adding the post, and writes none', false, ADDING_POST),
  'post-then-notification': fault(
    'Writes the post, then fails over a mail about it',
    true,
    failed('The reply was added, but the login notification could not be sent.'),
  ),
  'post-then-cut': fault('Writes the post; the last tag of the answer is cut', true, { kind: 'cut', bytes: 20 }),
  'post-then-cut-deep': fault('Writes the post; half of the answer is cut', true, { kind: 'cut', bytes: 260 }),
  'post-then-warning': fault('Writes the post; PHP warnings come before the answer', true, {
    kind: 'warning',
    text: PHP_WARNING,
  }),
  'post-then-html': fault('Writes the post; answers an HTML error page', true, html(500, ERROR_PAGE)),
  'post-then-fault': fault('Writes the post; answers with a fault of the server', true, {
    kind: 'fault',
    code: 'SOAP-ENV:Server',
    text: 'Allowed memory size exhausted',
  }),
  'post-then-session-fault': fault('Writes the post; a fault of the server speaks of a session', true, {
    kind: 'fault',
    code: 'SOAP-ENV:Server',
    text: 'The session of the mail server has expired, please log in again',
  }),
  'post-then-odd-status': fault('Writes the post; answers a status never heard of', true, {
    kind: 'status',
    status: 'incomplete',
    text: 'Queued.',
  }),
  'post-forbidden': fault('A firewall in front refuses the post with 403', false, html(403, ERROR_PAGE)),
  'post-refused': fault('The ticket system is down before the post is written', true, { kind: 'backend-down' }),
  'post-failed-unknown': fault('Writes no post for a reason never heard of', false, failed('The moon is full.')),
} as const satisfies Record<string, NamedFault>;

function failed(text: string): HelpdeskFault['effect'] {
  return { kind: 'status', status: 'failed', text: `${text} Please try again!` };
}

function fault(description: string, works: boolean, effect: HelpdeskFault['effect']): NamedFault {
  return { description, works, effect, operation: 'api_ticketPost' };
}
