import type { TicketOutcome } from './ticket-outcome.ts';

/** An attempt may not be sent (any more), and its record says why. Thrown through the queue, which runs attempts. */
export class AttemptStoppedError extends Error {
  override name = 'AttemptStoppedError';
  /** Undefined when another process has taken it over. */
  readonly outcome: TicketOutcome | undefined;

  constructor(outcome: TicketOutcome | undefined) {
    super('An attempt was stopped before it was sent.');
    this.outcome = outcome;
  }
}
