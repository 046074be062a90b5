import type { HelpdeskError, OpenTicketResult } from './helpdesk-client.ts';
import type { Submission } from './records/submission-ledger.ts';
import type { FieldIssue } from './ticket-request.ts';

/** Whose helpdesk account a ticket was opened on. The address is masked, and given only when it is the submitter's own. */
export type TicketAccount =
  | { readonly kind: 'self'; readonly maskedEmail: string }
  | { readonly kind: 'author'; readonly userId: string }
  | { readonly kind: 'community' };

/** What became of a submit, for the person to read. */
export type TicketOutcome = OutcomeOfItself & {
  /**
   * Beside an outcome that opened nothing: the same thing is, or may be, a ticket from another submission. `unknown`: the
   * store could not be asked.
   */
  readonly earlier?: EarlierTicket | { readonly kind: 'unknown' };
};

type OutcomeOfItself =
  | {
      readonly kind: 'opened';
      readonly reference: string | undefined;
      /** Unset when the bot was restarted between the opening and the reply. */
      readonly ticket?: { readonly subject: string; readonly product: string; readonly account: TicketAccount };
    }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unreachable'; readonly cause?: HelpdeskError }
  | { readonly kind: 'unconfirmed'; readonly at: number; readonly isTextGone?: true; readonly cause?: HelpdeskError }
  /** The bot died or was stopped before it sent anything. */
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'not-linked' }
  | { readonly kind: 'invalid'; readonly issues: readonly FieldIssue[] }
  | { readonly kind: 'limited'; readonly retryAt: number; readonly scope: 'person' | 'server' }
  /** Another submit of the same thing is under way. */
  | { readonly kind: 'in-progress' }
  | EarlierTicket
  | Paused
  | Blocked
  /** The submitter may not (or no longer) escalate in that server. */
  | { readonly kind: 'not-moderator' }
  /** The author of the message is not linked (any more), or does not want tickets opened in their name. */
  | { readonly kind: 'author-unavailable' }
  /** ESCALATION_EMAIL was taken away meanwhile. */
  | { readonly kind: 'community-unavailable' }
  /** The form of an escalation came back when what it was about had expired, or had become a ticket. */
  | { readonly kind: 'escalation-expired' }
  /** The draft has expired or was erased. */
  | { readonly kind: 'gone' };

export type EarlierTicket =
  /** The same thing is a ticket already. */
  | ({ readonly kind: 'already-opened'; readonly reference: string | undefined } & EarlierSubmission)
  /** The same thing was sent before, and nobody knows whether it became a ticket. */
  | ({ readonly kind: 'maybe-open' } & EarlierSubmission);

/** A moderator has stopped all tickets of the server. */
export interface Paused {
  readonly kind: 'paused';
  readonly notice: string;
}

/** A moderator has stopped this person's tickets. */
export interface Blocked {
  readonly kind: 'blocked';
  readonly reason: string;
  /** Milliseconds since 1970; undefined when it has no end. */
  readonly until: number | undefined;
}

interface EarlierSubmission {
  readonly submissionId: string;
  readonly submitterId: string;
  readonly at: number;
}

/** Whether somebody who reads this outcome believes that there is no ticket. */
export function saysNothingWasOpened({ kind }: TicketOutcome): boolean {
  switch (kind) {
    case 'opened':
    case 'unconfirmed':
    case 'in-progress':
    case 'already-opened':
    case 'maybe-open':
    case 'gone':
      return false;
    case 'refused':
    case 'unreachable':
    case 'interrupted':
    case 'not-linked':
    case 'invalid':
    case 'limited':
    case 'paused':
    case 'blocked':
    case 'not-moderator':
    case 'author-unavailable':
    case 'community-unavailable':
    case 'escalation-expired':
      return true;
  }
}

/** What the ledger says of a submission that no call is under way for. */
export function outcomeOf(submission: Submission): TicketOutcome {
  switch (submission.stage) {
    case 'saved':
      return { kind: 'interrupted' };
    case 'sending':
    case 'unconfirmed':
      return { kind: 'unconfirmed', at: submission.stageAt };
    case 'opened':
      return { kind: 'opened', reference: submission.reference };
    case 'refused':
      return { kind: 'refused', reason: submission.reason ?? '' };
    case 'unreachable':
      return { kind: 'unreachable' };
  }
}

/** What a call came to, for the person to read. */
export function outcomeOfCall(
  result: OpenTicketResult,
  ticket: { subject: string; product: string; account: TicketAccount },
  at: number,
): TicketOutcome {
  switch (result.kind) {
    case 'opened':
      return { kind: 'opened', reference: result.reference, ticket };
    case 'refused':
      return { kind: 'refused', reason: result.reason };
    case 'unreachable':
      return result.cause.kind === 'closed' ? { kind: 'interrupted' } : { kind: 'unreachable', cause: result.cause };
    case 'unconfirmed':
      return { kind: 'unconfirmed', at, cause: result.cause };
  }
}
