import { type ActionRowBuilder, type ButtonBuilder, ButtonStyle } from 'discord.js';
import type { LinkRequest } from '../../accounts/link-requests.ts';
import type { AdoptedAttempt } from '../../tickets/attempt-recovery.ts';
import type { TicketDraft } from '../../tickets/ticket-drafts.ts';
import type { TicketOutcome } from '../../tickets/ticket-outcome.ts';
import type { Place } from '../../tickets/ticket-request.ts';
import { customId } from '../custom-id.ts';
import { escapeUserText } from '../replies/escape-user-text.ts';
import { type HelpdeskNames, inSentence, ticketPage } from '../replies/helpdesk-words.ts';
import { button, lines, row, timestamp } from '../replies/reply.ts';

/** Characters of a link to a ticket. */
const LINK_LENGTH = 1000;

/** What is known of a submit. An attempt whose process is gone brings no place. */
interface About extends Pick<TicketDraft, 'behalf'> {
  readonly submitter: { readonly id: string };
  readonly place?: Pick<Place, 'guildId' | 'channelId'>;
  /** An answer to a ticket is its person's own business. */
  readonly answers?: unknown;
  readonly escalated?: { readonly url: string; readonly author: { readonly id: string } } | undefined;
}

/** What an entry depends on. */
type Recorded = { readonly kind: TicketOutcome['kind']; readonly reference?: string | undefined };

/**
 * The entry about a submit, or undefined when it is none that moderators follow. IDs only: no text, no address. The news
 * comes first, so that the channel can be skimmed: what became of it, who, where.
 */
export function submissionEntry(draft: About, outcome: Recorded, helpdesk: HelpdeskNames): string | undefined {
  if (draft.answers !== undefined) return undefined;
  const news = newsOf(outcome, draft.escalated ? '📨' : '🎫', helpdesk);
  return news && entry(news, whoOf(draft), draft.escalated ? draft.escalated.url : channelOf(draft.place));
}

/** The same about an attempt whose process is gone. There may be an entry about it already. */
export function recoveredEntry(
  { submitterId, answers, attempt }: AdoptedAttempt,
  helpdesk: HelpdeskNames,
): string | undefined {
  const submitter = { id: submitterId };
  const { escalated, stage } = attempt;
  const sent: About = escalated
    ? { submitter, behalf: escalated.behalf, escalated: { url: escalated.url, author: { id: escalated.authorId } } }
    : { submitter, behalf: 'self', answers };
  if (stage.kind !== 'opened' && stage.kind !== 'refused' && stage.kind !== 'unconfirmed') return undefined;
  const found = submissionEntry(sent, stage, helpdesk);
  return found && entry(found, 'found after a restart');
}

/** The entry about an escalation whose ticket has changed since. @param at When the bot saw it, in milliseconds since 1970. */
export function changedEntry(written: string, at: number): string {
  return entry(written, `changed ${timestamp(at, 'f')}`);
}

function entry(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part).join(' · ');
}

/** @param opened The emoji of an opened ticket. */
function newsOf(outcome: Recorded, opened: string, helpdesk: HelpdeskNames): string | undefined {
  switch (outcome.kind) {
    case 'opened':
      return `${opened} ${ticketWords(outcome.reference, helpdesk)}`;
    case 'refused':
      return `❌ Refused by ${inSentence(helpdesk)}`;
    case 'unconfirmed':
      return '⚠️ Not sure: a ticket may be open';
    case 'unreachable':
    case 'waiting':
    case 'not-sent':
    case 'duplicate':
    case 'gone':
      return undefined;
  }
}

function ticketWords(reference: string | undefined, helpdesk: HelpdeskNames): string {
  if (reference === undefined) return 'Ticket opened, number unknown';
  const page = ticketPage(helpdesk, reference);
  const words = escapeUserText(reference, 60);
  // A number of any length comes from outside, and Discord takes no message of more than 2,000 characters.
  return page && page.length <= LINK_LENGTH ? `[${words}](<${page}>)` : `**${words}**`;
}

function whoOf({ behalf, submitter, escalated }: About): string {
  const who = `<@${submitter.id}>`;
  if (!escalated) return who;
  switch (behalf) {
    case 'self':
      return `${who} on their own account`;
    case 'author':
      return `${who} for <@${escalated.author.id}>`;
    case 'community':
      return `${who} for the community`;
  }
}

function channelOf(place: About['place']): string | undefined {
  if (!place) return undefined;
  return place.guildId && place.channelId ? `<#${place.channelId}>` : 'direct message';
}

export type LinkEvent = 'linked by mailed code' | 'linked without proof' | 'unlinked';

export function linkEntry(userId: string, event: LinkEvent): string {
  return entry(`🔗 ${capitalised(event)}`, `<@${userId}>`);
}

/**
 * @param action What was done, as in "paused tickets".
 * @param reason Words of the moderator. On one line, for the next line would look like another entry.
 */
export function moderationEntry(moderatorId: string, action: string, reason?: string): string {
  const words = reason && escapeUserText(reason.replace(/\s+/g, ' '), 300);
  return `${entry(`🛡️ ${capitalised(action)}`, `<@${moderatorId}>`)}${words ? `: ${words}` : ''}`;
}

/** A server in an entry: its name, where it is known. */
export function serverWords({ guildId, guildName }: Place): string {
  return guildName ? escapeUserText(guildName, guildName.length) : `server ${guildId}`;
}

function capitalised(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** A request to link, with the buttons for moderators. The mask lets them recognise an address that they know. */
export function linkRequestEntry(
  request: LinkRequest,
  maskedEmail: string,
): { entry: string; components: ActionRowBuilder<ButtonBuilder>[] } {
  return {
    entry: lines(
      `❓ <@${request.userId}> asks to link ${maskedEmail}`,
      "-# Approve only if you know that it's theirs: tickets will be opened in its name.",
    ),
    components: [
      row(
        button('Approve', ButtonStyle.Success, customId('link-approve', request.userId, request.id)),
        button('Refuse', ButtonStyle.Danger, customId('link-refuse', request.userId, request.id)),
      ),
    ],
  };
}
