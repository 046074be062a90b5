import type { HelpdeskErrorKind, OpenTicketResult, RefusalSubject } from './helpdesk-client.ts';
import type { NotSentReason } from './lifecycle/person-record.ts';
import type { Watching } from './opened/opened-tickets.ts';

/** Whose helpdesk account a ticket was opened on. The address is given only when it is the submitter's own. */
export type TicketAccount =
  | { readonly kind: 'self'; readonly email: string }
  | { readonly kind: 'author'; readonly userId: string }
  | { readonly kind: 'community' };

/** Why an attempt was not sent, without duplicates, which are an outcome of their own. */
export type OutcomeReason = Exclude<NotSentReason, { kind: 'duplicate' | 'answered-elsewhere' }>;
export type Paused = Extract<NotSentReason, { kind: 'paused' }>;
export type LimitedReason = Extract<NotSentReason, { kind: 'limited' }>;
export type Blocked = Extract<NotSentReason, { kind: 'blocked' }>;

/** What became of a submit, for the person to read: what a call said, why there was none, what it is a duplicate of, or that it is gone. */
export type TicketOutcome = (CallOutcome | NotSent | Duplicate | Waiting | { readonly kind: 'gone' }) & {
  /** Beside an outcome that opened nothing: another attempt at the same opened a ticket, or may have. `unknown`: the store could not be asked. */
  readonly earlier?: DuplicateOf | { readonly state: 'unknown' };
  /** For an answer to a ticket: its display ID, or the empty text when that is not known. */
  readonly answers?: string | undefined;
};

/** What a receipt says of a ticket. `channelId`: where it was written or escalated, unless in direct messages. */
export interface OpenedTicket {
  readonly subject: string;
  readonly product: string;
  readonly account: TicketAccount;
  readonly channelId?: string | undefined;
  /** Whether whoever has it is told when something changes. */
  readonly watching?: Watching | undefined;
}

export type CallOutcome =
  | {
      readonly kind: 'opened';
      readonly reference: string | undefined;
      /** Unset when it is looked up later, from the record alone. */
      readonly ticket?: OpenedTicket;
    }
  | { readonly kind: 'refused'; readonly reason: string; readonly about?: RefusalSubject | undefined }
  | {
      readonly kind: 'unreachable';
      readonly cause?: HelpdeskErrorKind | undefined;
      /** When it was tried, in milliseconds since 1970. */
      readonly at: number;
    }
  | {
      readonly kind: 'unconfirmed';
      readonly at: number;
      readonly isTextGone?: true;
      readonly cause?: HelpdeskErrorKind | undefined;
    };

export interface NotSent {
  readonly kind: 'not-sent';
  readonly reason: OutcomeReason;
}

/** The text is sent as soon as the helpdesk answers, as its writer has said. `until`: when it expires, in milliseconds since 1970. */
export interface Waiting {
  readonly kind: 'waiting';
  readonly until: number;
}

/** Another attempt at the same is under way, opened a ticket, or may have. Nothing was sent. */
export type Duplicate = { readonly kind: 'duplicate'; readonly of: { readonly state: 'in-progress' } | DuplicateOf };

/** An attempt at the same that opened a ticket, or of which nobody knows whether it did. */
export interface DuplicateOf {
  readonly state: 'opened' | 'unconfirmed';
  readonly attemptId: string;
  readonly submitterId: string;
  readonly reference: string | undefined;
  /** When that was known, in milliseconds since 1970. */
  readonly at: number;
}

export function notSent(reason: OutcomeReason): NotSent {
  return { kind: 'not-sent', reason };
}

/** Whether somebody who reads this outcome believes that there is no ticket. */
export function saysNothingWasOpened({ kind }: TicketOutcome): boolean {
  switch (kind) {
    case 'opened':
    case 'unconfirmed':
    case 'duplicate':
    case 'gone':
      return false;
    case 'refused':
    case 'unreachable':
    case 'not-sent':
    case 'waiting':
      return true;
  }
}

/** What the metrics and the log call an outcome. */
export function labelOf(outcome: TicketOutcome): string {
  switch (outcome.kind) {
    case 'opened':
    case 'refused':
    case 'unreachable':
    case 'unconfirmed':
    case 'waiting':
    case 'gone':
      return outcome.kind;
    case 'not-sent':
      return outcome.reason.kind;
    case 'duplicate':
      return { 'in-progress': 'in-progress', opened: 'already-opened', unconfirmed: 'maybe-open' }[outcome.of.state];
  }
}

/** What a call came to, for the person to read. */
export function outcomeOfCall(result: OpenTicketResult, ticket: OpenedTicket, at: number): CallOutcome | NotSent {
  switch (result.kind) {
    case 'opened':
      return { kind: 'opened', reference: result.reference, ticket };
    case 'refused':
      return { kind: 'refused', reason: result.reason, about: result.about };
    case 'unreachable':
      if (result.cause.kind === 'closed') return notSent({ kind: 'interrupted' });
      return { kind: 'unreachable', at, cause: result.cause.kind };
    case 'unconfirmed':
      return { kind: 'unconfirmed', at, cause: result.cause.kind };
  }
}
