import type { ButtonBuilder, ButtonInteraction } from 'discord.js';
import type { AnswerableInteraction, InTime } from '../acknowledge.ts';
import type { CommandParts } from '../command.ts';
import { privately, type Reply, row } from '../replies/reply.ts';

type AsksFirst = Exclude<AnswerableInteraction, ButtonInteraction>;

/**
 * For commands that open a form: tells the person first what could not be told in time.
 * @param options.onward The button that opens the form after that.
 * @returns false when there was nothing to tell, and nothing was answered.
 */
export async function tellNoticesFirst(
  interaction: AsksFirst,
  parts: CommandParts,
  { onward, inTime }: { onward: ButtonBuilder; inTime: InTime },
): Promise<boolean> {
  const pending = await inTime(parts.delivery.pending(interaction.user.id));
  const last = pending.at(-1);
  for (const { id, reply } of pending) {
    await show(interaction, id === last?.id ? withButton(reply, onward) : reply);
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

/** Discord refuses two buttons with one custom ID in a message. */
function withButton(reply: Reply, button: ButtonBuilder): Reply {
  const { custom_id: wanted } = button.toJSON() as { custom_id?: string };
  const has = reply.components.some(({ components }) =>
    components.some((other) => (other.toJSON() as { custom_id?: string }).custom_id === wanted),
  );
  return has ? reply : { ...reply, components: [...reply.components, row(button)] };
}

async function show(interaction: AnswerableInteraction, message: Reply): Promise<void> {
  if (interaction.replied || interaction.deferred) await interaction.followUp(privately(message));
  else await interaction.reply(privately(message));
}
