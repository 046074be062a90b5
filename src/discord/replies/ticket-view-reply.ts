import { ButtonStyle } from 'discord.js';
import type { Watching } from '../../tickets/opened/opened-tickets.ts';
import type { OpenedTicket } from '../../tickets/opened/opened-tickets-record.ts';
import { type PostView, SHOWN_POSTS, type TicketView } from '../../tickets/opened/ticket-view.ts';
import { customId } from '../custom-id.ts';
import { escapeUserText } from './escape-user-text.ts';
import { atStart, type HelpdeskNames, inSentence, ticketPage } from './helpdesk-words.ts';
import { button, card, lines, type Reply, row, timestamp, urlButton } from './reply.ts';
import { stopTellingButton, tellMeButton } from './ticket-buttons.ts';
import { pageButton } from './tickets-reply.ts';

const REFERENCE_LENGTH = 60;
const SUBJECT_LENGTH = 150;
const STATE_LENGTH = 40;
const TIME_LENGTH = 40;
/** Of each post the beginning. The whole is in the portal and in the mails. */
const POST_LENGTH = 300;

/** What the card of a ticket depends on besides what the helpdesk shows. */
export interface TicketViewContext {
  readonly ticket: OpenedTicket;
  readonly helpdesk: HelpdeskNames;
  /** The page of the list to which Back leads. */
  readonly page: number;
  /** Whether the person is told of changes. */
  readonly watching?: Watching;
}

/** One ticket, as its owner may see it. */
export function ticketViewReply(view: TicketView, context: TicketViewContext): Reply {
  const { ticket, helpdesk, page, watching = 'never' } = context;
  const { ownPosts, otherPosts, isClosed } = view;
  const facts = [
    `**${escapeUserText(view.state, STATE_LENGTH)}**`,
    `opened ${timestamp(ticket.openedAt, 'R')}`,
    ticket.moderatorId !== undefined && `by <@${ticket.moderatorId}> in your name`,
  ];
  const site = ticketPage(helpdesk, view.reference);
  return card(
    'tickets',
    `🎫 ${escapeUserText(view.reference, REFERENCE_LENGTH)}`,
    [
      `**${escapeUserText(view.subject, SUBJECT_LENGTH)}**`,
      facts.filter(Boolean).join(' · '),
      view.lastActivityAt && `-# Last touched ${timeWords(view.lastActivityAt, helpdesk)}`,
      ...othersWords(otherPosts, helpdesk),
      ownPosts.length > 0 &&
        lines(
          ticket.moderatorId === undefined ? '**You wrote**' : '**Written in your name, or by you**',
          ...ownPosts.slice(-SHOWN_POSTS).map((post) => postWords(post, helpdesk)),
        ),
      ownPosts.length > SHOWN_POSTS && `-# … and ${ownPosts.length - SHOWN_POSTS} before that.`,
      isClosed && 'It is closed. Something is still wrong? Open a new ticket.',
    ],
    [
      row(
        ...[
          !isClosed && button('Reply', ButtonStyle.Primary, customId('ticket-answer', ticket.id)),
          site !== undefined && urlButton('View ticket', site),
          !isClosed && watching === 'off' && tellMeButton(),
          !isClosed && watching === 'on' && stopTellingButton(),
          pageButton('Back', page),
        ].filter((one) => one !== false && one !== undefined),
      ),
    ],
  );
}

/** The helpdesk did not answer. */
export function ticketUnreachableReply({ ticket, helpdesk, page }: TicketViewContext): Reply {
  const name = ticket.reference === undefined ? 'your ticket' : escapeUserText(ticket.reference, REFERENCE_LENGTH);
  return card(
    'closed',
    `💤 Can't reach ${inSentence(helpdesk)} right now`,
    [`So ${name} can't be shown. It's untouched. Try again in a few minutes.`],
    [
      row(
        button('Try again', ButtonStyle.Primary, customId('ticket-show', ticket.id, String(page))),
        pageButton('Back', page),
      ),
    ],
  );
}

/** One answer for "not yours", "gone" and "not shown": the helpdesk does not say which. */
export function ticketNotShownReply(helpdesk: HelpdeskNames): Reply {
  return card(
    'closed',
    "🔍 This ticket can't be shown",
    [
      `${atStart(helpdesk)} doesn't show it for the account that you linked. Nothing was changed.`,
      'Try again later, or look for it by email.',
    ],
    [row(pageButton('My tickets', 0))],
  );
}

/** It cannot be answered any more, as far as the last look has shown. */
export function ticketClosedReply(ticket: Pick<OpenedTicket, 'reference'>): Reply {
  const name = ticket.reference === undefined ? 'This ticket' : escapeUserText(ticket.reference, REFERENCE_LENGTH);
  return card(
    'closed',
    `🔒 ${name} is closed`,
    ['Nothing was sent. Something is still wrong? Open a new ticket.'],
    [row(button('Open a ticket', ButtonStyle.Primary, customId('ticket-open')))],
  );
}

/** Posts of others: that there are some, and when. Their text only where the operator has said that no internal note is among them. */
function othersWords(posts: readonly PostView[], helpdesk: HelpdeskNames): (string | false)[] {
  const last = posts.at(-1);
  if (!last) return ['Nobody else has written yet.'];
  const count = posts.length === 1 ? '1 post of somebody else' : `${posts.length} posts of others`;
  const texts = posts.filter(({ text }) => text !== undefined).slice(-SHOWN_POSTS);
  return [
    `💬 ${count}${last.writtenAt && `, the last one ${timeWords(last.writtenAt, helpdesk)}`}.`,
    texts.length === 0 && '-# Their text is in your mailbox: here it could be shown to you by mistake.',
    ...texts.map((post) => postWords(post, helpdesk)),
  ];
}

function postWords({ writtenAt, text = '' }: PostView, helpdesk: HelpdeskNames): string {
  const words = escapeUserText(text, POST_LENGTH).replaceAll('\n', '\n> ');
  return lines(writtenAt !== '' && `-# ${timeWords(writtenAt, helpdesk)}`, `> ${words}`);
}

/** A moment as Discord's time; a local time without a zone as it stands there. */
function timeWords(written: string, helpdesk: HelpdeskNames): string {
  const moment = momentOf(written);
  if (moment !== undefined) return timestamp(moment, 'R');
  const words = escapeUserText(written, TIME_LENGTH);
  return words === '' ? '' : `${words} by the clock of ${inSentence(helpdesk)}`;
}

/** Seconds since 1970, or ISO 8601 with its zone. @returns Milliseconds since 1970. */
function momentOf(written: string): number | undefined {
  if (/^\d{9,11}$/.test(written)) return Number(written) * 1000;
  const isIso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/.test(written);
  const moment = isIso ? Date.parse(written) : Number.NaN;
  return Number.isNaN(moment) ? undefined : moment;
}
