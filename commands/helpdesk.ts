import { ApplicationIntegrationType, InteractionContextType, SlashCommandBuilder } from 'discord.js';
import { moderatorPermission } from '../src/discord/authority.ts';
import type { SlashCommand } from '../src/discord/command.ts';
import { tellPendingAfter } from '../src/discord/delivery/tell-pending.ts';
import { block, unblock } from '../src/discord/moderation/block.ts';
import { blocks } from '../src/discord/moderation/blocks.ts';
import { moderationCard } from '../src/discord/moderation/moderation-card.ts';
import { panel } from '../src/discord/moderation/panel.ts';
import { pause, resume } from '../src/discord/moderation/pause.ts';
import { status } from '../src/discord/moderation/status.ts';
import type { Subcommand } from '../src/discord/moderation/subcommand.ts';
import { unlink } from '../src/discord/moderation/unlink.ts';
import { who } from '../src/discord/moderation/who.ts';
import { asMessage } from '../src/discord/replies/reply.ts';
import { showAccount } from '../src/discord/show-account.ts';

/** In the order in which Discord lists them. */
const SUBCOMMANDS: readonly Subcommand[] = [status, pause, resume, block, unblock, blocks, who, unlink, panel];

const helpdesk: SlashCommand = {
  kind: 'slash',
  for: 'moderators',
  acknowledge: 'private-reply',
  refusal: 'Only moderators of this server can use `/helpdesk`. Nothing was done.',
  data(config) {
    const command = new SlashCommandBuilder()
      .setName('helpdesk')
      .setDescription('For moderators: state, pauses, blocks, links and the panel')
      .setContexts(InteractionContextType.Guild)
      .setIntegrationTypes(ApplicationIntegrationType.GuildInstall)
      .setDefaultMemberPermissions(moderatorPermission(config));
    for (const { name, describe } of SUBCOMMANDS) command.addSubcommand((sub) => describe(sub.setName(name)));
    return command.toJSON();
  },

  async execute(interaction, services) {
    // Moderators are those of a server; elsewhere the router has refused.
    const { guildId } = interaction;
    const subcommand = SUBCOMMANDS.find(({ name }) => name === interaction.options.getSubcommand());
    const reply = guildId && (await subcommand?.run(interaction, services, guildId));
    await interaction.editReply(asMessage(reply || moderationCard(UNKNOWN, ['Nothing was done.'])));
    await tellPendingAfter(interaction, services);
  },

  buttons: {
    'panel-account': { for: 'everybody', acknowledge: 'private-reply', labels: ['My account'], handle: showAccount },
  },
};

export default helpdesk;

const UNKNOWN = '🤷 This belongs to another version of the bot';
