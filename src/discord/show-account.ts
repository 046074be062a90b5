import type { ButtonInteraction, ChatInputCommandInteraction } from 'discord.js';
import type { Services } from './command.ts';
import { tellPendingAfter } from './delivery/tell-pending.ts';
import { accountReply } from './replies/account-reply.ts';
import { asMessage } from './replies/reply.ts';

/** What is stored about a person, in a message of its own: a panel belongs to everybody. */
export async function showAccount(
  interaction: ChatInputCommandInteraction | ButtonInteraction,
  services: Pick<Services, 'config' | 'personalRecords' | 'delivery'>,
): Promise<void> {
  const summary = await services.personalRecords.summary(interaction.user.id);
  await interaction.editReply(asMessage(accountReply(summary, services.config.helpdesk)));
  await tellPendingAfter(interaction, services);
}
