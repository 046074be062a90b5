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
