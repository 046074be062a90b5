import {
  type APIModalInteractionResponseCallbackData,
  ComponentType,
  type ModalSubmitInteraction,
  TextInputStyle,
} from 'discord.js';
import { z } from 'zod';
import { customId } from '../custom-id.ts';
import { type HelpdeskNames, withoutArticle } from '../replies/helpdesk-words.ts';
import { type LabelledInput, label } from './label.ts';

/** Characters of an address. */
const MIN_ADDRESS = 3;
const MAX_ADDRESS = 254;

/**
 * The form for the email address that somebody uses at the helpdesk.
 * @param typed What stands in it already. A text that the field could not hold is left out, or Discord would refuse the form.
 */
export function linkModal(
  helpdesk: Pick<HelpdeskNames, 'name'>,
  typed?: string,
): APIModalInteractionResponseCallbackData {
  const input: LabelledInput = {
    type: ComponentType.TextInput,
    custom_id: 'email',
    style: TextInputStyle.Short,
    min_length: MIN_ADDRESS,
    max_length: MAX_ADDRESS,
    ...(typed !== undefined && isFieldText(typed) && { value: typed }),
  };
  return {
    custom_id: customId('link'),
    title: `Link your ${withoutArticle(helpdesk)} account`,
    components: [label(`Email you use at ${helpdesk.name}`, input, 'Nobody else on Discord sees it.')],
  };
}

function isFieldText(text: string): boolean {
  return text.length >= MIN_ADDRESS && text.length <= MAX_ADDRESS && !/[\r\n]/.test(text) && text.isWellFormed();
}

/** The form for a mailed code. */
export function codeModal(): APIModalInteractionResponseCallbackData {
  const input: LabelledInput = {
    type: ComponentType.TextInput,
    custom_id: 'code',
    style: TextInputStyle.Short,
    // Room for the blank or the dash that people put in the middle.
    min_length: 6,
    max_length: 12,
  };
  return {
    custom_id: customId('link-code'),
    title: 'Enter your code',
    components: [label('Code', input, 'The six digits from the email.')],
  };
}

/** Reads a field of these forms as it was sent; one that is missing counts as empty. */
export function readTextField(interaction: ModalSubmitInteraction, field: 'email' | 'code'): string {
  return z.object({ value: z.string() }).safeParse(interaction.fields.fields.get(field)).data?.value ?? '';
}
