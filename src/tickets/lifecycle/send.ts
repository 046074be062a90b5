import type { MessageRecord } from './message-record.ts';
import {
  type Attempt,
  findAttempt,
  type NotSentReason,
  type PersonRecord,
  type Request,
  type Stage,
} from './person-record.ts';
import { changeAttempt, replaceRequest, setStage, withAll, withoutAttempt } from './record-changes.ts';
import { duplicateAmong, relatedAttempts } from './related-attempts.ts';

/** Uses of the limits are taken before its turn has come: whoever waits in vain hears it before the wait. */
export function reserve(
  record: PersonRecord,
  event: { readonly attemptId: string; readonly usesTakenAt: number },
): PersonRecord {
  return changeAttempt(record, event.attemptId, (attempt) => ({ ...attempt, usesTakenAt: event.usesTakenAt }));
}

/** What is looked at when an attempt's turn has come. */
export interface TurnEvent {
  readonly attemptId: string;
  readonly submitterId: string;
  readonly owner: string;
  /** What the rules say: pauses, blocks, links, moderators, limits. They come after duplicates only where `limit` says so. */
  readonly rule: NotSentReason | undefined;
  /** A limit that is used up. A duplicate comes first: it needs no use. */
  readonly limit: NotSentReason | undefined;
  /** When the uses of the limits were taken in the same write. Undefined when it needs none. */
  readonly usesTakenAt: number | undefined;
  /** For an answer: what the look before it found. */
  readonly lookedBefore?: Attempt['lookedBefore'];
}

/** `send`: the call may be made. `stopped`: not sent, and why stands in its stage. `lost`: somebody else has decided. */
export type TurnResult = 'send' | 'stopped' | 'lost';

/** Its turn has come: it is written down as being sent, before the call, or what stands against it. */
export function takeTurn(
  record: PersonRecord,
  messageRecord: MessageRecord | undefined,
  event: TurnEvent,
  now: number,
): { readonly record: PersonRecord; readonly result: TurnResult } {
  const found = findAttempt(record, event.attemptId);
  if (found?.attempt.stage.kind !== 'received' || found.attempt.owner !== event.owner)
    return { record, result: 'lost' };
  const { request, attempt } = found;
  const { submitterId } = event;
  const related = relatedAttempts(record, { submitterId, request, attempt }, messageRecord, now);
  const duplicate = duplicateAmong(related, request.confirmed);
  const reason: NotSentReason | undefined =
    event.rule ?? (duplicate ? { kind: 'duplicate', of: duplicate.attemptId } : event.limit);
  const remembered = rememberRelated(
    record,
    request,
    related.filter((other) => other.submitterId === submitterId).map(({ attemptId }) => attemptId),
  );
  if (reason) {
    const stopped = setStage(remembered, attempt.id, { kind: 'not-sent', reason }, now);
    return { record: changeAttempt(stopped, attempt.id, withoutUses), result: 'stopped' };
  }
  const sending = setStage(remembered, attempt.id, { kind: 'sending' }, now);
  const { usesTakenAt, lookedBefore } = event;
  return {
    record: changeAttempt(sending, attempt.id, (one) => ({
      ...one,
      ...(usesTakenAt !== undefined && { usesTakenAt }),
      ...(lookedBefore !== undefined && { lookedBefore }),
    })),
    result: 'send',
  };
}

/**
 * A call came to nothing and will be made again: until then its attempt waits for its turn. One that was erased in the middle
 * of the call goes instead: nothing more is sent of it.
 */
export function waitAgain(record: PersonRecord, attemptId: string, owner: string, now: number): PersonRecord {
  const found = findAttempt(record, attemptId);
  if (found?.attempt.stage.kind !== 'sending' || found.attempt.owner !== owner) return record;
  if (found.attempt.erased) return withoutAttempt(record, found.request, attemptId);
  return setStage(record, attemptId, { kind: 'received' }, now);
}

/** What a call, or the last look before it, came to. */
export type Ending = Exclude<Stage, { kind: 'received' | 'sending' }>;

/**
 * Writes down what an attempt came to. From `received` only what opened nothing; from `unconfirmed` (its owner was only
 * asleep, and others had given it up) only what is certain. The truth changes from doubt to certainty and never back.
 * Certainty that comes after the doubt was told is told, too.
 */
export function finish(
  record: PersonRecord,
  event: { readonly attemptId: string; readonly ending: Ending; readonly givesUsesBack: boolean },
  now: number,
): { readonly record: PersonRecord; readonly isWritten: boolean } {
  const found = findAttempt(record, event.attemptId);
  if (!found || !mayBecome(found.attempt.stage, event.ending)) return { record, isWritten: false };
  const wasDoubt = found.attempt.stage.kind === 'unconfirmed';
  const changed = changeAttempt(setStage(record, event.attemptId, event.ending, now), event.attemptId, (attempt) => {
    const kept = event.givesUsesBack ? withoutUses(attempt) : attempt;
    return wasDoubt && attempt.delivery === 'delivered' ? { ...kept, delivery: 'next-command', waitsSince: now } : kept;
  });
  return { record: changed, isWritten: true };
}

function mayBecome(from: Stage, to: Ending): boolean {
  switch (from.kind) {
    case 'received':
      return to.kind === 'not-sent' || to.kind === 'unreachable';
    case 'sending':
      return true;
    case 'unconfirmed':
      return to.kind === 'opened' || to.kind === 'refused';
    case 'opened':
    case 'refused':
    case 'unreachable':
    case 'not-sent':
      return false;
  }
}

function rememberRelated(record: PersonRecord, request: Request, attemptIds: readonly string[]): PersonRecord {
  const related = withAll(request.related, attemptIds);
  return related === request.related ? record : replaceRequest(record, { ...request, related });
}

function withoutUses({ usesTakenAt: _, ...attempt }: Attempt): Attempt {
  return attempt;
}
