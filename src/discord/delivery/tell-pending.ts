import type { ButtonBuilder, ButtonInteraction } from 'discord.js';
import type { AnswerableInteraction, InTime } from '../acknowledge.ts';
import type { Services } from '../command.ts';
import { ephemeral, type Reply, row } from '../replies/reply.ts';
import type { Pending } from './outcome-delivery.ts';

type AsksFirst = Exclude<AnswerableInteraction, ButtonInteraction>;

/**
 * For commands that open a form: tells the person first what could not be told in time.
 * @param options.onward The button that opens the form after that.
 * @returns false when there was nothing to tell, and nothing was answered.
 */
export async function tellPendingFirst(
  interaction: AsksFirst,
  { delivery }: Pick<Services, 'delivery'>,
  { onward, inTime }: { onward: ButtonBuilder; inTime: InTime },
): Promise<boolean> {
  const finding = delivery.pending(interaction.user.id);
  const pending = await inTime(finding).catch((error: unknown) => {
    // What is found too late is told at another command.
    void finding.then(leaveAll, () => undefined);
    throw error;
  });
  const last = pending.at(-1);
  await tellAll(interaction, pending, (one) => (one === last ? withButton(one.reply, onward) : one.reply));
  return pending.length > 0;
}

/** For commands that have answered already: adds what could not be told in time. */
export async function tellPendingAfter(
  interaction: AnswerableInteraction,
  { delivery }: Pick<Services, 'delivery'>,
): Promise<void> {
  await tellAll(interaction, await delivery.pending(interaction.user.id), ({ reply }) => reply);
}

async function tellAll(
  interaction: AnswerableInteraction,
  pending: readonly Pending[],
  replyOf: (one: Pending) => Reply,
): Promise<void> {
  const notYetTold = [...pending];
  try {
    for (const one of pending) {
      await show(interaction, replyOf(one));
      notYetTold.shift();
      await one.delivered();
    }
  } finally {
    await leaveAll(notYetTold);
  }
}

async function leaveAll(notYetTold: readonly Pending[]): Promise<void> {
  for (const one of notYetTold) await one.left();
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
  if (interaction.replied || interaction.deferred) await interaction.followUp(ephemeral(message));
  else await interaction.reply(ephemeral(message));
}
