import type {
  APIModalInteractionResponseCallbackData,
  ButtonInteraction,
  ChatInputCommandInteraction,
  MessageContextMenuCommandInteraction,
} from 'discord.js';
import type { Prospect } from '../../tickets/ticket-rules.ts';
import type { Services } from '../command.ts';
import type { EarlyRefusal } from '../interaction-log.ts';
import { closedReply } from '../replies/closed-reply.ts';
import { notLinkedReply } from '../replies/link-reply.ts';
import { ephemeral, type Reply } from '../replies/reply.ts';

/** What stands against a form before anything is written into it. */
export interface FormRefusal {
  readonly reply: Reply;
  readonly reason: EarlyRefusal;
}

/** What somebody sees who wants to write: the form, something to choose from first, or what stands against it. */
export type FormOrRefusal =
  | { readonly form: APIModalInteractionResponseCallbackData }
  | { readonly reply: Reply; readonly reason?: EarlyRefusal };

/** What stands against everything that a person could write on their own account here and now. */
export function refusalOfPerson(
  { closed, limited, link }: Prospect,
  { config: { helpdesk, links } }: Pick<Services, 'config'>,
): FormRefusal | undefined {
  const refusal = closed ?? limited;
  if (refusal) return { reply: closedReply(refusal), reason: refusal };
  if (!link) return { reply: notLinkedReply(helpdesk, links.verification), reason: { kind: 'not-linked' } };
  return undefined;
}

/** The first answer to the interaction. A refusal stands in the log. */
export async function showFormOrRefusal(
  interaction: ChatInputCommandInteraction | MessageContextMenuCommandInteraction | ButtonInteraction,
  { interactionLog }: Pick<Services, 'interactionLog'>,
  next: FormOrRefusal,
): Promise<void> {
  if ('form' in next) {
    await interaction.showModal(next.form);
    return;
  }
  if (next.reason) interactionLog.ticketRefused(interaction, next.reason);
  await interaction.reply(ephemeral(next.reply));
}
