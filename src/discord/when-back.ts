import type { ButtonInteraction } from 'discord.js';
import type { Services } from './command.ts';
import { asMessage } from './replies/reply.ts';
import { cancelledReply, ticketReply } from './replies/ticket-reply.ts';

/** Milliseconds for which the message of a button can be edited; half a minute is left for the way there. */
const REPLY_LIFETIME_MS = 14.5 * 60_000;

type WhenBackServices = Pick<Services, 'config' | 'tickets' | 'interactionLog'>;

/** The button "Send when it's back": the person's word that the bot sends their text by itself, once. */
export async function askWhenBack(
  interaction: ButtonInteraction,
  services: WhenBackServices,
  draftId: string,
): Promise<void> {
  const { tickets } = services;
  const { id, applicationId, token, createdTimestamp, user } = interaction;
  const reply = { applicationId, token, until: createdTimestamp + REPLY_LIFETIME_MS };
  const answer = await tickets.whenBack.ask({ id, submitterId: user.id, draftId, reply });
  if (answer.kind === 'waiting') {
    services.interactionLog.ticketWaits(interaction, true);
    await interaction.editReply(asMessage(ticketReply(answer, contextOf(interaction, services, draftId))));
  } else await showAsItIs(interaction, services, draftId);
}

/** The button "Cancel". The text stays. */
export async function cancelWhenBack(
  interaction: ButtonInteraction,
  services: WhenBackServices,
  draftId: string,
): Promise<void> {
  const isCancelled = await services.tickets.whenBack.cancel(interaction.user.id, draftId);
  if (isCancelled) {
    services.interactionLog.ticketWaits(interaction, false);
    await interaction.editReply(asMessage(cancelledReply(draftId)));
  } else await showAsItIs(interaction, services, draftId);
}

/** The text is being sent, or became something else meanwhile. */
export async function showAsItIs(
  interaction: ButtonInteraction,
  services: Pick<Services, 'config' | 'tickets'>,
  draftId: string,
): Promise<void> {
  const { outcomes, records, drafts } = services.tickets;
  const { id: userId } = interaction.user;
  const request = (await records.find(userId)).requests.find(({ id }) => id === draftId);
  const last = request?.attempts.at(-1);
  const found = last && (await outcomes.ofAttempt(userId, last.id));
  if (!found && (await drafts.find(userId, draftId))) {
    // It was never submitted, such as one that was saved only when its store was back.
    await interaction.editReply(asMessage(cancelledReply(draftId)));
    return;
  }
  const outcome = found?.outcome ?? (await outcomes.ofDraft(userId, draftId));
  const context = { ...contextOf(interaction, services, draftId), attemptId: last?.id };
  await interaction.editReply(asMessage(ticketReply(outcome, context)));
}

function contextOf({ user }: ButtonInteraction, { config }: Pick<Services, 'config'>, draftId: string) {
  return { draftId, submitterId: user.id, isEscalation: false, helpdesk: config.helpdesk };
}
