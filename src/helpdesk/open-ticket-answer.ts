import { HelpdeskError, type OpenTicketResult } from '../tickets/helpdesk-client.ts';
import { parseTicketReply } from './helpdesk-replies.ts';
import type { CallResult } from './soap-caller.ts';

/** What one call of api_openTicket says. */
export interface OpenTicketAnswer {
  /** What it means with a session that is known to be good. */
  readonly result: OpenTicketResult;
  /** With an older session it may say only that this has expired. Nothing was created then. */
  readonly mayBeExpired: boolean;
}

/** Failed checks and reads, all made before the helpdesk creates the ticket. */
const REFUSED = [
  /^user email is required/i,
  /^user ip is required/i,
  /^user email is not valid/i,
  /^invalid email address/i,
  /^kayako exception occurred/i,
];

/** These are told when the ticket may exist already, or does. */
const AFTER_CREATION = [/\bcreat\w+\b.{0,40}\bticket/i, /\bupdating\b.{0,40}\bpass/i];

/** An account that does not own the address, or a session that has no account any more. */
const EMAIL_MISMATCH = /does not match your account email/i;

const SPEAKS_OF_SESSION = /\bsession|\blogin\b|\blog(?:ged)?[\s-](?:in|out)\b/i;

const SUCCESS = new Set(['success', 'ok']);

/** A display ID such as KVO-530-34143, or a number. */
const REFERENCE = /^(?!0+$)[A-Z0-9][A-Z0-9.-]{0,63}$/i;

/** Reads what became of one call of api_openTicket: certain only of what the helpdesk certainly said. */
export function readOpenTicketAnswer(call: CallResult): OpenTicketAnswer {
  switch (call.kind) {
    case 'failed':
      return answer(
        call.written ? { kind: 'unconfirmed', cause: call.error } : { kind: 'unreachable', cause: call.error },
      );
    case 'fault':
      // A fault of the server may come after the creation; one of the client, or about the session, comes before.
      return answer(
        { kind: 'unconfirmed', cause: call.error },
        /(?:^|[:.])client$/i.test(call.code) || SPEAKS_OF_SESSION.test(call.text),
      );
    case 'reply':
      return readReply(call.value, call.whole);
  }
}

function readReply(value: unknown, whole: boolean): OpenTicketAnswer {
  const reply = parseTicketReply(value);
  switch (reply.kind) {
    case 'unreadable':
      return answer(unconfirmed('not-soap', 'the helpdesk answered without a status'));
    case 'nil':
      // An answer that broke off can look empty, with the ticket opened.
      return answer(unconfirmed('not-soap', 'the helpdesk answered nil'), whole);
    case 'ticket':
      return readTicket(reply.status.toLowerCase(), reply.statusText, reply.reference);
  }
}

function readTicket(status: string, statusText: string, reference: string): OpenTicketAnswer {
  const known = REFERENCE.test(reference) ? reference : undefined;
  if (SUCCESS.has(status)) return answer({ kind: 'opened', reference: known });
  if (status !== 'failed') return answer(unconfirmed('unexpected-status', 'the helpdesk answered an unknown status'));
  if (known !== undefined || AFTER_CREATION.some((pattern) => pattern.test(statusText))) {
    return answer(unconfirmed('unexpected-status', 'the helpdesk failed while or after it created the ticket'));
  }
  if (REFUSED.some((pattern) => pattern.test(statusText))) {
    return answer({ kind: 'refused', reason: statusText }, EMAIL_MISMATCH.test(statusText));
  }
  if (SPEAKS_OF_SESSION.test(statusText)) {
    const cause = new HelpdeskError('login', 'the helpdesk does not accept the session that it gave');
    return answer({ kind: 'unreachable', cause }, true);
  }
  return answer(unconfirmed('unexpected-status', 'the helpdesk failed and gave an unknown reason'));
}

function answer(result: OpenTicketResult, mayBeExpired = false): OpenTicketAnswer {
  return { result, mayBeExpired };
}

function unconfirmed(kind: 'not-soap' | 'unexpected-status', message: string): OpenTicketResult {
  return { kind: 'unconfirmed', cause: new HelpdeskError(kind, message) };
}
