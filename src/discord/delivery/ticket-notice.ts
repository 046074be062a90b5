import { DiscordAPIError, type REST, RESTJSONErrorCodes, Routes } from 'discord.js';
import { z } from 'zod';
import type { NoticeResult, TicketNotice } from '../../tickets/watching/ticket-watches.ts';
import type { Services } from '../command.ts';
import { ticketChangedButtons, ticketChangedWords } from '../replies/watch-reply.ts';
import { isNotTaken } from '../rest-errors.ts';

/** With which Discord says that this person gets no direct messages of ours. The second one: they share no server with the bot. */
const CLOSED: readonly unknown[] = [RESTJSONErrorCodes.CannotSendMessagesToThisUser, 50278];

/** Tells a person by a direct message that something has changed at a ticket of theirs. Never rejects. */
export async function sendTicketNotice(
  rest: REST,
  { config, metrics, log }: Pick<Services, 'config' | 'metrics' | 'log'>,
  notice: TicketNotice,
): Promise<NoticeResult> {
  const { userId, nonce } = notice;
  try {
    const recipient = { recipient_id: userId };
    const channel = directChannel.parse(await rest.post(Routes.userChannels(), { body: recipient }));
    await rest.post(Routes.channelMessages(channel.id), {
      body: {
        content: ticketChangedWords(notice),
        components: ticketChangedButtons(notice, config.helpdesk).map((component) => component.toJSON()),
        allowed_mentions: { parse: [] },
        nonce,
        enforce_nonce: true,
      },
    });
    return 'sent';
  } catch (error) {
    metrics.undelivered.inc({ what: 'ticket-news' });
    log.debug({ error, userId }, 'a person was not told by direct message that something changed at a ticket');
    if (error instanceof DiscordAPIError && CLOSED.includes(error.code)) return 'closed';
    return isNotTaken(error) ? 'not-sent' : 'unknown';
  }
}

const directChannel = z.object({ id: z.string() });
