import { FIELD_LIMITS } from '../../tickets/ticket-fields.ts';
import type { DuplicateOf, TicketAccount, TicketOutcome } from '../../tickets/ticket-outcome.ts';
import { answerOutcomeReply } from './answer-outcome-reply.ts';
import { escapeUserText } from './escape-user-text.ts';
import { atStart, type HelpdeskNames, inSentence } from './helpdesk-words.ts';
import { notSentReply } from './not-sent-reply.ts';
import { ownAddress } from './own-address.ts';
import { card, lines, type Reply, row, timestamp } from './reply.ts';
import { editButton, hasTryAgain, retryButton, showTextButton, ticketButtons } from './ticket-buttons.ts';
import { CHANGE_THE_TEXT, type TicketReplyContext } from './ticket-reply-context.ts';
import { unreachableReply } from './unreachable-reply.ts';

const REFERENCE_LENGTH = 60;
const REASON_LENGTH = 600;

/** What a person reads about what became of a submit, with what they can do next. */
export function ticketReply(outcome: TicketOutcome, context: TicketReplyContext): Reply {
  const { answers } = outcome;
  if (answers !== undefined)
    return { ...answerOutcomeReply(outcome, answers, context), components: ticketButtons(outcome, context) };
  const reply = { ...outcomeReply(outcome, context), components: ticketButtons(outcome, context) };
  const { earlier } = outcome;
  if (!earlier) return reply;
  // What it may have become weighs more than what came of it now.
  const kind = earlier.state === 'opened' ? 'already-opened' : 'unsure';
  return { ...reply, kind, content: lines(reply.content, earlierWords(earlier, outcome, context)) };
}

function outcomeReply(outcome: TicketOutcome, context: TicketReplyContext): Reply {
  const { helpdesk } = context;
  switch (outcome.kind) {
    case 'opened':
      return openedReply(outcome, helpdesk);
    case 'refused':
      return refusedReply(outcome, helpdesk);
    case 'unreachable':
      return unreachableReply(outcome, context);
    case 'waiting':
      return waitingReply(outcome, helpdesk);
    case 'unconfirmed':
      return unconfirmedReply(outcome, context);
    case 'not-sent':
      return notSentReply(outcome.reason, helpdesk, hasTryAgain(outcome));
    case 'duplicate':
      if (outcome.of.state === 'in-progress') return inProgressReply(context);
      return outcome.of.state === 'opened'
        ? alreadyOpenedReply(outcome.of, context)
        : maybeOpenedReply(outcome.of, context);
    case 'gone':
      return card('gone', '🗑️ This text is gone', [
        'It became a ticket, expired, or was deleted. Nothing was sent. Write a new one with `/ticket`.',
      ]);
  }
}

function openedReply(
  { reference, ticket }: Extract<TicketOutcome, { kind: 'opened' }>,
  helpdesk: HelpdeskNames,
): Reply {
  const title = reference
    ? `✅ Ticket ${escapeUserText(reference, REFERENCE_LENGTH)} is open`
    : '✅ Your ticket is open';
  const subject = ticket && `**${escapeUserText(ticket.subject, FIELD_LIMITS.subject)}**`;
  const product = ticket?.product && escapeUserText(ticket.product, FIELD_LIMITS.product);
  return card('opened', title, [
    [subject, product, ticket?.channelId && `<#${ticket.channelId}>`].filter(Boolean).join(' · '),
    `📬 ${ticket ? accountWords(ticket.account) : 'Replies come by email.'}`,
    !reference && `-# ${atStart(helpdesk)} didn't give its number.`,
  ]);
}

function accountWords(account: TicketAccount): string {
  switch (account.kind) {
    case 'self':
      return `Replies go to ${ownAddress(account.email)}.`;
    case 'author':
      return `Replies go to the email of <@${account.userId}>, who is told that you opened it.`;
    case 'community':
      return "Replies go to the community's own email.";
  }
}

function refusedReply(
  { reason, about, earlier }: Extract<TicketOutcome, { kind: 'refused' }>,
  helpdesk: HelpdeskNames,
): Reply {
  const then = hasTryAgain({ earlier }) ? ', then press **Try again**' : '';
  const remedy = {
    address: `Is it about the email you linked? Link the one you use at ${inSentence(helpdesk)}${then}.`,
    text: 'Change it with **Edit**.',
    unknown: 'Change what it asks for with **Edit**, or try again later.',
  }[about ?? 'unknown'];
  return card('refused', `❌ ${atStart(helpdesk)} didn't accept this ticket`, [
    reason && `> ${escapeUserText(reason, REASON_LENGTH).replaceAll('\n', '\n> ')}`,
    '**Nothing was opened**; your text is saved.',
    remedy,
  ]);
}

function unconfirmedReply(
  { cause, isTextGone }: Extract<TicketOutcome, { kind: 'unconfirmed' }>,
  context: TicketReplyContext,
): Reply {
  const saved = isTextGone ? '' : ' Your text is saved.';
  if (cause === 'firewall') {
    return card('unsure', '⚠️ Probably not opened', [
      `Something in front of ${inSentence(context.helpdesk)} blocked this text, such as a firewall. It may be open all the same.${saved}`,
      checkFirst(context),
      !isTextGone && CHANGE_THE_TEXT,
    ]);
  }
  return card('unsure', '⚠️ Not sure it went through', [
    `It was sent to ${inSentence(context.helpdesk)}, but no clear answer came back. It may be open already.${saved}`,
    `${checkFirst(context)}${isTextGone ? '' : ' No confirmation after 10 minutes? Then send it again.'}`,
  ]);
}

/** A moderator cannot read the mailbox of an author or of the community. */
function checkFirst({ isEscalation }: TicketReplyContext): string {
  return isEscalation
    ? "**Ask whoever reads the account's email first:** a confirmation there means that it's open."
    : "**Check your email first:** a confirmation means that it's open, and you're done.";
}

function inProgressReply({ isEscalation }: TicketReplyContext): Reply {
  return isEscalation
    ? card('under-way', '⏳ Being escalated right now', [
        'You or another moderator is escalating this message. Nothing was sent twice; your text is saved.',
        'Press **Try again** in a moment to read what became of it.',
      ])
    : card('under-way', '⏳ Already being sent', [
        "The result will show up in the other message. You don't need to do anything.",
        "Did you change the text meanwhile? It's saved: press **Try again** after that.",
      ]);
}

function alreadyOpenedReply(of: DuplicateOf, context: TicketReplyContext): Reply {
  const ticket = of.reference ? escapeUserText(of.reference, REFERENCE_LENGTH) : undefined;
  const verb = context.isEscalation ? 'escalated' : 'opened';
  return card('already-opened', ticket ? `✅ Already ${verb} as ${ticket}` : `✅ Already ${verb} (number unknown)`, [
    `It was ${verb} ${timestamp(of.at, 'R')}${by(of, context)}. Nothing was sent now.`,
    `Need another one? Press the red button.`,
  ]);
}

function maybeOpenedReply(of: DuplicateOf, context: TicketReplyContext): Reply {
  return card('unsure', '⚠️ This may be open already', [
    `It was sent ${timestamp(of.at, 'R')}${by(of, context)}, and no clear answer came back. Nothing was sent now${context.isUnwritten ? '' : '; your text is saved'}.`,
    `${checkFirst(context)} Otherwise send it again.`,
  ]);
}

/** Said below an outcome of which alone one would think that there is no ticket. */
function earlierWords(
  earlier: NonNullable<TicketOutcome['earlier']>,
  { kind }: TicketOutcome,
  context: TicketReplyContext,
): string {
  switch (earlier.state) {
    case 'unknown':
      return "⚠️ Did you send it before? **Then it may be a ticket already**: we can't look that up right now.";
    case 'unconfirmed':
      return `⚠️ **But what was sent ${timestamp(earlier.at, 'R')} may have become a ticket.** ${checkFirst(context)}`;
    case 'opened': {
      const ticket = earlier.reference
        ? `ticket ${escapeUserText(earlier.reference, REFERENCE_LENGTH)}`
        : 'a ticket (number unknown)';
      // It may have been changed after that.
      if (kind === 'gone') return `✅ **What was sent before it is ${ticket}**, opened ${timestamp(earlier.at, 'R')}.`;
      return `✅ **But it's ${ticket} already**, opened ${timestamp(earlier.at, 'R')}.`;
    }
  }
}

function by({ submitterId }: { submitterId: string }, context: TicketReplyContext): string {
  return submitterId === context.submitterId ? ' by you' : ` by <@${submitterId}>`;
}

function waitingReply({ until }: Extract<TicketOutcome, { kind: 'waiting' }>, helpdesk: HelpdeskNames): Reply {
  return card('not-sent', `⏳ Sent as soon as ${inSentence(helpdesk)} is back`, [
    "You don't need to do anything: it's sent once, and you get a direct message then.",
    `**No ticket was opened yet.** Your text is saved until ${timestamp(until, 'f')}; after that it's no longer sent.`,
    '-# You can close this message. **Cancel** is also under `/account`.',
  ]);
}

/** The person has taken back their word that it is sent by itself. */
export function cancelledReply(draftId: string): Reply {
  return card(
    'not-sent',
    "📝 It won't be sent by itself",
    ['**Nothing was sent**; your text is saved, also under `/account`.'],
    [row(retryButton(draftId, 'Send'), editButton(draftId), showTextButton(draftId))],
  );
}

/** The wait for a turn at a busy helpdesk. @param place 1 is next. */
export function queuedReply(place: number): Reply {
  return card('under-way', `⏳ You're number ${place} in line`, [
    "It's busy right now. Yours is sent when it's your turn, and this message will say so. Your text is saved.",
  ]);
}
