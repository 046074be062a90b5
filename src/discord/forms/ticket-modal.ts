import {
  LabelBuilder,
  ModalBuilder,
  type ModalSubmitInteraction,
  StringSelectMenuBuilder,
  StringSelectMenuOptionBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';
import { z } from 'zod';
import type { TicketDraft } from '../../tickets/ticket-drafts.ts';
import { FIELD_LIMITS, type TicketFields } from '../../tickets/ticket-request.ts';
import { customId } from '../custom-id.ts';
import { truncate } from '../replies/truncate.ts';

export type Behalf = TicketDraft['behalf'];

/** In whose name a moderator may open the ticket: only what is allowed at the moment. */
export interface BehalfOption {
  readonly behalf: Behalf;
  readonly label: string;
}

/** Discord's limit for the options of a select. */
const MAX_OPTIONS = 25;
const SOMETHING_ELSE = 'Something else';
/** Nothing that TICKET_PRODUCTS can contain: commas separate its names. */
const SOMETHING_ELSE_VALUE = 'something,else';
const EMPTY: TicketFields = { subject: '', product: '', body: '' };

/**
 * The form for subject, product and body, filled in with what is known.
 * @param products TICKET_PRODUCTS: a select when there are any, otherwise free text.
 * @param behalfOptions For an escalation.
 */
export function ticketModal(
  draftId: string,
  products: readonly string[],
  fields: TicketFields = EMPTY,
  behalf?: { options: readonly BehalfOption[]; chosen: Behalf },
): ModalBuilder {
  const modal = new ModalBuilder()
    .setCustomId(customId('ticket', draftId))
    .setTitle(behalf ? 'Escalate to a helpdesk ticket' : 'Open a helpdesk ticket')
    .addLabelComponents(
      new LabelBuilder()
        .setLabel('Subject')
        .setTextInputComponent(textInput('subject', TextInputStyle.Short, fields.subject).setMinLength(1)),
      products.length > 0 ? productSelect(products, fields.product) : productInput(fields.product),
      new LabelBuilder()
        .setLabel(behalf ? 'What should support know?' : 'What do you need help with?')
        .setDescription('Support staff read this. Never include passwords.')
        .setTextInputComponent(textInput('body', TextInputStyle.Paragraph, fields.body).setMinLength(1)),
    );
  return behalf ? modal.addLabelComponents(behalfSelect(behalf.options, behalf.chosen)) : modal;
}

function textInput(field: keyof TicketFields, style: TextInputStyle, value: string): TextInputBuilder {
  const input = new TextInputBuilder().setCustomId(field).setStyle(style).setMaxLength(FIELD_LIMITS[field]);
  // Discord refuses an empty prefilled value.
  return value ? input.setValue(truncate(value, FIELD_LIMITS[field])) : input;
}

function productInput(product: string): LabelBuilder {
  return new LabelBuilder()
    .setLabel('Product')
    .setDescription('The product or service this is about. Optional.')
    .setTextInputComponent(textInput('product', TextInputStyle.Short, product).setRequired(false));
}

function productSelect(products: readonly string[], chosen: string): LabelBuilder {
  // Chosen, or typed, before the list was changed: it stays a choice, as far as there is room.
  const shown = truncate(chosen, FIELD_LIMITS.product);
  const isUnlisted = shown !== '' && !products.includes(shown) && products.length < MAX_OPTIONS - 1;
  const options = [...(isUnlisted ? [shown] : []), ...products].map((name) =>
    new StringSelectMenuOptionBuilder()
      .setLabel(name)
      .setValue(name)
      .setDefault(name === shown),
  );
  return new LabelBuilder()
    .setLabel('Product')
    .setDescription('The product or service this is about. Optional.')
    .setStringSelectMenuComponent(
      new StringSelectMenuBuilder()
        .setCustomId('product')
        .setPlaceholder('Choose one (optional)')
        .setRequired(false)
        .setMinValues(0)
        .setMaxValues(1)
        .addOptions(
          ...options,
          new StringSelectMenuOptionBuilder().setLabel(SOMETHING_ELSE).setValue(SOMETHING_ELSE_VALUE),
        ),
    );
}

function behalfSelect(options: readonly BehalfOption[], chosen: Behalf): LabelBuilder {
  return new LabelBuilder()
    .setLabel('On whose behalf')
    .setDescription('The account that gets the ticket and the replies.')
    .setStringSelectMenuComponent(
      new StringSelectMenuBuilder().setCustomId('behalf').addOptions(
        options.map(({ behalf, label }) =>
          new StringSelectMenuOptionBuilder()
            .setLabel(label)
            .setValue(behalf)
            .setDefault(behalf === chosen),
        ),
      ),
    );
}

/** What a modal can send back for one of our fields; a field that is missing or of another kind counts as empty. */
const submittedField = z
  .union([
    z.object({ value: z.string() }).transform(({ value }) => value),
    z.object({ values: z.array(z.string()).readonly() }).transform(({ values }) => values[0] ?? ''),
  ])
  .catch('');

/** Reads the form as it was sent, whoever sent it. Whether it is a ticket is another question. */
export function readTicketFields(interaction: ModalSubmitInteraction): TicketFields {
  const read = (field: string) => submittedField.parse(interaction.fields.fields.get(field));
  const product = read('product');
  return { subject: read('subject'), product: product === SOMETHING_ELSE_VALUE ? '' : product, body: read('body') };
}

/** @returns In whose name, or undefined when the form did not ask or the answer is none of ours. */
export function readBehalf(interaction: ModalSubmitInteraction): Behalf | undefined {
  const sent = submittedField.parse(interaction.fields.fields.get('behalf'));
  return z.enum(['self', 'author', 'community']).safeParse(sent).data;
}
