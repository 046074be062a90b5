import { type REST, Routes } from 'discord.js';
import { z } from 'zod';
import type { Notification } from '../../tickets/lifecycle/person-record.ts';
import type { TicketDraft } from '../../tickets/ticket-drafts.ts';
import type { TicketOutcome } from '../../tickets/ticket-outcome.ts';
import type { Services } from '../command.ts';
import type { HelpdeskNames } from '../replies/helpdesk-words.ts';
import { inYourNameButtons, inYourNameWords } from '../replies/in-your-name-reply.ts';

/**
 * What others learn of an escalation. The author, in whose name a ticket was opened or may have been, reads it as a direct
 * message, unless they have read it at a command in the meantime. With ESCALATION_NOTICE=reply everybody in the channel reads
 * that the message was passed on, once that is certain. Never rejects: the moderator has been answered.
 */
export async function tellOthersOfEscalation(
  rest: REST,
  services: Pick<Services, 'config' | 'metrics' | 'log' | 'tickets'>,
  { draft, attemptId, outcome }: { draft: TicketDraft; attemptId: string; outcome: TicketOutcome },
): Promise<void> {
  const { escalated } = draft;
  if (!escalated || (outcome.kind !== 'opened' && outcome.kind !== 'unconfirmed')) return;
  const { config, metrics, log, tickets } = services;
  if (draft.behalf === 'author') {
    const authorId = escalated.author.id;
    try {
      await tickets.notifications.tell(authorId, attemptId, (about) =>
        writeToAuthor(rest, { authorId, about, helpdesk: config.helpdesk }),
      );
    } catch (error) {
      // Many people take no messages from bots: then the notice waits for their next command.
      metrics.undelivered.inc({ what: 'direct-message' });
      log.debug({ error, interactionId: attemptId }, 'the author was not reached by direct message');
    }
  }
  const channelId = escalated.channelId ?? draft.place.channelId;
  if (outcome.kind === 'opened' && config.moderation.escalationNotice === 'reply' && channelId) {
    try {
      await rest.post(Routes.channelMessages(channelId), {
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
        { error, interactionId: attemptId, channelId },
        "the notice under the escalated message could not be written; look at the bot's permissions in that channel",
      );
    }
  }
}

async function writeToAuthor(
  rest: REST,
  { authorId, about, helpdesk }: { authorId: string; about: Notification; helpdesk: HelpdeskNames },
): Promise<void> {
  if (about.kind !== 'opened-in-your-name' && about.kind !== 'maybe-opened-in-your-name') return;
  const channel = dmChannel.parse(await rest.post(Routes.userChannels(), { body: { recipient_id: authorId } }));
  await rest.post(Routes.channelMessages(channel.id), {
    body: {
      content: inYourNameWords(about),
      components: inYourNameButtons(about, helpdesk).map((component) => component.toJSON()),
      allowed_mentions: { parse: [] },
    },
  });
}

const dmChannel = z.object({ id: z.string() });
