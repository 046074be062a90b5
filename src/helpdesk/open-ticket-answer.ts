import { HelpdeskError, type OpenTicketResult } from '../tickets/helpdesk-client.ts';
import { isClientFault, parseTicketReply } from './helpdesk-replies.ts';
import { refusalSubject } from './refusal-subject.ts';
import type { CallResult } from './soap-caller.ts';
import {
  ACCOUNT_MISMATCH,
  isAboutSessionAlone,
  KAYAKO_EXCEPTION,
  SPEAKS_OF_SESSION,
  saysFailed,
  saysSuccess,
  sessionRefused,
} from './status-texts.ts';

/** What one call of api_openTicket says. */
export interface OpenTicketAnswer {
  /** What it means with a session that is known to be good. */
  readonly result: OpenTicketResult;
  /** With an older session it may say only that this has expired. Nothing was created then. */
  readonly mayBeExpired: boolean;
}

/** What the helpdesk checks first, in its own words and nothing else: certainly before it creates a ticket. */
const REFUSED = [
  /^user email is required[.!]*(?: please try again[.!]*)?$/i,
  /^user ip is required[.!]*(?: please try again[.!]*)?$/i,
  /^user email is not valid[.!]*(?: please try again[.!]*)?$/i,
  /^invalid email address[.!]*(?: - does not match your account email[.!]*)?$/i,
];

/** Words for the creation, for what comes after it, and for telling people of it: the ticket may exist, or does. */
const MAY_BE_OPEN =
  /\b(?:creat|open|submi|rais|regist|add(?:ed|ing|s)?\b|post|sav(?:e|ing)|stor(?:e|ing)|insert|writ|generat|issu|assign|attach|updat|set(?:s|ting)?\b|sen[dt]|notif|confirm|mail(?:ed|ing)\b)/i;

/** A display ID such as KVO-530-34143: three groups, each of letters or of digits, the last one of digits. */
const DISPLAY_ID = /^(?:[A-Z]{1,10}|\d{1,10})-(?:[A-Z]{1,10}|\d{1,10})-(?=0*[1-9])\d{1,12}$/i;

/** A ticket's number. */
const NUMBER = /^0*[1-9]\d{0,18}$/;

/** What PHP, SOAP and scripts in between write where there is nothing to write. */
const NOTHING = /^(?:nan|null|nil|none|undefined|false|true|array|object|inf|infinity)$/i;

/** @returns The reference, or undefined for what does not look like one: people look for it at the helpdesk. */
function readReference(text: string): string | undefined {
  if (NUMBER.test(text)) return text;
  const isDisplayId = DISPLAY_ID.test(text) && !text.split('-').some((group) => NOTHING.test(group));
  return isDisplayId ? text : undefined;
}

/** Reads what became of one call of api_openTicket: certain only of what the helpdesk certainly said. */
export function readOpenTicketAnswer(call: CallResult): OpenTicketAnswer {
  switch (call.kind) {
    case 'failed':
      return answer(
        call.written ? { kind: 'unconfirmed', cause: call.error } : { kind: 'unreachable', cause: call.error },
      );
    case 'fault':
      // A fault of the server may come after the creation, whatever it says. One of the client comes before.
      return answer(
        { kind: 'unconfirmed', cause: call.error },
        isClientFault(call.code) && SPEAKS_OF_SESSION.test(call.text) && !MAY_BE_OPEN.test(call.text),
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
      return readTicket(reply.status, reply.statusText, reply.reference);
  }
}

function readTicket(status: string, statusText: string, reference: string): OpenTicketAnswer {
  if (saysSuccess(status)) return answer({ kind: 'opened', reference: readReference(reference) });
  if (!saysFailed(status)) return answer(unconfirmed('unexpected-status', 'the helpdesk answered an unknown status'));
  // A ticket that does not exist has no reference. What stands there then is nothing, or a number that is none.
  if (!/^(?:-\d{1,10}|0*)$/.test(reference) && !NOTHING.test(reference)) {
    return answer(unconfirmed('unexpected-status', 'the helpdesk answered failed, and a reference'));
  }
  const isException = KAYAKO_EXCEPTION.test(statusText) && !MAY_BE_OPEN.test(statusText);
  if (isException || REFUSED.some((pattern) => pattern.test(statusText))) {
    const about = refusalSubject(statusText);
    return answer({ kind: 'refused', reason: statusText, ...(about && { about }) }, ACCOUNT_MISMATCH.test(statusText));
  }
  if (isAboutSessionAlone(statusText)) {
    return answer({ kind: 'unreachable', cause: sessionRefused() }, true);
  }
  return answer(
    MAY_BE_OPEN.test(statusText)
      ? unconfirmed('unexpected-status', 'the helpdesk failed while or after it created the ticket')
      : unconfirmed('unexpected-status', 'the helpdesk failed and gave an unknown reason'),
  );
}

function answer(result: OpenTicketResult, mayBeExpired = false): OpenTicketAnswer {
  return { result, mayBeExpired };
}

function unconfirmed(kind: 'not-soap' | 'unexpected-status', message: string): OpenTicketResult {
  return { kind: 'unconfirmed', cause: new HelpdeskError(kind, message) };
}
