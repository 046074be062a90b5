import {
  ApplicationIntegrationType,
  AttachmentBuilder,
  type ButtonInteraction,
  InteractionContextType,
  SlashCommandBuilder,
} from 'discord.js';
import type { Services, SlashCommand } from '../src/discord/command.ts';
import { linkEntry } from '../src/discord/delivery/audit-entries.ts';
import { accountReply, deletedReply, deletionReply, unlinkedReply } from '../src/discord/replies/account-reply.ts';
import { draftsReply } from '../src/discord/replies/drafts-reply.ts';
import { asMessage, card } from '../src/discord/replies/reply.ts';
import { setWatchingInAccount } from '../src/discord/set-watching.ts';
import { showAccount } from '../src/discord/show-account.ts';
import { showAsItIs } from '../src/discord/when-back.ts';

const account: SlashCommand = {
  kind: 'slash',
  for: 'everybody',
  acknowledge: 'private-reply',
  data: () =>
    new SlashCommandBuilder()
      .setName('account')
      .setDescription('Your link, your unsent tickets and your data')
      .setContexts(InteractionContextType.Guild, InteractionContextType.BotDM)
      .setIntegrationTypes(ApplicationIntegrationType.GuildInstall)
      .toJSON(),

  execute: showAccount,

  buttons: {
    'account-unlink': { for: 'everybody', acknowledge: 'update', labels: ['Unlink'], handle: unlink },
    'account-delete': {
      for: 'everybody',
      acknowledge: 'private-reply',
      labels: ['Delete everything…'],
      async handle(interaction, { personalRecords }) {
        await interaction.editReply(asMessage(deletionReply(await personalRecords.summary(interaction.user.id))));
      },
    },
    'account-erase': { for: 'everybody', acknowledge: 'update', labels: ['Delete everything'], handle: erase },
    'account-export': {
      for: 'everybody',
      acknowledge: 'private-reply',
      labels: ['Export my data'],
      handle: exportRecords,
    },
    'account-drafts': {
      for: 'everybody',
      acknowledge: 'private-reply',
      labels: ['Drafts'],
      async handle(interaction, { tickets }) {
        await interaction.editReply(
          asMessage(draftsReply(await tickets.outcomes.unsent(interaction.user.id), tickets.queue)),
        );
      },
    },
    'draft-delete': {
      for: 'everybody',
      acknowledge: 'update',
      labels: ['Delete'],
      async handle(interaction, services, [draftId = '']) {
        const { tickets, interactionLog } = services;
        if (!(await tickets.whenBack.removeText(interaction.user.id, draftId))) {
          await showAsItIs(interaction, services, draftId);
          return;
        }
        interactionLog.draftDeleted(interaction);
        await interaction.editReply(
          asMessage(draftsReply(await tickets.outcomes.unsent(interaction.user.id), tickets.queue)),
        );
      },
    },
    'account-watch-on': {
      for: 'everybody',
      acknowledge: 'update',
      labels: ['Tell me when something changes'],
      handle: (interaction, services) => setWatchingInAccount(interaction, services, true),
    },
    'account-watch-off': {
      for: 'everybody',
      acknowledge: 'update',
      labels: ['Stop telling me'],
      handle: (interaction, services) => setWatchingInAccount(interaction, services, false),
    },
    'account-escalation-off': {
      for: 'everybody',
      acknowledge: 'update',
      labels: ["Don't allow"],
      handle: (interaction, services) => allowEscalation(interaction, services, false),
    },
    'account-escalation-on': {
      for: 'everybody',
      acknowledge: 'update',
      labels: ['Allow'],
      handle: (interaction, services) => allowEscalation(interaction, services, true),
    },
  },
};

export default account;

async function unlink(
  interaction: ButtonInteraction,
  { personalRecords, audit, interactionLog }: Pick<Services, 'personalRecords' | 'audit' | 'interactionLog'>,
): Promise<void> {
  await personalRecords.unlink(interaction.user.id);
  interactionLog.link(interaction, { outcome: 'unlinked' });
  // First what moderators have to know: it holds whether or not Discord takes the reply.
  await audit.write(linkEntry(interaction.user.id, 'unlinked'));
  await interaction.editReply(asMessage(unlinkedReply(await personalRecords.summary(interaction.user.id))));
}

async function erase(
  interaction: ButtonInteraction,
  { personalRecords, audit, interactionLog }: Pick<Services, 'personalRecords' | 'audit' | 'interactionLog'>,
): Promise<void> {
  await personalRecords.erase(interaction.user.id);
  interactionLog.link(interaction, { outcome: 'everything-erased' });
  await audit.write(linkEntry(interaction.user.id, 'unlinked'));
  await interaction.editReply(asMessage(deletedReply(await personalRecords.summary(interaction.user.id))));
}

async function exportRecords(
  interaction: ButtonInteraction,
  { personalRecords, interactionLog }: Pick<Services, 'personalRecords' | 'interactionLog'>,
): Promise<void> {
  const records = await personalRecords.export(interaction.user.id);
  interactionLog.link(interaction, { outcome: 'exported' });
  const file = new AttachmentBuilder(Buffer.from(JSON.stringify(records, null, 2)), { name: 'stored-about-me.json' });
  const words = 'It has your address and your unsent texts in full.';
  const reply = card('account', '📦 Everything that is stored about you', [words]);
  await interaction.editReply(asMessage({ ...reply, files: [file] }));
}

async function allowEscalation(
  interaction: ButtonInteraction,
  {
    config,
    accounts,
    personalRecords,
    interactionLog,
  }: Pick<Services, 'config' | 'accounts' | 'personalRecords' | 'interactionLog'>,
  allows: boolean,
): Promise<void> {
  await accounts.links.allowEscalation(interaction.user.id, allows);
  interactionLog.link(interaction, { outcome: allows ? 'escalation-allowed' : 'escalation-declined' });
  await interaction.editReply(
    asMessage(accountReply(await personalRecords.summary(interaction.user.id), config.helpdesk)),
  );
}
