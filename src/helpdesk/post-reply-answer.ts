import { HelpdeskError, type HelpdeskErrorKind } from '../tickets/helpdesk-client.ts';
import type { PostReplyResult } from '../tickets/helpdesk-ticket.ts';
import { isClientFault } from './helpdesk-replies.ts';
import type { CallResult, SoapReply } from './soap-caller.ts';
import {
  ACCOUNT_MISMATCH,
  isAboutSessionAlone,
  KAYAKO_EXCEPTION,
  SPEAKS_OF_SESSION,
  saysFailed,
  saysSuccess,
  sessionRefused,
} from './status-texts.ts';
import { parseStatusReply } from './ticket-replies.ts';

/** What one call of api_ticketPost says. */
export interface PostReplyAnswer {
  /** What it means with a session that is known to be good. */
  readonly result: PostReplyResult;
  /** With an older session it may say only that this has expired. Nothing was written then. */
  readonly mayBeExpired: boolean;
}

/** What the helpdesk checks before it writes anything, as the whole of what it says. */
const REFUSED = [
  /^(?:(?:the|a|your|user|ticket|reply|post|contents?|message|text|body|e?mail|id|ticketid) ){1,4}(?:is|are|was) (?:required|missing|empty|blank|invalid|not valid|not found)[.!]*(?: please try again[.!]*)?$/i,
  /^invalid (?:ticket|ticket id|ticketid|contents?)[.!]*(?: please try again[.!]*)?$/i,
  /^invalid email address[.!]*(?: - does not match your account email[.!]*)?$/i,
];

/** Words for the writing, for what comes after it, and for telling people of it: the post may exist, or does. */
const MAY_BE_POSTED =
  /\b(?:creat|open|reopen|submi|rais|add(?:ed|ing|s)?\b|post|repl(?:y|ie)|sav(?:e|ing)|stor(?:e|ing)|insert|writ|generat|issu|assign|attach|updat|chang|set(?:s|ting)?\b|sen[dt]|notif|confirm|mail(?:ed|ing)\b)/i;

/** What a client's session is told of a ticket that is not its own, and perhaps a session that has no account any more. */
const NOT_YOURS = /\bgetting ticket priority\b/i;

/** Reads what became of one call of api_ticketPost: certain only of what the helpdesk certainly said. */
export function readPostReplyAnswer(call: CallResult): PostReplyAnswer {
  switch (call.kind) {
    case 'failed':
      return answer(
        call.written ? { kind: 'unconfirmed', cause: call.error } : { kind: 'unreachable', cause: call.error },
      );
    case 'fault':
      // A fault of the server may come after the post, whatever it says. One of the client comes before.
      return answer(
        { kind: 'unconfirmed', cause: call.error },
        isClientFault(call.code) && SPEAKS_OF_SESSION.test(call.text) && !MAY_BE_POSTED.test(call.text),
      );
    case 'reply':
      return readReply(call);
  }
}

function readReply({ value, whole }: SoapReply): PostReplyAnswer {
  const reply = parseStatusReply(value);
  switch (reply.kind) {
    case 'unreadable':
      return answer(unconfirmed('not-soap', 'the helpdesk answered without a status'));
    case 'nil':
      // An answer that broke off can look empty, with the post written.
      return answer(unconfirmed('not-soap', 'the helpdesk answered nil'), whole);
    case 'status':
      if (saysSuccess(reply.status)) return answer({ kind: 'posted' });
      if (saysFailed(reply.status)) return readFailure(reply.statusText);
      return answer(unconfirmed('unexpected-status', 'the helpdesk answered an unknown status'));
  }
}

function readFailure(reason: string): PostReplyAnswer {
  const isException = KAYAKO_EXCEPTION.test(reason) && !MAY_BE_POSTED.test(reason);
  if (isException || REFUSED.some((pattern) => pattern.test(reason))) {
    return answer({ kind: 'refused', reason }, ACCOUNT_MISMATCH.test(reason) || NOT_YOURS.test(reason));
  }
  if (isAboutSessionAlone(reason)) return answer({ kind: 'unreachable', cause: sessionRefused() }, true);
  return answer(
    MAY_BE_POSTED.test(reason)
      ? unconfirmed('unexpected-status', 'the helpdesk failed while or after it wrote the post')
      : unconfirmed('unexpected-status', 'the helpdesk failed and gave an unknown reason'),
  );
}

function answer(result: PostReplyResult, mayBeExpired = false): PostReplyAnswer {
  return { result, mayBeExpired };
}

function unconfirmed(kind: HelpdeskErrorKind, message: string): PostReplyResult {
  return { kind: 'unconfirmed', cause: new HelpdeskError(kind, message) };
}
