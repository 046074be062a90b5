import { type APIModalInteractionResponseCallbackData, ComponentType, TextInputStyle } from 'discord.js';
import { FIELD_LIMITS } from '../../tickets/ticket-fields.ts';
import { customId } from '../custom-id.ts';
import { truncate } from '../replies/truncate.ts';
import { type LabelledInput, label } from './label.ts';

/** Discord's limit for the title of a form. */
const TITLE_LENGTH = 45;

/**
 * The form of an answer to a ticket, with what was typed before.
 * @param options.reference The display ID of the ticket, where it is known.
 */
export function answerModal(
  draftId: string,
  { ticketId, reference, body = '' }: { ticketId: string; reference: string | undefined; body?: string },
): APIModalInteractionResponseCallbackData {
  const input: LabelledInput = {
    type: ComponentType.TextInput,
    custom_id: 'body',
    style: TextInputStyle.Paragraph,
    min_length: 1,
    max_length: FIELD_LIMITS.body,
    // Discord refuses an empty prefilled value.
    ...(body && { value: truncate(body, FIELD_LIMITS.body) }),
  };
  return {
    custom_id: customId('answer', draftId, ticketId),
    title: truncate(answerTitle(reference), TITLE_LENGTH),
    components: [label('Your reply', input, 'Support staff read this. Never include passwords.')],
  };
}

/** What an answer is called where it stands among other texts. */
export function answerTitle(reference: string | undefined): string {
  return reference === undefined ? 'Reply to a ticket' : `Reply to ${reference}`;
}
