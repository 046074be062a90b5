import { DiscordAPIError, type REST, RESTJSONErrorCodes, Routes } from 'discord.js';
import { z } from 'zod';
import type { NoticeResult, TicketNotice } from '../../tickets/watching/notices.ts';
import type { Services } from '../command.ts';
import { ticketChangedButtons, ticketChangedWords } from '../replies/watch-reply.ts';
import { isNotTaken, waitOf } from '../rest-errors.ts';

/** With which Discord says that this person gets no direct messages of ours. The second one: they share no server with the bot. */
const CLOSED: readonly unknown[] = [RESTJSONErrorCodes.CannotSendMessagesToThisUser, 50278];

/** With which Discord refuses what it takes later, once the token is the right one or fewer are sent. */
const TEMPORARY: readonly number[] = [401, 429];

/** Tells a person by a direct message that something has changed at a ticket of theirs. Never rejects. */
export async function sendTicketNotice(
  rest: REST,
  { config, metrics, log }: Pick<Services, 'config' | 'metrics' | 'log'>,
  notice: TicketNotice,
  maySend: () => boolean,
): Promise<NoticeResult> {
  const { userId, nonce } = notice;
  try {
    const recipient = { recipient_id: userId };
    const channel = directChannel.parse(await rest.post(Routes.userChannels(), { body: recipient }));
    if (!maySend()) return { kind: 'not-sent' };
    await rest.post(Routes.channelMessages(channel.id), {
      body: {
        content: ticketChangedWords(notice),
        components: ticketChangedButtons(notice, config.helpdesk).map((component) => component.toJSON()),
        allowed_mentions: { parse: [] },
        nonce,
        enforce_nonce: true,
      },
    });
    return { kind: 'sent' };
  } catch (error) {
    metrics.undelivered.inc({ what: 'ticket-news' });
    log.debug({ error, userId }, 'a person was not told by direct message that something changed at a ticket');
    return resultOf(error);
  }
}

function resultOf(error: unknown): NoticeResult {
  if (!isNotTaken(error)) return { kind: 'unknown' };
  if (!(error instanceof DiscordAPIError)) return { kind: 'not-sent', waitMs: waitOf(error) };
  if (CLOSED.includes(error.code)) return { kind: 'closed' };
  return TEMPORARY.includes(error.status) || error.code === RESTJSONErrorCodes.OpeningDirectMessagesTooFast
    ? { kind: 'not-sent' }
    : { kind: 'refused' };
}

const directChannel = z.object({ id: z.string() });
