import { type FieldIssue, TICKET_FIELDS } from '../../tickets/ticket-fields.ts';
import type { OutcomeReason } from '../../tickets/ticket-outcome.ts';
import { blockedCard, limitedCard, pausedCard } from './closed-reply.ts';
import { atStart, type HelpdeskNames, inSentence } from './helpdesk-words.ts';
import { card, lines, type Reply } from './reply.ts';

const SAVED = '**Nothing was sent**; your text is saved.';

/**
 * What a person reads about a text that was not sent, and why.
 * @param tryAgain Whether there is a button with that name: no other one is spoken of.
 */
export function notSentReply(reason: OutcomeReason, helpdesk: HelpdeskNames, tryAgain: boolean): Reply {
  switch (reason.kind) {
    case 'interrupted':
      return card('not-sent', '📝 Not sent yet', [
        'The bot was interrupted before it was your turn. **Nothing was sent**; your text is saved.',
        tryAgain && 'Press **Try again** to send it.',
      ]);
    case 'not-linked':
      return card('not-sent', `🔗 Link your email at ${inSentence(helpdesk)} first`, [
        'It takes a minute. **Nothing was sent**; your text is saved.',
        `Press **Link account**${tryAgain ? '; after that, **Try again** here sends what you wrote' : ''}.`,
      ]);
    case 'invalid':
      return card('not-sent', '✏️ Please fix this first', [
        ...reason.issues.map((issue) => `- ${issueWords(issue)}`),
        `${SAVED} Press **Edit** to change it.`,
      ]);
    case 'limited':
      return saved(limitedCard(reason), tryAgain && 'Press **Try again** then.');
    case 'paused':
      return saved(pausedCard(reason), tryAgain && 'Press **Try again** when tickets are open again.');
    case 'blocked':
      return saved(blockedCard(reason));
    case 'not-moderator':
      return card('not-sent', '⛔ Only moderators can escalate', [
        "You're no longer a moderator of that message's server. **Nothing was sent**.",
        'Your text is saved for you: ask a moderator to take it on.',
      ]);
    case 'author-unavailable':
      return card('not-sent', "👤 The author's account can't be used any more", [
        `They unlinked it, or don't want tickets in their name. ${SAVED}`,
        'Choose another account with **Edit**.',
      ]);
    case 'ticket-closed':
      return card('not-sent', '🔒 This ticket is closed', [SAVED, 'Open a new one with `/ticket`.']);
    case 'ticket-not-shown':
      return card('not-sent', "🔍 This ticket can't be answered here", [
        `${atStart(helpdesk)} doesn't show it for the account that you linked. ${SAVED}`,
        `Answer it by email or at ${inSentence(helpdesk)}, or try again later.`,
      ]);
    case 'community-unavailable':
      return card('not-sent', "👤 The community's account isn't set up any more", [
        SAVED,
        'Choose another account with **Edit**.',
      ]);
    case 'escalation-expired':
      return card('not-sent', '⌛ This escalation timed out', [
        `It expired, or became a ticket. ${SAVED}`,
        'Right-click the message and escalate it again; what you wrote is under **Show my text**.',
      ]);
  }
}

/** The reason for which the form would not open, said of a text that was written. */
function saved(reply: Reply, next?: string | false): Reply {
  return { ...reply, kind: 'not-sent', content: lines(reply.content, SAVED, next) };
}

function issueWords({ field, problem }: FieldIssue): string {
  const { name, maxLength } = TICKET_FIELDS[field];
  switch (problem) {
    case 'blank':
      return `The ${name} is empty.`;
    case 'too-long':
      return `The ${name} is longer than ${maxLength} characters.`;
    case 'line-break':
      return `The ${name} has a line break in it.`;
  }
}
