import { StorageError } from '../../storage/record-store.ts';
import type { ReceivedAttempt } from '../../tickets/attempt-intake.ts';
import type { TicketOutcome } from '../../tickets/ticket-outcome.ts';
import type { Services } from '../command.ts';
import { submissionEntry } from './audit-entries.ts';

/**
 * Writes what became of a submit for the moderators. The entry about an escalation is kept in mind with its ticket: it will say when
 * that has changed. Never rejects.
 */
export async function auditSubmission(
  { config, tickets, audit, log }: Pick<Services, 'config' | 'tickets' | 'audit' | 'log'>,
  { id, draft }: Pick<ReceivedAttempt, 'id' | 'draft'>,
  outcome: TicketOutcome,
): Promise<void> {
  const entry = submissionEntry(draft, outcome, config.helpdesk);
  if (!entry) return;
  const messageId = await audit.write(entry);
  if (messageId === undefined || !draft.escalated || outcome.kind !== 'opened') return;
  try {
    await tickets.watches.keepEntry(draft, id, { messageId, entry });
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    log.warn(
      { error, interactionId: id },
      'the entry about an escalation was written, and will not say when its ticket changes',
    );
  }
}
