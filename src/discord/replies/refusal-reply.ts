import { ButtonStyle } from 'discord.js';
import type { Blocked, Paused } from '../../tickets/ticket-outcome.ts';
import { customId } from '../custom-id.ts';
import { escapeUserText } from './escape-user-text.ts';
import { button, lines, type Reply, row } from './reply.ts';
import { blockedWords, MISTAKEN_BLOCK } from './ticket-reply.ts';

/** What a person reads instead of the form, when a ticket could not be opened now. */
export function refusalReply(refusal: Paused | Blocked | { readonly kind: 'helpdesk-down' }): Reply {
  switch (refusal.kind) {
    case 'paused':
      return {
        content: lines(
          'The moderators have paused tickets for now.',
          `> ${escapeUserText(refusal.notice, 600).replaceAll('\n', '\n> ')}`,
          'Use the command again when they are open again.',
        ),
        components: [],
      };
    case 'blocked':
      return { content: lines(blockedWords(refusal), MISTAKEN_BLOCK), components: [] };
    case 'helpdesk-down':
      return {
        content: lines(
          'The helpdesk is not answering at the moment, so a ticket cannot be opened right now.',
          'You can write it all the same: your text is saved, and **Try again** sends it as soon as the helpdesk is back.',
        ),
        components: [row(button('Write it anyway', ButtonStyle.Primary, customId('ticket-write')))],
      };
  }
}
