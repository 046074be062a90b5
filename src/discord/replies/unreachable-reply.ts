import type { TicketOutcome } from '../../tickets/ticket-outcome.ts';
import { atStart, inSentence } from './helpdesk-words.ts';
import { card, type Reply, timestamp } from './reply.ts';
import { hasTryAgain, mayWait } from './ticket-buttons.ts';
import { CHANGE_THE_TEXT, type TicketReplyContext } from './ticket-reply-context.ts';

function savedWords({ answers }: Pick<TicketOutcome, 'answers'>): string {
  return `**${answers === undefined ? 'No ticket was opened' : 'Nothing was posted'}**; your text is saved, also under \`/account\`.`;
}

/** What a person reads about a call that certainly opened nothing. */
export function unreachableReply(
  outcome: Extract<TicketOutcome, { kind: 'unreachable' }>,
  context: Pick<TicketReplyContext, 'helpdesk' | 'isEscalation' | 'leftAloneUntil'>,
): Reply {
  const { helpdesk } = context;
  const saved = savedWords(outcome);
  const lastTry = `-# Last try ${timestamp(outcome.at, 'R')}`;
  switch (outcome.cause) {
    case 'no-turn':
      return card('not-sent', `💤 ${atStart(helpdesk)} is overloaded`, [
        `Your turn didn't come in time. ${saved}`,
        ...whatNext(outcome, context),
        lastTry,
      ]);
    case 'rate-limited':
      return card('not-sent', `💤 ${atStart(helpdesk)} isn't taking more requests right now`, [
        saved,
        ...whatNext(outcome, context),
        lastTry,
      ]);
    case 'firewall':
      return card('refused', "❌ This text didn't get through", [
        `Something in front of ${inSentence(helpdesk)} blocked it, such as a firewall or a size limit. ${saved}`,
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
        saved,
        ...whatNext(outcome, context),
        lastTry,
      ]);
  }
}

/** What the person can do, and from when on it can work. */
function whatNext(
  outcome: Extract<TicketOutcome, { kind: 'unreachable' }>,
  { isEscalation, leftAloneUntil }: Pick<TicketReplyContext, 'isEscalation' | 'leftAloneUntil'>,
): readonly (string | false)[] {
  const isLeftAlone = leftAloneUntil !== undefined;
  const when = isLeftAlone ? 'after that' : 'in a few minutes';
  return [
    ...(isLeftAlone
      ? [`It keeps failing, so the bot is giving it a break. The next try is ${timestamp(leftAloneUntil, 'R')}.`]
      : []),
    mayWait(outcome, { isEscalation })
      ? `Press **Send when it's back** and it's sent for you, or **Try again** ${when}.`
      : hasTryAgain(outcome) && `Press **Try again** ${when}.`,
  ];
}
