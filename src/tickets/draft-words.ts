import { createHmac } from 'node:crypto';
import type { TicketDraft } from './ticket-drafts.ts';
import { dedupParts } from './ticket-fields.ts';

/**
 * What makes two submits the same, as a keyed digest: of a ticket the fields that say so, of an answer its text and its ticket.
 * How an answer is called where texts are listed is nothing that its writer wrote.
 */
export function draftWords({ fields, answers }: Pick<TicketDraft, 'fields' | 'answers'>, digestKey: Buffer): string {
  const parts = answers ? ['answer', fields.body, answers.ticketId] : dedupParts(fields);
  return createHmac('sha256', digestKey).update(JSON.stringify(parts)).digest('base64url');
}
