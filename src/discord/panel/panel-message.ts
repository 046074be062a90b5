import { ButtonStyle, ContainerBuilder, MessageFlags, TextDisplayBuilder } from 'discord.js';
import { customId } from '../custom-id.ts';
import { atStart, type HelpdeskNames } from '../replies/helpdesk-words.ts';
import { button, lines, row } from '../replies/reply.ts';
import { REPLY_KINDS } from '../replies/reply-kind.ts';

/**
 * The public card with the way to a ticket. Its buttons carry all that they need, so it works after restarts and updates, and for
 * everybody who sees it.
 * @param text A moderator's own words. Their formatting stays, and mentions in them call nobody.
 */
export function panelMessage(text: string | undefined, names: Pick<HelpdeskNames, 'name'>) {
  const card = new ContainerBuilder()
    .setAccentColor(REPLY_KINDS.moderation.colour)
    .addTextDisplayComponents(new TextDisplayBuilder().setContent(text ?? defaultText(names)))
    .addActionRowComponents(
      row(
        button('Open a ticket', ButtonStyle.Primary, customId('ticket-open')),
        button('My tickets', ButtonStyle.Secondary, customId('tickets')),
        button('My account', ButtonStyle.Secondary, customId('panel-account')),
      ),
    );
  return { flags: MessageFlags.IsComponentsV2, components: [card.toJSON()], allowed_mentions: { parse: [] } };
}

function defaultText(names: Pick<HelpdeskNames, 'name'>): string {
  return lines(
    '### 🎫 Need help?',
    `Press **Open a ticket** and say what is wrong. ${atStart(names)} replies by email.`,
    '-# Nobody else on this server sees what you write.',
  );
}
