import { ButtonStyle } from 'discord.js';
import type { Blocked, LimitedReason, Paused } from '../../tickets/ticket-outcome.ts';
import { customId } from '../custom-id.ts';
import { escapeUserText, withoutMentions } from './escape-user-text.ts';
import { type HelpdeskNames, inSentence } from './helpdesk-words.ts';
import { button, card, lines, type Reply, row, timestamp } from './reply.ts';

const REASON_LENGTH = 600;

/** What a person reads instead of the form, when the form would be filled in for nothing. */
export function closedReply(refusal: Paused | Blocked | LimitedReason): Reply {
  switch (refusal.kind) {
    case 'paused': {
      const reply = pausedCard(refusal);
      return { ...reply, content: lines(reply.content, "Use the command again once they're open.") };
    }
    case 'blocked':
      return blockedCard(refusal);
    case 'limited':
      return limitedCard(refusal);
  }
}

/** The helpdesk is left alone for a moment. @param retryAt Until then, in milliseconds since 1970. */
export function helpdeskDownReply(helpdesk: HelpdeskNames, retryAt: number): Reply {
  return card(
    'closed',
    `💤 Can't reach ${inSentence(helpdesk)} right now`,
    [
      `It keeps failing, so the bot is giving it a break. The next try is ${timestamp(retryAt, 'R')}.`,
      "You can write your ticket anyway: it's saved, and can be sent as soon as it's back.",
    ],
    [row(button('Write it anyway', ButtonStyle.Primary, customId('ticket-write')))],
  );
}

export function pausedCard({ notice }: Paused): Reply {
  return card('closed', '⏸️ Tickets are paused on this server', [noticeQuote(notice)]);
}

/** A moderator's notice with its formatting. In a quote, so that nothing in it reaches the words of the bot below. */
export function noticeQuote(notice: string): string {
  return `> ${withoutMentions(notice, REASON_LENGTH).replaceAll('\n', '\n> ')}`;
}

export function blockedCard({ reason, until }: Blocked): Reply {
  return card('closed', `⛔ You can't open tickets here${until ? ` until ${timestamp(until, 'f')}` : ''}`, [
    `The moderators' reason: ${escapeUserText(reason, REASON_LENGTH)}`,
    'Think this is a mistake? Ask one of them.',
  ]);
}

export function limitedCard({ scope, limit, retryAt }: LimitedReason): Reply {
  const tickets = limit === 1 ? '1 ticket' : `${limit} tickets`;
  const next = `You can open the next one ${timestamp(retryAt, 'R')}.`;
  switch (scope) {
    case 'person':
      return card('closed', '⏳ No more tickets for the moment', [
        `You've reached the limit of ${tickets} per hour.`,
        next,
      ]);
    case 'server':
      return card('closed', '⏳ No more tickets for the moment', [
        `This server has reached its limit of ${tickets} per hour.`,
        next,
      ]);
    case 'answers':
      return card('closed', '⏳ No more replies for the moment', [
        `You've reached the limit of ${limit} replies per hour.`,
        `You can send the next one ${timestamp(retryAt, 'R')}.`,
      ]);
  }
}
