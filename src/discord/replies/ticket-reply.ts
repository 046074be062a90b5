import { type ActionRowBuilder, type ButtonBuilder, ButtonStyle } from 'discord.js';
import type { HelpdeskErrorKind } from '../../tickets/helpdesk-client.ts';
import type {
  Duplicate,
  DuplicateOf,
  OutcomeReason,
  TicketAccount,
  TicketOutcome,
} from '../../tickets/ticket-outcome.ts';
import { FIELD_LIMITS, type FieldIssue } from '../../tickets/ticket-request.ts';
import { customId } from '../custom-id.ts';
import { escapeUserText } from './escape-user-text.ts';
import { button, lines, linkButton, type Reply, row, timestamp } from './reply.ts';

/** What the words depend on besides the outcome. */
export interface TicketReplyContext {
  readonly draftId: string;
  /** Who reads it. */
  readonly submitterId: string;
  readonly isEscalation: boolean;
  /** Nobody has seen the form of this draft yet, so there is no text of theirs to speak of. */
  readonly isUnwritten?: true;
  /** HELPDESK_TICKET_URL, with `{reference}` in it. */
  readonly ticketUrl: string | undefined;
}

const REASON_LENGTH = 600;

/** What a person reads about what became of a submit, with what they can do next. */
export function ticketReply(outcome: TicketOutcome, context: TicketReplyContext): Reply {
  const { earlier } = outcome;
  return {
    content: lines(words(outcome, context), earlier && earlierWords(earlier, outcome, context)),
    components: buttons(outcome, context),
  };
}

function words(outcome: TicketOutcome, context: TicketReplyContext): string {
  switch (outcome.kind) {
    case 'opened':
      return openedWords(outcome, context);
    case 'refused':
      return lines(
        'The helpdesk refused this ticket. **Nothing was opened**; your text is saved.',
        outcome.reason && `It says: ${escapeUserText(outcome.reason, REASON_LENGTH)}`,
        'Change what it asks for with **Edit**, or try again later.',
      );
    case 'unreachable':
      return unreachableWords(outcome.cause);
    case 'unconfirmed':
      if (outcome.cause === 'firewall') {
        return lines(
          `**Something in front of the helpdesk didn't let this text through**, such as a firewall. We do not know whether your ticket was opened; it is unlikely.${outcome.isTextGone ? '' : ' Your text is saved.'}`,
          `Before you send it again, ${lookForConfirmation(context)}. ${outcome.isTextGone ? '' : CHANGE_THE_TEXT}`.trimEnd(),
        );
      }
      return lines(
        `**We do not know whether your ticket was opened.** It was sent, and no answer came that settles it.${outcome.isTextGone ? '' : ' Your text is saved.'}`,
        `Before you send it again, ${lookForConfirmation(context)}: a confirmation there means that it is open.`,
      );
    case 'not-sent':
      return notSentWords(outcome.reason);
    case 'duplicate':
      return duplicateWords(outcome.of, context);
    case 'gone':
      return 'This text is not stored any more: it became a ticket, expired, or was erased. Nothing was sent. Use the command again to write a new one.';
  }
}

function notSentWords(reason: OutcomeReason): string {
  switch (reason.kind) {
    case 'interrupted':
      return lines(
        '**This has not been sent**: the bot was interrupted before it came to that. Nothing was opened; your text is saved.',
        'Press **Try again** to send it.',
      );
    case 'not-linked':
      return lines(
        '**Nothing was opened**: tickets are opened on your helpdesk account, and none is linked with you. Your text is saved.',
        'Press **Link account**; after that, **Try again** here sends what you wrote.',
      );
    case 'invalid':
      return lines(
        'This cannot be a ticket yet. **Nothing was sent**; your text is saved.',
        ...reason.issues.map((issue) => `- ${issueWords(issue)}`),
        'Press **Edit** to change it.',
      );
    case 'limited':
      return lines(
        reason.scope === 'person'
          ? 'You have opened as many tickets as one person may within an hour.'
          : 'This server has opened as many tickets as it may within an hour.',
        `**Nothing was sent**; your text is saved. You can send it ${timestamp(reason.retryAt, 'R')}, with **Try again**.`,
      );
    case 'paused':
      return lines(
        'The moderators have paused tickets for now. **Nothing was sent**; your text is saved.',
        `> ${escapeUserText(reason.notice, REASON_LENGTH).replaceAll('\n', '\n> ')}`,
        'Press **Try again** when they are open again.',
      );
    case 'blocked':
      return lines(blockedWords(reason), '**Nothing was sent**; your text is saved.', MISTAKEN_BLOCK);
    case 'not-moderator':
      return lines(
        '**Nothing was sent**: only moderators of the server where the message stands may escalate it, and you are not one now.',
        'Your text is saved for you; ask a moderator to take it on.',
      );
    case 'author-unavailable':
      return lines(
        '**Nothing was sent**: the author of the message has no linked account now, or does not want tickets in their name. Your text is saved.',
        'Choose another account with **Edit**.',
      );
    case 'community-unavailable':
      return lines(
        "**Nothing was sent**: the community's own account is not set up any more. Your text is saved.",
        'Choose another account with **Edit**.',
      );
    case 'escalation-expired':
      return lines(
        'This escalation has expired, or became a ticket. **Nothing was sent now**; your text is saved.',
        'Use the command on the message again, and copy what you wrote with **Show my text**.',
      );
  }
}

function duplicateWords(of: Duplicate['of'], context: TicketReplyContext): string {
  switch (of.state) {
    case 'in-progress':
      if (context.isEscalation) {
        return lines(
          'This message is being escalated at this moment, by you or by another moderator. Nothing was sent now; your text is saved.',
          'Press **Try again** in a moment: you will read what became of it.',
        );
      }
      return lines(
        'This is being sent already; its message will say what became of it. You do not need to do anything.',
        'If you changed the text meanwhile, it is saved: press **Try again** after that.',
      );
    case 'opened':
      return alreadyOpenedWords(of, context);
    case 'unconfirmed':
      return lines(
        `**This may be open already.** It was sent ${timestamp(of.at, 'R')}${by(of, context)}, and no answer came that settles it. Nothing was sent now${context.isUnwritten ? '' : '; your text is saved'}.`,
        `First ${lookForConfirmation(context)}. If there is no confirmation, press **${context.isUnwritten ? 'Escalate again' : 'Send anyway'}**: at worst there are two tickets.`,
      );
  }
}

function unreachableWords(kind: HelpdeskErrorKind | undefined): string {
  switch (kind) {
    case 'no-turn':
      return lines(
        'The helpdesk is so busy that the turn of this ticket did not come in time. **No ticket was opened**; your text is saved.',
        TRY_IN_A_FEW_MINUTES,
      );
    case 'rate-limited':
      return lines(
        'The helpdesk takes no more requests for the moment. **No ticket was opened**; your text is saved.',
        TRY_IN_A_FEW_MINUTES,
      );
    case 'firewall':
      return lines(
        "**Something in front of the helpdesk didn't let this text through**, such as a firewall or a limit of size. **No ticket was opened**; your text is saved.",
        CHANGE_THE_TEXT,
      );
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
      return lines(
        'The helpdesk cannot be reached right now. **No ticket was opened**; your text is saved.',
        TRY_IN_A_FEW_MINUTES,
      );
  }
}

const TRY_IN_A_FEW_MINUTES = 'Press **Try again** in a few minutes.';

const CHANGE_THE_TEXT =
  'The same text will hardly get through: make it shorter with **Edit**, or leave out links, code and commands.';

function openedWords(
  { reference, ticket }: Extract<TicketOutcome, { kind: 'opened' }>,
  { ticketUrl }: TicketReplyContext,
): string {
  const link = reference && ticketUrl && `[See it at the helpdesk](<${ticketLink(ticketUrl, reference)}>)`;
  return lines(
    reference
      ? `**Ticket ${escapeUserText(reference, 60)} is open.**`
      : '**Your ticket is open.** The helpdesk did not tell its number.',
    ticket && `Subject: ${escapeUserText(ticket.subject, FIELD_LIMITS.subject)}`,
    ticket?.product && `Product: ${escapeUserText(ticket.product, FIELD_LIMITS.product)}`,
    ticket ? accountWords(ticket.account) : 'Answers arrive by email at the account that it was opened on.',
    link,
  );
}

/** A link to a ticket. The reference comes from the helpdesk and is escaped like anything foreign. */
function ticketLink(ticketUrl: string, reference: string): string {
  return ticketUrl.replaceAll('{reference}', encodeURIComponent(reference));
}

function accountWords(account: TicketAccount): string {
  switch (account.kind) {
    case 'self':
      return `Account: ${account.maskedEmail}. Answers arrive there by email.`;
    case 'author':
      return `Account: that of <@${account.userId}>. Answers arrive there by email; the author is told that you opened it.`;
    case 'community':
      return "Account: the community's own. Answers arrive there by email.";
  }
}

/** A moderator cannot read the mailbox of an author or of the community. */
function lookForConfirmation({ isEscalation }: TicketReplyContext): string {
  return isEscalation ? 'ask whoever reads the mailbox of the account' : 'look into the mailbox of the account';
}

function alreadyOpenedWords(of: DuplicateOf, context: TicketReplyContext): string {
  const ticket = of.reference ? `ticket ${escapeUserText(of.reference, 60)}` : 'a ticket whose number is unknown';
  return lines(
    context.isEscalation
      ? `**Already escalated as ${ticket}**${by(of, context)}, ${timestamp(of.at, 'R')}. Nothing was sent now.`
      : `**This is ${ticket} already**, opened ${timestamp(of.at, 'R')}. Nothing was sent now.`,
    context.isEscalation
      ? 'If it has to be a second ticket, press **Escalate again**.'
      : 'If it has to be a second ticket, press **Send anyway**.',
  );
}

/** Said below an outcome of which alone one would think that there is no ticket. */
function earlierWords(
  earlier: NonNullable<TicketOutcome['earlier']>,
  { kind }: TicketOutcome,
  context: TicketReplyContext,
): string {
  switch (earlier.state) {
    case 'unknown':
      return 'If you sent it before, **that may have become a ticket**: it cannot be looked up right now.';
    case 'unconfirmed':
      return `**But what was sent ${timestamp(earlier.at, 'R')} may have become a ticket**: ${lookForConfirmation(context)} before you send it again.`;
    case 'opened':
      if (kind === 'gone') {
        // It may have been changed after that.
        const ticket = earlier.reference
          ? `ticket ${escapeUserText(earlier.reference, 60)}`
          : 'a ticket whose number is unknown';
        return `**What was sent before it is ${ticket}**, opened ${timestamp(earlier.at, 'R')}.`;
      }
      return earlier.reference
        ? `**But it is ticket ${escapeUserText(earlier.reference, 60)} already**, opened ${timestamp(earlier.at, 'R')}.`
        : `**But it is a ticket already**, a ticket whose number is unknown, opened ${timestamp(earlier.at, 'R')}.`;
  }
}

function by({ submitterId }: { submitterId: string }, context: TicketReplyContext): string {
  return submitterId === context.submitterId ? ' by you' : ` by <@${submitterId}>`;
}

export const MISTAKEN_BLOCK = 'If you think that this is a mistake, ask one of them.';

/** What a blocked person reads, before the form and after it. */
export function blockedWords({ reason, until }: { reason: string; until?: number | undefined }): string {
  const end = until ? ` until ${timestamp(until, 'f')}` : '';
  return `The moderators have stopped you from opening tickets${end}. Their reason: ${escapeUserText(reason, REASON_LENGTH)}`;
}

function issueWords({ field, problem }: FieldIssue): string {
  const name = { subject: 'subject', product: 'product', body: 'description' }[field];
  switch (problem) {
    case 'blank':
      return `The ${name} is empty.`;
    case 'too-long':
      return `The ${name} is longer than ${FIELD_LIMITS[field]} characters.`;
    case 'line-break':
      return `The ${name} has a line break in it.`;
  }
}

function buttons(outcome: TicketOutcome, context: TicketReplyContext): ActionRowBuilder<ButtonBuilder>[] {
  const tryAgain = button('Try again', ButtonStyle.Primary, customId('ticket-retry', context.draftId));
  const edit = button('Edit', ButtonStyle.Secondary, customId('ticket-edit', context.draftId));
  const showText = button('Show my text', ButtonStyle.Secondary, customId('ticket-text', context.draftId));
  switch (outcome.kind) {
    case 'opened':
    case 'gone':
      return [];
    case 'unconfirmed':
      return outcome.isTextGone ? [] : [row(tryAgain, edit, showText)];
    case 'refused':
    case 'unreachable':
      return [row(tryAgain, edit, showText)];
    case 'duplicate': {
      const { of } = outcome;
      if (of.state === 'in-progress') return [row(tryAgain, edit, showText)];
      const label = context.isEscalation && of.state === 'opened' ? 'Escalate again' : 'Send anyway';
      const anyway = customId('ticket-anyway', context.draftId, of.attemptId);
      return [row(button(label, ButtonStyle.Danger, anyway), edit, showText)];
    }
    case 'not-sent':
      break;
  }
  switch (outcome.reason.kind) {
    case 'not-linked':
      return [row(linkButton(), tryAgain, edit, showText)];
    case 'invalid':
      return [row(edit, showText)];
    case 'not-moderator':
    case 'escalation-expired':
      return [row(showText)];
    case 'interrupted':
    case 'limited':
    case 'paused':
    case 'blocked':
    case 'author-unavailable':
    case 'community-unavailable':
      return [row(tryAgain, edit, showText)];
  }
}

/** The wait for a turn at a busy helpdesk. @param place 1 is next. */
export function queuedReply(place: number): Reply {
  return {
    content: lines(
      `The helpdesk is busy: yours is number ${place} in the line. It is sent when its turn comes; your text is saved.`,
      'This message will change when there is an answer. You do not need to do anything.',
    ),
    components: [],
  };
}
