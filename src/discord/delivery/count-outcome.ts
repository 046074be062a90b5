import type { Metrics } from '../../metrics.ts';
import { labelOf, type TicketOutcome } from '../../tickets/ticket-outcome.ts';

/** Counts what became of a submit. New tickets and answers are counted apart: operators compare the first with the helpdesk. */
export function countOutcome(
  { submissions, answers }: Pick<Metrics, 'submissions' | 'answers'>,
  outcome: TicketOutcome,
): void {
  const label = { outcome: labelOf(outcome) };
  if (outcome.answers === undefined) submissions.inc(label);
  else answers.inc(label);
}
