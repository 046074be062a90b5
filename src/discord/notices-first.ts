import { type ButtonBuilder, type ButtonInteraction, MessageFlags } from 'discord.js';
import type { AnswerableInteraction } from './acknowledge.ts';
import { inTime } from './acknowledge.ts';
import type { CommandParts } from './command.ts';
import { row } from './ticket-reply.ts';

type AsksFirst = Exclude<AnswerableInteraction, ButtonInteraction>;

/**
 * For commands that open a form: tells the person first what could not be told in time.
 * @param onward The button that opens the form after that.
 * @returns false when there was nothing to tell, and nothing was answered.
 */
export async function tellNoticesFirst(
  interaction: AsksFirst,
  parts: CommandParts,
  onward: ButtonBuilder,
): Promise<boolean> {
  const pending = await inTime(parts.delivery.pending(interaction.user.id));
  const last = pending.at(-1);
  for (const { id, reply } of pending) {
    const components = id === last?.id ? [...reply.components, row(onward)] : reply.components;
    await show(interaction, { ...reply, components });
    await parts.delivery.delivered(interaction.user.id, id);
  }
  return pending.length > 0;
}

/** For commands that have answered already: adds what could not be told in time. */
export async function tellNoticesAfter(interaction: AnswerableInteraction, parts: CommandParts): Promise<void> {
  for (const { id, reply } of await parts.delivery.pending(interaction.user.id)) {
    await show(interaction, reply);
    await parts.delivery.delivered(interaction.user.id, id);
  }
}

async function show(
  interaction: AnswerableInteraction,
  message: Awaited<ReturnType<CommandParts['delivery']['pending']>>[number]['reply'],
): Promise<void> {
  if (interaction.replied || interaction.deferred)
    await interaction.followUp({ ...message, flags: MessageFlags.Ephemeral });
  else await interaction.reply({ ...message, flags: MessageFlags.Ephemeral });
}
