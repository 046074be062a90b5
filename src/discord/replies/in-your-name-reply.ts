import { type ActionRowBuilder, type ButtonBuilder, ButtonStyle } from 'discord.js';
import type { Notification } from '../../tickets/lifecycle/person-record.ts';
import { customId } from '../custom-id.ts';
import { escapeUserText } from './escape-user-text.ts';
import { type HelpdeskNames, ticketPage } from './helpdesk-words.ts';
import { button, card, lines, type Reply, row, urlButton } from './reply.ts';

type InYourName = Extract<Notification, { kind: 'opened-in-your-name' | 'maybe-opened-in-your-name' }>;

export const DECLINE = "Don't do this again";

/** What an author reads about a ticket that a moderator opened in their name, or may have: as a card, at their next command. */
export function inYourNameReply(about: InYourName, helpdesk: HelpdeskNames): Reply {
  const { emoji, news, more } = wordsOf(about);
  return card('moderation', `${emoji} ${news}`, [more], inYourNameButtons(about, helpdesk));
}

/** The same as plain text, for a direct message: it is read on lock screens too. */
export function inYourNameWords(about: InYourName): string {
  const { emoji, news, more } = wordsOf(about);
  return lines(`${emoji} **${news}.**`, more);
}

function wordsOf(about: InYourName): { emoji: string; news: string; more: string } {
  const who = `<@${about.moderatorId}>, a moderator,`;
  if (about.kind === 'maybe-opened-in-your-name') {
    return {
      emoji: '⚠️',
      news: `${who} sent a ticket in your name, and we don't know whether it was opened`,
      more: "It's about a message that you wrote. Check your email: a confirmation means that the ticket is open.",
    };
  }
  const ticket = about.reference ? `ticket ${escapeUserText(about.reference, 60)}` : 'a ticket';
  return {
    emoji: '📨',
    news: `${who} opened ${ticket} in your name`,
    more: "It's about a message that you wrote. Replies go to your email.",
  };
}

/** The ways on: to the message, to the ticket, and out of it. They work in a direct message, too. */
export function inYourNameButtons(about: InYourName, helpdesk: HelpdeskNames): ActionRowBuilder<ButtonBuilder>[] {
  const page = about.kind === 'opened-in-your-name' ? ticketPage(helpdesk, about.reference) : undefined;
  const buttons = [
    urlButton('Message', about.messageUrl),
    page && urlButton('View ticket', page),
    button(DECLINE, ButtonStyle.Secondary, customId('escalate-decline')),
  ];
  return [row(...buttons.filter((one) => one !== undefined && one !== ''))];
}

/** What an author reads who wants no more of them. @param isLinked Whether there is an account at all. */
export function declinedReply(isLinked: boolean): Reply {
  const { news, more } = declined(isLinked);
  return card('account', `✅ ${news}`, [more]);
}

/** The same as plain text, below a direct message. */
export function declinedWords(isLinked: boolean): string {
  const { news, more } = declined(isLinked);
  return `✅ **${news}.** ${more}`;
}

function declined(isLinked: boolean): { news: string; more: string } {
  return isLinked
    ? { news: 'Moderators can no longer open tickets in your name', more: 'Changed your mind? Use `/account`.' }
    : { news: 'Nobody can open tickets in your name', more: "You haven't linked an account." };
}
