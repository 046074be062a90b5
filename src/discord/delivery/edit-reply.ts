import { type REST, Routes } from 'discord.js';
import type { AnswerableInteraction } from '../acknowledge.ts';
import { asBody, asMessage, type Reply } from '../replies/reply.ts';

/** Edits the private reply of an interaction. */
export async function editReply(interaction: AnswerableInteraction, reply: Reply): Promise<void> {
  if (reply.files) await interaction.editReply(asMessage(reply));
  else await editOriginal(interaction.client.rest, interaction, reply);
  interaction.replied = true;
}

/** Edits a private reply of which nobody needs the message that comes of it: discord.js makes one of each edit. */
export async function editOriginal(
  rest: REST,
  { applicationId, token }: { readonly applicationId: string; readonly token: string },
  reply: Reply,
): Promise<void> {
  await rest.patch(Routes.webhookMessage(applicationId, token, '@original'), {
    auth: false,
    body: { ...asBody(reply), allowed_mentions: { parse: [] } },
  });
}
