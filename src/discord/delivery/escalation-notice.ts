import { type REST, Routes } from 'discord.js';
import { z } from 'zod';
import type { TicketDraft } from '../../tickets/records/ticket-drafts.ts';
import type { EscalatedMessage } from '../../tickets/ticket-request.ts';
import type { CommandParts } from '../command.ts';
import { foreignText } from '../replies/foreign-text.ts';

/**
 * What others learn of an escalation that became a ticket: the author by direct message, in whose name it was opened, unless
 * they have read it at a command in the meantime, and with ESCALATION_NOTICE=reply everybody in the channel that the message was passed on. Never rejects: the ticket is open.
 */
export async function tellOthersOfEscalation(
  rest: REST,
  parts: CommandParts,
  { draft, submissionId, reference }: { draft: TicketDraft; submissionId: string; reference: string | undefined },
): Promise<void> {
  const { escalated } = draft;
  if (!escalated) return;
  const { config, metrics, log, notices } = parts;
  if (draft.behalf === 'author') {
    try {
      await notices.tell(escalated.author.id, submissionId, () => writeToAuthor(rest, draft, escalated, reference));
    } catch (error) {
      // Many people take no messages from bots: then the notice waits for their next command.
      metrics.undelivered.inc({ what: 'direct-message' });
      log.debug({ error, interactionId: submissionId }, 'the author was not reached by direct message');
    }
  }
  if (config.moderation.escalationNotice === 'reply' && draft.place.channelId) {
    try {
      await rest.post(Routes.channelMessages(draft.place.channelId), {
        body: {
          content: 'A moderator passed this on to support.',
          // Under a message that is gone it would stand alone, about nothing: then Discord refuses it.
          message_reference: { message_id: escalated.id },
          allowed_mentions: { parse: [] },
        },
      });
    } catch (error) {
      metrics.undelivered.inc({ what: 'channel-notice' });
      log.warn(
        { error, interactionId: submissionId, channelId: draft.place.channelId },
        "the notice under the escalated message could not be written; look at the bot's permissions in that channel",
      );
    }
  }
}

async function writeToAuthor(
  rest: REST,
  { submitter }: TicketDraft,
  { author, url }: EscalatedMessage,
  reference: string | undefined,
): Promise<void> {
  const channel = dmChannel.parse(await rest.post(Routes.userChannels(), { body: { recipient_id: author.id } }));
  const ticket = reference ? `ticket ${foreignText(reference, 60)}` : 'a ticket';
  await rest.post(Routes.channelMessages(channel.id), {
    body: {
      content: `A moderator, <@${submitter.id}>, opened ${ticket} in your name, from ${url}. Answers arrive at your account's address.\nIf moderators should not do that, say so in \`/account\`.`,
      allowed_mentions: { parse: [] },
    },
  });
}

const dmChannel = z.object({ id: z.string() });
