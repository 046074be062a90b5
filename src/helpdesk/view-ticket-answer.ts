import { HelpdeskError, type HelpdeskErrorKind } from '../tickets/helpdesk-client.ts';
import type { ViewTicketResult } from '../tickets/helpdesk-ticket.ts';
import type { CallResult, SoapReply } from './soap-caller.ts';
import { isAboutSessionAlone, SPEAKS_OF_SESSION, saysFailed, saysSuccess, sessionRefused } from './status-texts.ts';
import { parseViewReply } from './ticket-replies.ts';

/** What one call of api_viewTicket says. */
export interface ViewTicketAnswer {
  /** What it means with a session that is known to be good. */
  readonly result: ViewTicketResult;
  /** With an older session it may say only that this has expired. */
  readonly mayBeExpired: boolean;
}

/** To an admin's session: there is no such ticket, or the ticket system is down. It has looked, so it knows the session. */
const SESSION_WAS_KNOWN = /\bgetting ticket details\b/i;

/** Reads what one call of api_viewTicket says. A look writes nothing, so whatever may be an expired session is one. */
export function readViewTicketAnswer(call: CallResult): ViewTicketAnswer {
  switch (call.kind) {
    case 'failed':
      return answer({ kind: 'unreachable', cause: call.error });
    case 'fault':
      return answer({ kind: 'unreachable', cause: call.error }, SPEAKS_OF_SESSION.test(call.text));
    case 'reply':
      return readReply(call);
  }
}

function readReply({ value, whole, unfinished }: SoapReply): ViewTicketAnswer {
  const reply = parseViewReply(value);
  switch (reply.kind) {
    case 'unreadable':
      return answer(unreachable('not-soap', 'the helpdesk answered without a status'));
    case 'nil':
      return answer(unreachable('not-soap', 'the helpdesk answered nil'), whole);
    case 'status': {
      const { status, statusText, ticket } = reply;
      if (saysFailed(status)) {
        if (isAboutSessionAlone(statusText)) return answer({ kind: 'unreachable', cause: sessionRefused() }, true);
        return answer({ kind: 'refused' }, !SESSION_WAS_KNOWN.test(statusText));
      }
      if (!saysSuccess(status)) {
        return answer(unreachable('unexpected-status', 'the helpdesk answered an unknown status'));
      }
      // Posts that were cut away would look like posts that do not exist. Whether one exists is what is looked for.
      if (!whole && (!ticket || unfinished.includes('result'))) {
        return answer(unreachable('not-soap', 'the helpdesk answered with a part of the ticket'));
      }
      if (!ticket) return answer(unreachable('not-soap', 'the helpdesk answered with a ticket that cannot be read'));
      return answer({ kind: 'viewed', ticket });
    }
  }
}

function answer(result: ViewTicketResult, mayBeExpired = false): ViewTicketAnswer {
  return { result, mayBeExpired };
}

function unreachable(kind: HelpdeskErrorKind, message: string): ViewTicketResult {
  return { kind: 'unreachable', cause: new HelpdeskError(kind, message) };
}
