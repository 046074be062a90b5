import type { NoRequester } from './requester.ts';
import type { Blocked, Paused } from './ticket-outcome.ts';

/** What may stop a ticket while it waits. */
export type Withdrawn = Paused | Blocked | { readonly kind: 'not-moderator' } | NoRequester;

/** A ticket may not be opened any more: a pause, a block, a link or a role changed while it waited. Nothing was sent. */
export class PermissionWithdrawnError extends Error {
  override name = 'PermissionWithdrawnError';
  readonly outcome: Withdrawn;

  constructor(outcome: Withdrawn) {
    super('A ticket was stopped before it was sent.');
    this.outcome = outcome;
  }
}
