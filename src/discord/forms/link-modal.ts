import { LabelBuilder, ModalBuilder, type ModalSubmitInteraction, TextInputBuilder, TextInputStyle } from 'discord.js';
import { z } from 'zod';
import { customId } from '../custom-id.ts';
import { type HelpdeskNames, withoutArticle } from '../replies/helpdesk-words.ts';

/** Characters of an address. */
const MIN_ADDRESS = 3;
const MAX_ADDRESS = 254;

/**
 * The form for the email address that somebody uses at the helpdesk.
 * @param typed What stands in it already. A text that the field could not hold is left out, or Discord would refuse the form.
 */
export function linkModal(helpdesk: Pick<HelpdeskNames, 'name'>, typed?: string): ModalBuilder {
  const input = new TextInputBuilder()
    .setCustomId('email')
    .setStyle(TextInputStyle.Short)
    .setMinLength(MIN_ADDRESS)
    .setMaxLength(MAX_ADDRESS);
  if (typed !== undefined && isFieldText(typed)) input.setValue(typed);
  return new ModalBuilder()
    .setCustomId(customId('link'))
    .setTitle(`Link your ${withoutArticle(helpdesk)} account`)
    .addLabelComponents(
      new LabelBuilder()
        .setLabel(`Email you use at ${helpdesk.name}`)
        .setDescription('Nobody else on Discord sees it.')
        .setTextInputComponent(input),
    );
}

function isFieldText(text: string): boolean {
  return text.length >= MIN_ADDRESS && text.length <= MAX_ADDRESS && !/[\r\n]/.test(text) && text.isWellFormed();
}

/** The form for a mailed code. */
export function codeModal(): ModalBuilder {
  return new ModalBuilder()
    .setCustomId(customId('link-code'))
    .setTitle('Enter your code')
    .addLabelComponents(
      new LabelBuilder()
        .setLabel('Code')
        .setDescription('The six digits from the email.')
        // Room for the blank or the dash that people put in the middle.
        .setTextInputComponent(
          new TextInputBuilder().setCustomId('code').setStyle(TextInputStyle.Short).setMinLength(6).setMaxLength(12),
        ),
    );
}

/** Reads a field of these forms as it was sent; one that is missing counts as empty. */
export function readTextField(interaction: ModalSubmitInteraction, field: 'email' | 'code'): string {
  return z.object({ value: z.string() }).safeParse(interaction.fields.fields.get(field)).data?.value ?? '';
}
