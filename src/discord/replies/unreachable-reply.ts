import type { HelpdeskErrorKind } from '../../tickets/helpdesk-client.ts';
import { atStart, inSentence } from './helpdesk-words.ts';
import { card, type Reply, timestamp } from './reply.ts';
import { CHANGE_THE_TEXT, type TicketReplyContext } from './ticket-reply-context.ts';

const SAVED = '**No ticket was opened**; your text is saved, also under `/account`.';
const TRY_IN_A_FEW_MINUTES = 'Press **Try again** in a few minutes.';

/** What a person reads about a call that certainly opened nothing. */
export function unreachableReply(
  kind: HelpdeskErrorKind | undefined,
  { helpdesk, triedAt }: Pick<TicketReplyContext, 'helpdesk' | 'triedAt'>,
): Reply {
  const lastTry = triedAt !== undefined && `-# Last try ${timestamp(triedAt, 'R')}`;
  switch (kind) {
    case 'no-turn':
      return card('not-sent', `💤 ${atStart(helpdesk)} is overloaded`, [
        `Your turn did not come in time. ${SAVED}`,
        TRY_IN_A_FEW_MINUTES,
        lastTry,
      ]);
    case 'rate-limited':
      return card('not-sent', `💤 ${atStart(helpdesk)} takes no more requests right now`, [
        SAVED,
        TRY_IN_A_FEW_MINUTES,
        lastTry,
      ]);
    case 'firewall':
      return card('refused', "❌ This text didn't get through", [
        `Something in front of ${inSentence(helpdesk)} blocked it, such as a firewall or a limit of size. ${SAVED}`,
        CHANGE_THE_TEXT,
        lastTry,
      ]);
    case 'connect':
    case 'timeout':
    case 'connection-lost':
    case 'login':
    case 'login-blocked':
    case 'fault':
    case 'bad-request':
    case 'server-error':
    case 'not-soap':
    case 'unexpected-status':
    case 'closed':
    case undefined:
      return card('not-sent', `💤 Can't reach ${inSentence(helpdesk)} right now`, [
        SAVED,
        TRY_IN_A_FEW_MINUTES,
        lastTry,
      ]);
  }
}
