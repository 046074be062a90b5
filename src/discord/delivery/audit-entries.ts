import { type ActionRowBuilder, type ButtonBuilder, ButtonStyle } from 'discord.js';
import type { LinkRequest } from '../../accounts/link-requests.ts';
import type { AdoptedAttempt } from '../../tickets/attempt-recovery.ts';
import type { TicketDraft } from '../../tickets/ticket-drafts.ts';
import type { TicketOutcome } from '../../tickets/ticket-outcome.ts';
import { customId } from '../custom-id.ts';
import { escapeUserText } from '../replies/escape-user-text.ts';
import { button, row } from '../replies/reply.ts';

interface About extends Pick<TicketDraft, 'behalf'> {
  readonly submitter: { readonly id: string };
  readonly escalated?: { readonly url: string; readonly author: { readonly id: string } } | undefined;
}

/** What an entry depends on. */
type Recorded = { readonly kind: TicketOutcome['kind']; readonly reference?: string | undefined };

/** The entry about a submit, or undefined when it is none that moderators follow. IDs only: no text, no address. */
export function submissionEntry(draft: About, outcome: Recorded): string | undefined {
  const result = submissionResult(outcome);
  if (!result) return undefined;
  const who = `<@${draft.submitter.id}>`;
  if (!draft.escalated) return `🎫 ${who}: ${result}`;
  return `📨 ${who} escalated ${draft.escalated.url} ${behalfWords(draft)}: ${result}`;
}

/** The same about an attempt whose process is gone. There may be an entry about it already. */
export function recoveredEntry({ submitterId, attempt }: AdoptedAttempt): string | undefined {
  const submitter = { id: submitterId };
  const { escalated, stage } = attempt;
  const sent: About = escalated
    ? { submitter, behalf: escalated.behalf, escalated: { url: escalated.url, author: { id: escalated.authorId } } }
    : { submitter, behalf: 'self' };
  if (stage.kind !== 'opened' && stage.kind !== 'refused' && stage.kind !== 'unconfirmed') return undefined;
  const entry = submissionEntry(sent, stage);
  return entry && `${entry} (found after a restart)`;
}

function submissionResult(outcome: Recorded): string | undefined {
  switch (outcome.kind) {
    case 'opened':
      return outcome.reference
        ? `ticket ${escapeUserText(outcome.reference, 60)} opened`
        : 'ticket opened, number unknown';
    case 'refused':
      return 'refused by the helpdesk';
    case 'unconfirmed':
      return 'unconfirmed, a ticket may be open';
    case 'unreachable':
    case 'not-sent':
    case 'duplicate':
    case 'gone':
      return undefined;
  }
}

function behalfWords({ behalf, escalated }: About): string {
  switch (behalf) {
    case 'self':
      return 'on their own account';
    case 'author':
      return `on behalf of <@${escalated?.author.id}>`;
    case 'community':
      return "on the community's account";
  }
}

export type LinkEvent = 'linked by mailed code' | 'linked without proof' | 'unlinked';

export function linkEntry(userId: string, event: LinkEvent): string {
  return `🔗 <@${userId}> ${event}`;
}

/** @param reason Words of the moderator. On one line, for the next line would look like another entry. */
export function moderationEntry(moderatorId: string, action: string, reason?: string): string {
  return `🛡️ <@${moderatorId}> ${action}${reason ? `: ${escapeUserText(reason.replace(/\s+/g, ' '), 300)}` : ''}`;
}

/** A request to link, with the buttons for moderators. The mask lets them recognise an address that they know. */
export function linkRequestEntry(
  request: LinkRequest,
  maskedEmail: string,
): { entry: string; components: ActionRowBuilder<ButtonBuilder>[] } {
  return {
    entry: `🔗 <@${request.userId}> asks to link the account ${maskedEmail}. Approve only if you know that it is theirs: tickets will be opened in its name.`,
    components: [
      row(
        button('Approve', ButtonStyle.Success, customId('link-approve', request.userId, request.id)),
        button('Refuse', ButtonStyle.Danger, customId('link-refuse', request.userId, request.id)),
      ),
    ],
  };
}
