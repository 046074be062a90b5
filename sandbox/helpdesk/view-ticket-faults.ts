import { ERROR_PAGE, type HelpdeskFault, html, type NamedFault, PHP_WARNING } from './fault-effects.ts';

/** What can go wrong with api_viewTicket, by name. */
export const VIEW_TICKET_FAULTS = {
  'view-failed': fault('The ticket system is down, which reads like "no such ticket"', true, { kind: 'backend-down' }),
  'view-slow': fault('Shows the ticket after five seconds', true, { kind: 'late', ms: 5_000 }),
  'view-hang': fault('Never shows the ticket', false, { kind: 'hang' }),
  'view-reset': fault('Breaks the connection off instead of showing the ticket', false, { kind: 'reset' }),
  // Less than the end tags around the ticket, which it leaves whole.
  'view-cut-tags': fault('Shows the ticket; the last tags of the answer are cut', true, { kind: 'cut', bytes: 60 }),
  'view-cut': fault('Shows a part of the ticket: the answer is cut in the posts', true, { kind: 'cut', bytes: 150 }),
  'view-warning': fault('Shows the ticket; PHP warnings come before the answer', true, {
    kind: 'warning',
    text: PHP_WARNING,
  }),
  'view-html': fault('Answers a look with an HTML error page', false, html(500, ERROR_PAGE)),
  'view-forbidden': fault('A firewall in front hides the ticket behind 403', true, html(403, ERROR_PAGE)),
  'view-fault': fault('Answers a look with a fault of the server', false, {
    kind: 'fault',
    code: 'SOAP-ENV:Server',
    text: 'Allowed memory size exhausted',
  }),
  'view-nil': fault('Answers a look with nil', false, { kind: 'nil' }),
  'view-odd-status': fault('Answers a look with a status never heard of', false, {
    kind: 'status',
    status: 'incomplete',
    text: 'Queued.',
  }),
  'view-empty': fault('Says success, and shows no ticket', false, { kind: 'status', status: 'success', text: '' }),
} as const satisfies Record<string, NamedFault>;

function fault(description: string, works: boolean, effect: HelpdeskFault['effect']): NamedFault {
  return { description, works, effect, operation: 'api_viewTicket' };
}
