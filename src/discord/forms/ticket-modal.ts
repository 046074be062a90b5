import {
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  type APITextInputComponent,
  ComponentType,
  type ModalSubmitInteraction,
  TextInputStyle,
} from 'discord.js';
import { z } from 'zod';
import type { TicketDraft } from '../../tickets/ticket-drafts.ts';
import {
  EMPTY_FIELDS,
  FIELD_LIMITS,
  FIELD_NAMES,
  type FieldName,
  mapFields,
  TICKET_FIELDS,
  type TicketFields,
} from '../../tickets/ticket-fields.ts';
import { customId } from '../custom-id.ts';
import { truncate } from '../replies/truncate.ts';
import { type LabelledInput, label } from './label.ts';

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

/**
 * The form for subject, product and body, filled in with what is known. Written as Discord takes it: the builders look at each
 * part of it again for everybody who opens it.
 * @param products TICKET_PRODUCTS: a select when there are any, otherwise free text.
 * @param behalfOptions For an escalation.
 */
export function ticketModal(
  draftId: string,
  products: readonly string[],
  fields: TicketFields = EMPTY_FIELDS,
  behalf?: { options: readonly BehalfOption[]; chosen: Behalf },
): APIModalInteractionResponseCallbackData {
  const text = (field: FieldName, style: TextInputStyle) => textInput(field, style, fields[field]);
  // One for each field. A form has five parts at most (Discord), and an escalation's last one says on whose behalf.
  const inputs: Readonly<Record<FieldName, APILabelComponent>> = {
    subject: label(TICKET_FIELDS.subject.label, text('subject', TextInputStyle.Short)),
    product: label(
      TICKET_FIELDS.product.label,
      products.length > 0 ? productSelect(products, fields.product) : text('product', TextInputStyle.Short),
      'The product or service this is about. Optional.',
    ),
    body: label(
      behalf ? 'What should support know?' : 'What do you need help with?',
      text('body', TextInputStyle.Paragraph),
      'Support staff read this. Never include passwords.',
    ),
  };
  return {
    custom_id: customId('ticket', draftId),
    title: behalf ? 'Escalate to a helpdesk ticket' : 'Open a helpdesk ticket',
    components: [
      ...FIELD_NAMES.map((field) => inputs[field]),
      ...(behalf ? [behalfSelect(behalf.options, behalf.chosen)] : []),
    ],
  };
}

function textInput(field: FieldName, style: TextInputStyle, value: string): APITextInputComponent {
  return {
    type: ComponentType.TextInput,
    custom_id: field,
    style,
    max_length: FIELD_LIMITS[field],
    ...(TICKET_FIELDS[field].isRequired ? { min_length: 1 } : { required: false }),
    // Discord refuses an empty prefilled value.
    ...(value && { value: truncate(value, FIELD_LIMITS[field]) }),
  };
}

function productSelect(products: readonly string[], chosen: string): LabelledInput {
  // Chosen, or typed, before the list was changed: it stays a choice, as far as there is room.
  const shown = truncate(chosen, FIELD_LIMITS.product);
  const isUnlisted = shown !== '' && !products.includes(shown) && products.length < MAX_OPTIONS - 1;
  const names = [...(isUnlisted ? [shown] : []), ...products];
  return {
    type: ComponentType.StringSelect,
    custom_id: 'product',
    placeholder: 'Choose one (optional)',
    required: false,
    min_values: 0,
    max_values: 1,
    options: [
      ...names.map((name) => ({ label: name, value: name, default: name === shown })),
      { label: SOMETHING_ELSE, value: SOMETHING_ELSE_VALUE },
    ],
  };
}

function behalfSelect(options: readonly BehalfOption[], chosen: Behalf): APILabelComponent {
  const select: LabelledInput = {
    type: ComponentType.StringSelect,
    custom_id: 'behalf',
    options: options.map(({ behalf, label: name }) => ({ label: name, value: behalf, default: behalf === chosen })),
  };
  return label('On whose behalf', select, 'The account that gets the ticket and the replies.');
}

/** What a modal can send back for one of our fields; a field that is missing or of another kind counts as empty. */
const submittedField = z
  .union([
    z.object({ value: z.string() }).transform(({ value }) => value),
    z.object({ values: z.array(z.string()).readonly() }).transform(({ values }) => values[0] ?? ''),
  ])
  .catch('');

const behalfs = z.enum(['self', 'author', 'community']);

/** Reads the form as it was sent, whoever sent it. Whether it is a ticket is another question. */
export function readTicketFields(interaction: ModalSubmitInteraction): TicketFields {
  const fields = mapFields((field) => readField(interaction, field));
  return { ...fields, product: fields.product === SOMETHING_ELSE_VALUE ? '' : fields.product };
}

/** @returns In whose name, or undefined when the form did not ask or the answer is none of ours. */
export function readBehalf(interaction: ModalSubmitInteraction): Behalf | undefined {
  return behalfs.safeParse(readField(interaction, 'behalf')).data;
}

function readField({ fields }: ModalSubmitInteraction, field: string): string {
  const sent = fields.fields.get(field);
  // Most forms ask nothing of the kind, and zod takes its time to find that out.
  return sent === undefined ? '' : submittedField.parse(sent);
}
