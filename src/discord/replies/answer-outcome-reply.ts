import type { DuplicateOf, TicketOutcome } from '../../tickets/ticket-outcome.ts';
import { escapeUserText } from './escape-user-text.ts';
import { atStart, inSentence } from './helpdesk-words.ts';
import { notSentReply } from './not-sent-reply.ts';
import { card, lines, type Reply, timestamp } from './reply.ts';
import { hasTryAgain } from './ticket-buttons.ts';
import type { TicketReplyContext } from './ticket-reply-context.ts';
import { unreachableReply } from './unreachable-reply.ts';

const REFERENCE_LENGTH = 60;
const REASON_LENGTH = 600;

/** A ticket in a sentence: its display ID, or that it is the person's. */
function ticketWords(answers: string): string {
  return answers === '' ? 'your ticket' : escapeUserText(answers, REFERENCE_LENGTH);
}

/** What a person reads about what became of an answer to one of their tickets. Its buttons come from elsewhere. */
export function answerOutcomeReply(outcome: TicketOutcome, answers: string, context: TicketReplyContext): Reply {
  const reply = replyOf(outcome, ticketWords(answers), context);
  const { earlier } = outcome;
  if (!earlier) return reply;
  const kind = earlier.state === 'opened' ? 'already-opened' : 'unsure';
  return { ...reply, kind, content: lines(reply.content, earlierWords(earlier)) };
}

function replyOf(outcome: TicketOutcome, ticket: string, context: TicketReplyContext): Reply {
  const helpdesk = inSentence(context.helpdesk);
  switch (outcome.kind) {
    case 'opened':
      return card('opened', `✅ Your reply is in ${ticket}`, [
        'Support sees it there. Their answer comes by email, too.',
      ]);
    case 'refused':
      return card('refused', `❌ ${atStart(context.helpdesk)} didn't accept this reply`, [
        outcome.reason && `> ${escapeUserText(outcome.reason, REASON_LENGTH).replaceAll('\n', '\n> ')}`,
        '**Nothing was posted**; your text is saved.',
        'Change it with **Edit**, or try again later.',
      ]);
    case 'unreachable':
      return unreachableReply(outcome, context);
    case 'waiting':
      return card('not-sent', `⏳ Sent as soon as ${helpdesk} is back`, [
        "You don't need to do anything: it's sent once, and you get a direct message then.",
        `**Nothing was posted yet.** Your text is saved until ${timestamp(outcome.until, 'f')}; after that it's no longer sent.`,
        '-# You can close this message. **Cancel** is also under `/account`.',
      ]);
    case 'unconfirmed':
      return card('unsure', '⚠️ Not sure your reply went through', [
        `It was sent to ${helpdesk}, but no clear answer came back, and it couldn't be found out whether it is in ${ticket}.${outcome.isTextGone ? '' : ' Your text is saved.'}`,
        `**Look at the ticket first**, under **My tickets**${outcome.isTextGone ? '.' : ": is your reply there, then you're done. Otherwise send it again."}`,
      ]);
    case 'not-sent':
      return notSentReply(outcome.reason, context.helpdesk, hasTryAgain(outcome));
    case 'duplicate':
      return duplicateReply(outcome.of, ticket);
    case 'gone':
      return card('gone', '🗑️ This text is gone', [
        'It was posted, expired, or was deleted. Nothing was sent now. Write a new reply from `/tickets`.',
      ]);
  }
}

function duplicateReply(of: { readonly state: 'in-progress' } | DuplicateOf, ticket: string): Reply {
  switch (of.state) {
    case 'in-progress':
      return card('under-way', '⏳ Already being sent', [
        "The result will show up in the other message. You don't need to do anything.",
        "Did you change the text meanwhile? It's saved: press **Try again** after that.",
      ]);
    case 'opened':
      return card('already-opened', `✅ Already posted to ${ticket}`, [
        `It was posted ${timestamp(of.at, 'R')}. Nothing was sent now.`,
        'Want it there twice? Press the red button.',
      ]);
    case 'unconfirmed':
      return card('unsure', `⚠️ This may be in ${ticket} already`, [
        `It was sent ${timestamp(of.at, 'R')}, and no clear answer came back. Nothing was sent now; your text is saved.`,
        '**Look at the ticket first**, under **My tickets**. Otherwise send it again.',
      ]);
  }
}

/** Said below an outcome of which alone one would think that nothing was posted. */
function earlierWords(earlier: NonNullable<TicketOutcome['earlier']>): string {
  switch (earlier.state) {
    case 'unknown':
      return "⚠️ Did you send it before? **Then it may be in the ticket already**: we can't look that up right now.";
    case 'unconfirmed':
      return `⚠️ **But what was sent ${timestamp(earlier.at, 'R')} may be in the ticket.** Look there first, under **My tickets**.`;
    case 'opened':
      return `✅ **But what was sent ${timestamp(earlier.at, 'R')} is in the ticket already.**`;
  }
}

/** While the bot looks whether a doubtful answer was posted. */
export function lookingReply(): Reply {
  return card('under-way', '⏳ Checking whether your reply went through', [
    'No clear answer came back, so we look at the ticket. This takes a few minutes at most, and this message will say what we found.',
  ]);
}
