import { type DuplicateOf, notSent, saysNothingWasOpened, type TicketOutcome } from '../ticket-outcome.ts';
import type { MessageRecord } from './message-record.ts';
import { type Attempt, findAttempt, isLive, type PersonRecord, type Request } from './person-record.ts';
import { duplicateAmong, isUnderWay, type RelatedAttempt, relatedAttempts, ticketAmong } from './related-attempts.ts';
import { waitsForHelpdesk } from './when-back.ts';

/** What is known besides the person's record. */
export interface OutcomeContext {
  readonly submitterId: string;
  /** The record of the escalated message. */
  readonly message: MessageRecord | undefined;
  /** Whether the text is stored. */
  readonly hasText: boolean;
  readonly now: number;
}

/**
 * What is true of an attempt, whoever asks and whenever. Pure. "Nothing was opened" is not the whole truth where another
 * attempt at the same opened a ticket, or may have.
 */
export function outcomeOf(record: PersonRecord, attemptId: string, context: OutcomeContext): TicketOutcome {
  const found = findAttempt(record, attemptId);
  return found ? ofRequest(found.request, outcomeOfFound(record, found, context)) : { kind: 'gone' };
}

/** An outcome with what its request is about. */
function ofRequest({ answers }: Request, outcome: TicketOutcome): TicketOutcome {
  return answers === undefined ? outcome : { ...outcome, answers };
}

function outcomeOfFound(
  record: PersonRecord,
  { request, attempt }: { readonly request: Request; readonly attempt: Attempt },
  context: OutcomeContext,
): TicketOutcome {
  if (isLive(attempt)) return { kind: 'duplicate', of: { state: 'in-progress' } };
  const own = ownOutcome(attempt);
  if (own.kind === 'opened') return own;
  if (own.kind === 'unconfirmed') return context.hasText ? own : { ...own, isTextGone: true };
  // A text that is gone became a ticket with a later attempt, or it expired.
  if (!context.hasText) return outcomeOfRequest(record, request.id, context);
  const isLast = request.attempts.at(-1)?.id === attempt.id;
  const now: TicketOutcome =
    isLast && waitsForHelpdesk(request, context.now) ? { kind: 'waiting', until: request.textUntil } : own;
  return withRelated(now, relatedTo(record, { request, attempt }, context));
}

/** What became of a form whose text is stored no more: a ticket, perhaps one, or nothing. Pure. */
export function outcomeOfRequest(
  record: PersonRecord,
  requestId: string,
  context: Omit<OutcomeContext, 'hasText'>,
): TicketOutcome {
  const request = record.requests.find(({ id }) => id === requestId);
  return request ? ofRequest(request, outcomeWithoutText(record, request, context)) : { kind: 'gone' };
}

function outcomeWithoutText(
  record: PersonRecord,
  request: Request,
  { submitterId, message, now }: Omit<OutcomeContext, 'hasText'>,
): TicketOutcome {
  if (request.attempts.some(isLive)) return { kind: 'duplicate', of: { state: 'in-progress' } };
  const opened = request.attempts.find(({ stage }) => stage.kind === 'opened');
  if (opened) return ownOutcome(opened);
  const doubtful = request.attempts.findLast(({ stage }) => stage.kind === 'unconfirmed');
  if (doubtful) return { ...ownOutcome(doubtful), isTextGone: true } as TicketOutcome;
  // Another form's ticket: what this one said may have been something else by then.
  const earlier = ticketAmong(relatedAttempts(record, { submitterId, request }, message, now));
  return earlier ? { kind: 'gone', earlier: asDuplicate(earlier) } : { kind: 'gone' };
}

/** An outcome that is known otherwise, with what is known of other attempts at the same by now. Pure. */
export function withOthers(
  outcome: TicketOutcome,
  record: PersonRecord,
  attemptId: string,
  context: OutcomeContext,
): TicketOutcome {
  const found = findAttempt(record, attemptId);
  if (!found || !saysNothingWasOpened(outcome)) return outcome;
  const ticket = ticketAmong(relatedTo(record, found, context));
  return ticket ? { ...outcome, earlier: asDuplicate(ticket) } : outcome;
}

/** What stands against sending a form now, before it is submitted. Pure. */
export function duplicateBefore(
  record: PersonRecord,
  requestId: string,
  context: Omit<OutcomeContext, 'hasText'>,
): RelatedAttempt | undefined {
  const request = requestOrNew(record, requestId);
  return duplicateAmong(relatedBefore(record, request, context), request.confirmed);
}

/**
 * What was sent before, or is being sent, whatever the person has said to it: who reads "nothing was sent" has to know of it, and
 * nothing is sent by itself beside it. Pure.
 */
export function sentBefore(
  record: PersonRecord,
  requestId: string,
  context: Omit<OutcomeContext, 'hasText'>,
): RelatedAttempt | undefined {
  return duplicateAmong(relatedBefore(record, requestOrNew(record, requestId), context), []);
}

function requestOrNew(
  record: PersonRecord,
  requestId: string,
): Pick<Request, 'id' | 'related' | 'attempts' | 'confirmed' | 'formerWords'> {
  const request = record.requests.find(({ id }) => id === requestId);
  return request ?? { id: requestId, related: [], attempts: [], confirmed: [] };
}

function relatedBefore(
  record: PersonRecord,
  request: ReturnType<typeof requestOrNew>,
  { submitterId, message, now }: Omit<OutcomeContext, 'hasText'>,
): RelatedAttempt[] {
  return relatedAttempts(record, { submitterId, request }, message, now);
}

function relatedTo(
  record: PersonRecord,
  { request, attempt }: { readonly request: Request; readonly attempt: Attempt },
  { submitterId, message, now }: Omit<OutcomeContext, 'hasText'>,
): RelatedAttempt[] {
  return relatedAttempts(record, { submitterId, request, attempt }, message, now);
}

function withRelated(own: TicketOutcome, related: readonly RelatedAttempt[]): TicketOutcome {
  // That one will have the last word.
  if (related.some(isUnderWay)) return { kind: 'duplicate', of: { state: 'in-progress' } };
  const ticket = ticketAmong(related);
  if (!ticket) return own;
  // It has nothing to say of its own: the other one is the news.
  if (own.kind === 'not-sent' && own.reason.kind === 'interrupted')
    return { kind: 'duplicate', of: asDuplicate(ticket) };
  return { ...own, earlier: asDuplicate(ticket) };
}

function ownOutcome({ stage, stageAt }: Attempt): TicketOutcome {
  switch (stage.kind) {
    case 'received':
    case 'sending':
      return { kind: 'duplicate', of: { state: 'in-progress' } };
    case 'opened':
      return { kind: 'opened', reference: stage.reference };
    case 'refused':
      return { kind: 'refused', reason: stage.reason, about: stage.about };
    case 'unreachable':
      return { kind: 'unreachable', at: stageAt, cause: stage.cause };
    case 'unconfirmed':
      return { kind: 'unconfirmed', at: stageAt, cause: stage.cause };
    case 'not-sent': {
      const { reason } = stage;
      if (reason.kind === 'duplicate' || reason.kind === 'answered-elsewhere') return notSent({ kind: 'interrupted' });
      return notSent(reason);
    }
  }
}

export function asDuplicate({ state, attemptId, submitterId, reference, at }: RelatedAttempt): DuplicateOf {
  return { state: state === 'opened' ? 'opened' : 'unconfirmed', attemptId, submitterId, reference, at };
}
