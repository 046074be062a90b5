import { ButtonStyle } from 'discord.js';
import type { OpenedTicket } from '../../tickets/opened/opened-tickets-record.ts';
import { customId } from '../custom-id.ts';
import { escapeUserText } from './escape-user-text.ts';
import { button, card, lines, type Reply, type ReplySection, row, timestamp } from './reply.ts';

/** Tickets on one page: with a button each and those below them, they stay under Discord's 40 components. */
const PAGE_SIZE = 6;
const REFERENCE_LENGTH = 60;
const SUBJECT_LENGTH = 100;

/**
 * A page of what was opened for a person, newest first.
 * @param page Counted from 0. One that is not there (any more) shows the last one.
 */
export function ticketsReply(tickets: readonly OpenedTicket[], page: number): Reply {
  if (tickets.length === 0) {
    return card(
      'tickets',
      '🎫 No tickets yet',
      ['What you open here, and what moderators open in your name, appears in this list.'],
      [row(button('Open a ticket', ButtonStyle.Primary, customId('ticket-open')))],
    );
  }
  const pages = Math.ceil(tickets.length / PAGE_SIZE);
  const shown = Math.min(page, pages - 1);
  const newer = shown > 0 && pageButton('Newer', shown - 1);
  const older = shown < pages - 1 && pageButton('Older', shown + 1);
  const turns = [newer, older].filter((one) => one !== false);
  return {
    ...card('tickets', tickets.length === 1 ? '🎫 Your ticket' : `🎫 Your ${tickets.length} tickets`, [
      '-# Opened through this bot, for the account that you linked. The state is from the last time somebody looked.',
      pages > 1 && `-# Page ${shown + 1} of ${pages}`,
    ]),
    sections: tickets
      .slice(shown * PAGE_SIZE, (shown + 1) * PAGE_SIZE)
      .map((ticket): ReplySection => sectionOf(ticket, shown)),
    components: turns.length > 0 ? [row(...turns)] : [],
  };
}

/** The way to a page of the list. */
export function pageButton(label: string, page: number) {
  return button(label, ButtonStyle.Secondary, customId('tickets-page', String(page)));
}

function sectionOf(ticket: OpenedTicket, page: number): ReplySection {
  const { id, reference, subject, openedAt, seen, newSince, moderatorId } = ticket;
  const words = subject.trim() === '' ? '(no subject)' : escapeUserText(subject, SUBJECT_LENGTH);
  const name = reference === undefined ? 'Number unknown' : escapeUserText(reference, REFERENCE_LENGTH);
  const facts = [
    seen ? escapeUserText(seen.state, 40) : 'Opened',
    timestamp(openedAt, 'R'),
    moderatorId && `by <@${moderatorId}> in your name`,
  ];
  const show = button('Show', ButtonStyle.Secondary, customId('ticket-show', id, String(page)));
  return {
    content: lines(
      `**${name}** · ${words}`,
      `-# ${facts.filter(Boolean).join(' · ')}`,
      newSince !== undefined && `🔵 Something changed ${timestamp(newSince, 'R')}`,
    ),
    // Without a number nobody can look at it.
    button: show.setDisabled(reference === undefined),
  };
}
