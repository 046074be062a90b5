import {
  ApplicationIntegrationType,
  AttachmentBuilder,
  type ButtonInteraction,
  InteractionContextType,
  SlashCommandBuilder,
} from 'discord.js';
import { deferEphemeral, deferUpdate } from '../src/discord/acknowledge.ts';
import type { CommandParts, SlashCommand } from '../src/discord/command.ts';
import { linkEntry } from '../src/discord/delivery/audit-entries.ts';
import { tellNoticesAfter } from '../src/discord/delivery/notices-first.ts';
import { accountReply, unlinkedReply } from '../src/discord/replies/account-reply.ts';

const account: SlashCommand = {
  kind: 'slash',
  for: 'everybody',
  data: () =>
    new SlashCommandBuilder()
      .setName('account')
      .setDescription('See what is stored about you, and remove it')
      .setContexts(InteractionContextType.Guild, InteractionContextType.BotDM)
      .setIntegrationTypes(ApplicationIntegrationType.GuildInstall)
      .toJSON(),

  async execute(interaction, parts) {
    await deferEphemeral(interaction);
    await interaction.editReply(accountReply(await parts.personalRecords.summary(interaction.user.id)));
    await tellNoticesAfter(interaction, parts);
  },

  buttons: {
    'account-unlink': { for: 'everybody', labels: ['Unlink'], handle: unlink },
    'account-export': { for: 'everybody', labels: ['Export'], handle: exportRecords },
    'account-escalation-off': {
      for: 'everybody',
      labels: ['No tickets in my name'],
      handle: (interaction, parts) => allowEscalation(interaction, parts, false),
    },
    'account-escalation-on': {
      for: 'everybody',
      labels: ['Allow tickets in my name'],
      handle: (interaction, parts) => allowEscalation(interaction, parts, true),
    },
  },
};

export default account;

async function unlink(interaction: ButtonInteraction, parts: CommandParts): Promise<void> {
  await deferUpdate(interaction);
  await parts.personalRecords.erase(interaction.user.id);
  // First what moderators have to know: it holds whether or not Discord takes the reply.
  await parts.audit.write(linkEntry(interaction.user.id, 'unlinked'));
  await interaction.editReply(unlinkedReply(await parts.personalRecords.summary(interaction.user.id)));
}

async function exportRecords(interaction: ButtonInteraction, parts: CommandParts): Promise<void> {
  await deferEphemeral(interaction);
  const records = await parts.personalRecords.export(interaction.user.id);
  const file = new AttachmentBuilder(Buffer.from(JSON.stringify(records, null, 2)), { name: 'stored-about-me.json' });
  await interaction.editReply({
    content: 'Everything that is stored about you is in the file. It has your address and your unsent texts in full.',
    files: [file],
  });
}

async function allowEscalation(interaction: ButtonInteraction, parts: CommandParts, allows: boolean): Promise<void> {
  await deferUpdate(interaction);
  await parts.links.allowEscalation(interaction.user.id, allows);
  await interaction.editReply(accountReply(await parts.personalRecords.summary(interaction.user.id)));
}
