import { type ActionRowBuilder, type ButtonBuilder, ButtonStyle } from 'discord.js';
import { passesByItself } from '../../tickets/lifecycle/when-back.ts';
import type { TicketOutcome } from '../../tickets/ticket-outcome.ts';
import { customId } from '../custom-id.ts';
import { type HelpdeskNames, ticketPage } from './helpdesk-words.ts';
import { button, linkButton, row, urlButton } from './reply.ts';

/** Says what it does, as what may come of it is a second ticket. */
export const SEND_DESPITE_DOUBT = 'Send it again: it may become a second ticket';
export const OPEN_SECOND = 'Open a second ticket';
/** The same about an answer to a ticket. */
export const ANSWER_DESPITE_DOUBT = 'Send it again: it may appear twice';
export const ANSWER_TWICE = 'Send it once more';

/** What the buttons below an outcome depend on besides it. */
export interface ButtonContext {
  readonly draftId: string;
  /** The attempt that the outcome is about, where there is one. */
  readonly attemptId?: string | undefined;
  /** Whether only a moderator may send it: that is looked at when they press the button, and not later. */
  readonly isEscalation: boolean;
  readonly helpdesk: HelpdeskNames;
}

export const retryButton = (draftId: string, label = 'Try again') =>
  button(label, ButtonStyle.Primary, customId('ticket-retry', draftId));
/** The person's word that the bot sends it by itself, once, when the helpdesk answers again. */
export const whenBackButton = (draftId: string) =>
  button("Send when it's back", ButtonStyle.Success, customId('ticket-when-back', draftId));
export const cancelButton = (draftId: string) =>
  button('Cancel', ButtonStyle.Danger, customId('ticket-cancel', draftId));
export const editButton = (draftId: string) => button('Edit', ButtonStyle.Secondary, customId('ticket-edit', draftId));
export const showTextButton = (draftId: string) =>
  button('Show my text', ButtonStyle.Secondary, customId('ticket-text', draftId));

export function labelOfDespite({ state, isAnswer = false }: { state: string; isAnswer?: boolean }): string {
  if (isAnswer) return state === 'opened' ? ANSWER_TWICE : ANSWER_DESPITE_DOUBT;
  return state === 'opened' ? OPEN_SECOND : SEND_DESPITE_DOUBT;
}

/** The way to a person's own tickets. */
export const myTicketsButton = () => button('My tickets', ButtonStyle.Secondary, customId('tickets'));

/** A person's word that they want to be told when something changes at their tickets, and the way out of it. */
export const tellMeButton = () => button('Tell me when something changes', ButtonStyle.Secondary, customId('watch-on'));
export const stopTellingButton = (label: 'Stop telling me' | 'Stop' = 'Stop telling me') =>
  button(label, ButtonStyle.Secondary, customId('watch-off'));

/** Sends the text although that attempt opened a ticket, or may have. */
export function despiteButton(
  draftId: string,
  { attemptId, state, isAnswer }: { attemptId: string; state: string; isAnswer?: boolean },
) {
  return button(
    labelOfDespite({ state, ...(isAnswer && { isAnswer }) }),
    ButtonStyle.Danger,
    customId('ticket-anyway', draftId, attemptId),
  );
}

/** Whether the button that sends the text is called "Try again". One that may open a second ticket says that instead. */
export function hasTryAgain({ earlier }: Pick<TicketOutcome, 'earlier'>): boolean {
  return !earlier || earlier.state === 'unknown';
}

/** What a person can do after an outcome. Whoever is to look at the ticket first finds the way there. */
export function ticketButtons(outcome: TicketOutcome, context: ButtonContext): ActionRowBuilder<ButtonBuilder>[] {
  const rows = buttonsAfter(outcome, context);
  if (outcome.answers === undefined || !outcome.earlier) return rows;
  const [first, ...others] = rows;
  return [row(...(first?.components ?? []).slice(0, 4), myTicketsButton()), ...others];
}

function buttonsAfter(outcome: TicketOutcome, context: ButtonContext): ActionRowBuilder<ButtonBuilder>[] {
  const { draftId } = context;
  const edit = editButton(draftId);
  const showText = showTextButton(draftId);
  const { earlier, answers } = outcome;
  const isAnswer = answers !== undefined;
  // One that is called "Try again" does not ask the person whether they mean it.
  const send =
    earlier && earlier.state !== 'unknown' ? despiteButton(draftId, { ...earlier, isAnswer }) : retryButton(draftId);
  switch (outcome.kind) {
    case 'opened': {
      const page = ticketPage(context.helpdesk, outcome.reference);
      const view = page && urlButton('View ticket', page);
      // What was opened for somebody else is not among one's own.
      const isOwn = outcome.ticket ? outcome.ticket.account.kind === 'self' : !context.isEscalation;
      const own = isOwn ? [myTicketsButton(), ...tellMe(outcome)] : [];
      const buttons = view ? [view, ...own] : own;
      return buttons.length > 0 ? [row(...buttons)] : [];
    }
    case 'gone':
      return [];
    case 'unconfirmed': {
      if (outcome.isTextGone) return isAnswer ? [row(myTicketsButton())] : [];
      const { attemptId } = context;
      const again = attemptId ? despiteButton(draftId, { attemptId, state: 'unconfirmed', isAnswer }) : send;
      return [row(again, edit, showText, ...(isAnswer ? [myTicketsButton()] : []))];
    }
    case 'refused':
      return outcome.about === 'address'
        ? [row(linkButton('Link another account'), send, edit, showText)]
        : [row(edit, send, showText)];
    case 'unreachable':
      return mayWait(outcome, context)
        ? [row(whenBackButton(draftId), send, edit, showText)]
        : [row(send, edit, showText)];
    case 'waiting':
      return [row(cancelButton(draftId), edit, showText)];
    case 'duplicate':
      return outcome.of.state === 'in-progress'
        ? [row(send, showText)]
        : [
            row(
              despiteButton(draftId, { ...outcome.of, isAnswer }),
              edit,
              showText,
              ...(isAnswer ? [myTicketsButton()] : []),
            ),
          ];
    case 'not-sent':
      break;
  }
  switch (outcome.reason.kind) {
    case 'not-linked':
      return [row(linkButton(), send, edit, showText)];
    case 'invalid':
      return [row(edit, showText)];
    case 'not-moderator':
    case 'escalation-expired':
    case 'ticket-closed':
      return [row(showText)];
    case 'interrupted':
    case 'limited':
    case 'paused':
    case 'blocked':
    case 'author-unavailable':
    case 'community-unavailable':
    case 'ticket-not-shown':
      return [row(send, edit, showText)];
  }
}

/** Of a ticket without a number nobody can be told anything. */
function tellMe({ reference, ticket }: Extract<TicketOutcome, { kind: 'opened' }>): ButtonBuilder[] {
  return reference !== undefined && ticket?.watching === 'off' ? [tellMeButton()] : [];
}

/** Whether the text may be sent without its writer when the helpdesk is back. A doubt and an escalation ask a person. */
export function mayWait(
  { cause, earlier }: Extract<TicketOutcome, { kind: 'unreachable' }>,
  { isEscalation }: Pick<ButtonContext, 'isEscalation'>,
): boolean {
  return passesByItself(cause) && !earlier && !isEscalation;
}
