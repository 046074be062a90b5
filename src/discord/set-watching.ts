import type { ButtonInteraction } from 'discord.js';
import { quietDays } from '../tickets/watching/watch-schedule.ts';
import type { Services } from './command.ts';
import { accountReply } from './replies/account-reply.ts';
import { notLinkedReply } from './replies/link-reply.ts';
import { asMessage, type Reply } from './replies/reply.ts';
import { notToldHereReply, toldFromNowOnReply, toldNoMoreReply } from './replies/watch-reply.ts';

type WatchServices = Pick<Services, 'config' | 'tickets' | 'interactionLog'>;

/** A person wants to be told of changes at their tickets, or no more. The answer has a message of its own: the ticket's stays. */
export async function setWatching(
  interaction: ButtonInteraction,
  services: WatchServices,
  wants: boolean,
): Promise<void> {
  await interaction.editReply(asMessage(await change(interaction, services, wants)));
}

/** The same in `/account`, which shows it. */
export async function setWatchingInAccount(
  interaction: ButtonInteraction,
  services: WatchServices & Pick<Services, 'personalRecords'>,
  wants: boolean,
): Promise<void> {
  await change(interaction, services, wants);
  const summary = await services.personalRecords.summary(interaction.user.id);
  await interaction.editReply(asMessage(accountReply(summary, services.config.helpdesk)));
}

async function change(
  interaction: ButtonInteraction,
  { config, tickets, interactionLog }: WatchServices,
  wants: boolean,
): Promise<Reply> {
  const watching = await tickets.watches.set(interaction.user.id, wants);
  switch (watching) {
    case undefined:
      interactionLog.link(interaction, { outcome: 'refused', reason: 'not-linked' });
      return notLinkedReply(config.helpdesk, config.links.verification);
    case 'never':
      interactionLog.link(interaction, { outcome: 'refused', reason: 'nobody-is-told' });
      return notToldHereReply();
    case 'on':
      interactionLog.link(interaction, { outcome: 'told-of-changes' });
      return toldFromNowOnReply(quietDays(config.tickets.recordLifetimeMs));
    case 'off':
      interactionLog.link(interaction, { outcome: 'not-told-of-changes' });
      return toldNoMoreReply();
  }
}
