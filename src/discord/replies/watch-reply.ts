import { type ActionRowBuilder, type ButtonBuilder, ButtonStyle } from 'discord.js';
import { customId } from '../custom-id.ts';
import { escapeUserText } from './escape-user-text.ts';
import { type HelpdeskNames, ticketPage } from './helpdesk-words.ts';
import { button, card, lines, type Reply, row, timestamp, urlButton } from './reply.ts';
import { myTicketsButton, stopTellingButton, tellMeButton } from './ticket-buttons.ts';

const REFERENCE_LENGTH = 60;

/** That something has changed at a ticket: all that a person is told without asking. */
export interface TicketChange {
  readonly ticketId: string;
  readonly reference: string;
  /** When the bot saw it, in milliseconds since 1970. */
  readonly changedAt: number;
}

/** In a direct message. Plain text: it is read on lock screens too. No text of the ticket stands in it. */
export function ticketChangedWords(change: TicketChange): string {
  const { title, more } = wordsOf(change);
  return lines(`🔔 **${title}**`, more);
}

/** The same as a card, at the next command of somebody whom no direct message has reached for certain. */
export function ticketChangedReply(change: TicketChange, helpdesk: HelpdeskNames): Reply {
  const { title, more } = wordsOf(change);
  return card('tickets', `🔔 ${title}`, [more], ticketChangedButtons(change, helpdesk));
}

function wordsOf({ reference, changedAt }: TicketChange): { title: string; more: string } {
  const title = `Something changed at ${escapeUserText(reference, REFERENCE_LENGTH)}`;
  return { title, more: `We noticed it on ${timestamp(changedAt, 'f')}. Press **Show** to look at the ticket.` };
}

export function ticketChangedButtons(
  { ticketId, reference }: TicketChange,
  helpdesk: HelpdeskNames,
): ActionRowBuilder<ButtonBuilder>[] {
  const page = ticketPage(helpdesk, reference);
  const buttons = [
    button('Show', ButtonStyle.Primary, customId('ticket-show', ticketId)),
    page && urlButton('View ticket', page),
    stopTellingButton('Stop'),
  ];
  return [row(...buttons.filter((one) => one !== undefined && one !== ''))];
}

/** What stands there after "Tell me when something changes". @param quietDays After so many days without anything new it ends. */
export function toldFromNowOnReply(quietDays: number): Reply {
  return card(
    'account',
    "🔔 We'll tell you when something changes",
    [
      'At any of your tickets: another state, or a post of somebody else. You get a direct message, without any text of the ticket.',
      `-# It can take minutes at a new ticket and hours at an older one. It ends for a ticket that is closed or has been quiet for ${quietDays === 1 ? 'a day' : `${quietDays} days`}, and for all of them when you unlink your account.`,
    ],
    [row(stopTellingButton())],
  );
}

/** What stands there after "Stop telling me". */
export function toldNoMoreReply(): Reply {
  return card(
    'account',
    "🔕 We won't tell you about changes",
    ['Your tickets and replies go on as before: answers come by email.'],
    [row(tellMeButton(), myTicketsButton())],
  );
}

/** Whoever runs the bot has turned it off (WATCH_LOOKS_PER_MINUTE=0). */
export function notToldHereReply(): Reply {
  return card('declined', '🔕 This bot tells nobody about changes', [
    'Whoever runs it has turned that off. Look under **My tickets**; answers come by email.',
  ]);
}

/** At the next command of somebody whose direct messages are closed. */
export function watchingEndedReply(): Reply {
  return card(
    'account',
    '🔕 We stopped telling you about changes',
    [
      "Discord didn't let us send you direct messages, three times in a row.",
      'Allow direct messages from members of this server, then turn it on again.',
    ],
    [row(tellMeButton(), myTicketsButton())],
  );
}
