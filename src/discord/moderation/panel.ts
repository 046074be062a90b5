import { moderationEntry } from '../delivery/audit-entries.ts';
import { PANEL_CHANNEL_TYPES, panelChannel } from '../panel/panel-channel.ts';
import { panelMessage } from '../panel/panel-message.ts';
import { panelReply } from '../panel/panel-reply.ts';
import { postPanel } from '../panel/post-panel.ts';
import type { Subcommand } from './subcommand.ts';

/** UTF-16 units. Discord takes 4,000 in one card. */
const TEXT_LENGTH = 2000;

export const panel: Subcommand = {
  name: 'panel',
  describe: (subcommand) =>
    subcommand
      .setDescription('Post a card with buttons to open a ticket')
      .addChannelOption((option) =>
        option
          .setName('channel')
          .setDescription('Where (empty = this channel)')
          .addChannelTypes(...PANEL_CHANNEL_TYPES),
      )
      .addStringOption((option) =>
        option
          .setName('text')
          .setDescription('What it says (empty = the usual words). \\n starts a new line')
          .setMaxLength(TEXT_LENGTH),
      ),

  async run(interaction, { config, audit, interactionLog }, guildId) {
    const channel = panelChannel(interaction);
    // Discord's field for an option has one line.
    const text = interaction.options.getString('text')?.replaceAll('\\n', '\n').trim();
    const result = await postPanel(interaction.client.rest, channel, panelMessage(text || undefined, config.helpdesk));
    interactionLog.moderation(interaction, { outcome: `panel-${result.kind}` });
    if (result.kind === 'posted') {
      await audit.write(moderationEntry(interaction.user.id, `posted a panel in <#${channel.id}>`));
    }
    return panelReply(result, channel, guildId);
  },
};
