import type { HelpdeskErrorKind } from './helpdesk-client.ts';

/**
 * Whether a failure is the helpdesk's own, whatever the text was.
 * @returns undefined where it depends: before the text was sent it is the helpdesk, after that it may be the text.
 */
export function saysHelpdeskFails(kind: HelpdeskErrorKind): boolean | undefined {
  switch (kind) {
    case 'connect':
    case 'timeout':
    case 'login':
    case 'login-blocked':
    case 'server-error':
    case 'fault':
      return true;
    case 'connection-lost':
    case 'not-soap':
    case 'unexpected-status':
    case 'bad-request':
      return undefined;
    case 'firewall':
    case 'rate-limited':
    case 'no-turn':
    case 'closed':
      return false;
  }
}

const REFUSALS: ReadonlySet<HelpdeskErrorKind> = new Set(['login', 'login-blocked', 'rate-limited', 'firewall']);

/** Whether the helpdesk, or something in front of it, refuses the bot rather than being away: some lock an account after a few tries. */
export function refusesLogin(kind: HelpdeskErrorKind): boolean {
  return REFUSALS.has(kind);
}

const NOT_REPEATED: ReadonlySet<HelpdeskErrorKind> = new Set([
  'login',
  'login-blocked',
  'firewall',
  'rate-limited',
  'closed',
]);

/**
 * Whether a call that created nothing is made again at once. A refused login is not: some systems lock an account after a few.
 * Nor is what something in front of the helpdesk refuses: it would refuse it again, or count it.
 */
export function mayRepeatAfter(kind: HelpdeskErrorKind): boolean {
  return !NOT_REPEATED.has(kind);
}
