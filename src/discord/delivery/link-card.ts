import { type Message, MessageFlags, type ModalSubmitInteraction } from 'discord.js';
import { deferEphemeral, deferUpdate } from '../acknowledge.ts';
import { REPLY_KINDS, type ReplyKind } from '../replies/reply-kind.ts';

/** Cards about the link. What came of a ticket has the buttons of its text, and a panel is everybody's: those stay. */
const LINK_CARDS: readonly ReplyKind[] = ['link', 'linked', 'account'];

/** Promises an answer to a form about the link: in the card from which the form came, or else in a new message. @throws as `deferUpdate`. */
export async function deferLinkCard(interaction: ModalSubmitInteraction): Promise<void> {
  if (interaction.isFromMessage() && isLinkCard(interaction.message)) await deferUpdate(interaction);
  else await deferEphemeral(interaction);
}

function isLinkCard({ flags, components }: Message): boolean {
  const [container] = components;
  return flags.has(MessageFlags.Ephemeral) && LINK_CARDS.some((kind) => REPLY_KINDS[kind].id === container?.id);
}
