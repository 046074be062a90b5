import type { Place } from '../../sandbox/discord/people/place.ts';
import { asModal, type Shown } from '../../sandbox/discord/people/shown.ts';
import type { ShownModal } from '../../sandbox/discord/people/shown-modal.ts';
import { FIELD_NAMES, TICKET_FIELDS, type TicketFields } from '../../src/tickets/ticket-fields.ts';

/** What a test types into the form. Any field may be given. */
export type TypedFields = Pick<TicketFields, 'subject' | 'body'> & Partial<TicketFields>;

/** The same with something in every field that has to be filled in, also in those that the test does not know. */
export function filledIn(typed: TypedFields): Record<string, string> {
  const required = FIELD_NAMES.filter((field) => TICKET_FIELDS[field].isRequired);
  return { ...Object.fromEntries(required.map((field) => [field, TICKET_FIELDS[field].label])), ...typed };
}

/** Whether somebody is shown what they have not sent yet, before the form. */
export function isUnsentCard(shown: Shown): boolean {
  return shown.kind === 'message' && shown.buttons.some(({ label }) => label === 'New ticket');
}

/** What /ticket shows a person who wants to write a new one, whatever they have not sent. */
export async function newTicket(place: Place): Promise<Shown> {
  const shown = await place.slash('ticket');
  return shown.kind === 'message' && isUnsentCard(shown) ? shown.click('New ticket') : shown;
}

/** The empty form. @throws {Error} when there is something to be told first, or something stands against it. */
export async function ticketForm(place: Place): Promise<ShownModal> {
  return asModal(await newTicket(place));
}

/** What a person has to be told, as soon as it is there: until then, /ticket opens the form. */
export async function noticeOf(place: Place): Promise<Shown> {
  let shown = await place.slash('ticket');
  while (shown.kind === 'modal' || isUnsentCard(shown)) shown = await place.slash('ticket');
  return shown;
}
