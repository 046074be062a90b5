import {
  AttachmentBuilder,
  type ButtonInteraction,
  ButtonStyle,
  InteractionContextType,
  SlashCommandBuilder,
} from 'discord.js';
import type { LinkProof } from '../src/accounts/account-links.ts';
import { maskEmailAddress } from '../src/accounts/email-address.ts';
import { deferChange, deferPrivately } from '../src/discord/acknowledge.ts';
import type { CommandParts, SlashCommand } from '../src/discord/command.ts';
import { customId } from '../src/discord/custom-id.ts';
import { linkEntry } from '../src/discord/delivery/audit-entries.ts';
import { tellNoticesAfter } from '../src/discord/delivery/notices-first.ts';
import { button, lines, linkButton, type Reply, row, timestamp } from '../src/discord/replies/reply.ts';
import type { PersonalSummary } from '../src/tickets/personal-records.ts';

const account: SlashCommand = {
  kind: 'slash',
  data: () =>
    new SlashCommandBuilder()
      .setName('account')
      .setDescription('See what is stored about you, and remove it')
      .setContexts(InteractionContextType.Guild, InteractionContextType.BotDM)
      .toJSON(),

  async execute(interaction, parts) {
    await deferPrivately(interaction);
    await interaction.editReply(accountReply(await parts.personalRecords.summary(interaction.user.id)));
    await tellNoticesAfter(interaction, parts);
  },

  buttons: {
    'account-unlink': unlink,
    'account-export': exportRecords,
    'account-escalation-off': (interaction, parts) => allowEscalation(interaction, parts, false),
    'account-escalation-on': (interaction, parts) => allowEscalation(interaction, parts, true),
  },
};

export default account;

function accountReply({ link, isLinkUsable, drafts, submissions }: PersonalSummary): Reply {
  const records = lines(
    `Texts that are no ticket yet: ${drafts}`,
    `Records of what was sent: ${submissions} (IDs, times and outcomes, no texts)`,
  );
  const exportButton = button('Export', ButtonStyle.Secondary, customId('account-export'));
  const unlinkButton = button('Unlink', ButtonStyle.Danger, customId('account-unlink'));
  if (!link) {
    const nothing = drafts + submissions === 0;
    return {
      content: lines('No account is linked with you.', nothing ? 'Nothing is stored about you.' : records),
      components: [nothing ? row(linkButton()) : row(linkButton(), exportButton, unlinkButton)],
    };
  }
  return {
    content: lines(
      `Account: ${maskEmailAddress(link.email)}`,
      `Linked since ${timestamp(link.linkedAt, 'f')}, ${proofWords(link.proof)}`,
      !isLinkUsable && '**This proof does not count here any more.** Use `/link` to prove the address again.',
      link.allowsEscalation
        ? 'Moderators may open tickets in your name from messages that you wrote. They see that you are linked, not your address.'
        : 'Moderators may not open tickets in your name.',
      records,
      '**Unlink** removes all of it at once.',
    ),
    components: [
      row(
        unlinkButton,
        link.allowsEscalation
          ? button('No tickets in my name', ButtonStyle.Secondary, customId('account-escalation-off'))
          : button('Allow tickets in my name', ButtonStyle.Secondary, customId('account-escalation-on')),
        exportButton,
      ),
    ],
  };
}

function proofWords(proof: LinkProof): string {
  switch (proof) {
    case 'email':
      return 'proved by a code that was mailed there';
    case 'moderator':
      return 'approved by a moderator';
    case 'none':
      return 'without a proof';
  }
}

async function unlink(interaction: ButtonInteraction, parts: CommandParts): Promise<void> {
  await deferChange(interaction);
  await parts.personalRecords.erase(interaction.user.id);
  await interaction.editReply({
    content:
      'Your account is unlinked, and nothing of you is stored any more. Tickets that are open at the helpdesk stay there.',
    components: [row(linkButton())],
  });
  await parts.audit.write(linkEntry(interaction.user.id, 'unlinked'));
}

async function exportRecords(interaction: ButtonInteraction, parts: CommandParts): Promise<void> {
  await deferPrivately(interaction);
  const records = await parts.personalRecords.export(interaction.user.id);
  const file = new AttachmentBuilder(Buffer.from(JSON.stringify(records, null, 2)), { name: 'stored-about-me.json' });
  await interaction.editReply({ content: 'Everything that is stored about you is in the file.', files: [file] });
}

async function allowEscalation(interaction: ButtonInteraction, parts: CommandParts, allows: boolean): Promise<void> {
  await deferChange(interaction);
  await parts.links.allowEscalation(interaction.user.id, allows);
  await interaction.editReply(accountReply(await parts.personalRecords.summary(interaction.user.id)));
}
