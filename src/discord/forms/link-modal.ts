import { LabelBuilder, ModalBuilder, type ModalSubmitInteraction, TextInputBuilder, TextInputStyle } from 'discord.js';
import { z } from 'zod';
import { customId } from '../custom-id.ts';

/** The form for the address of a helpdesk account. */
export function linkModal(): ModalBuilder {
  return new ModalBuilder()
    .setCustomId(customId('link'))
    .setTitle('Link your helpdesk account')
    .addLabelComponents(
      new LabelBuilder()
        .setLabel('Email address of your account')
        .setDescription('The address with which you log in at the hosting company.')
        .setTextInputComponent(
          new TextInputBuilder().setCustomId('email').setStyle(TextInputStyle.Short).setMinLength(3).setMaxLength(254),
        ),
    );
}

/** The form for a mailed code. */
export function codeModal(): ModalBuilder {
  return new ModalBuilder()
    .setCustomId(customId('link-code'))
    .setTitle('Enter your code')
    .addLabelComponents(
      new LabelBuilder()
        .setLabel('Code')
        .setDescription('The six digits from the mail.')
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
