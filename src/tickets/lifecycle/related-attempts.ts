import type { MessageRecord } from './message-record.ts';
import type { Attempt, PersonRecord, Request } from './person-record.ts';

/** Milliseconds for which the same words are the same problem. A day later they are a new one. */
const SAME_WORDS_MS = 24 * 3_600_000;

/** Another attempt about the same words, form or message, which is live, opened a ticket, or may have. */
export interface RelatedAttempt {
  readonly attemptId: string;
  readonly submitterId: string;
  readonly state: 'received' | 'sending' | 'opened' | 'unconfirmed';
  readonly reference: string | undefined;
  /** When that was written, in milliseconds since 1970. */
  readonly at: number;
  /** It came before the one that asks. */
  readonly isEarlier: boolean;
}

/** What is asked about: an attempt that is there, or the next one of a form. */
export interface Asking {
  readonly submitterId: string;
  readonly request: Pick<Request, 'id' | 'related' | 'attempts'>;
  /** Undefined where a form asks before it is submitted. */
  readonly attempt?: Pick<Attempt, 'id' | 'sequence' | 'words'> | undefined;
}

/**
 * All other attempts that count, newest last, whatever the person has said to them. Pure.
 * @param message The record of the escalated message.
 */
export function relatedAttempts(
  record: PersonRecord,
  { submitterId, request, attempt }: Asking,
  message: MessageRecord | undefined,
  now: number,
): RelatedAttempt[] {
  const found = new Map<string, RelatedAttempt>();
  const own = record.requests
    .flatMap((other) => other.attempts.map((one) => ({ request: other, attempt: one })))
    .sort((one, other) => one.attempt.sequence - other.attempt.sequence);
  for (const other of own) {
    if (other.attempt.id === attempt?.id) continue;
    if (!isAboutTheSame(other, request, attempt?.words, now)) continue;
    const { stage, stageAt, id, sequence } = other.attempt;
    if (!isCounting(stage.kind)) continue;
    found.set(id, {
      attemptId: id,
      submitterId,
      state: stage.kind,
      reference: stage.kind === 'opened' ? stage.reference : undefined,
      at: stageAt,
      isEarlier: attempt === undefined || sequence < attempt.sequence,
    });
  }
  const position = message?.findIndex(({ attemptId }) => attemptId === attempt?.id) ?? -1;
  for (const [index, { attemptId, submitterId: escalatorId, state, reference, at }] of (message ?? []).entries()) {
    if (attemptId === attempt?.id || found.has(attemptId)) continue;
    const isEarlier = position < 0 || index < position;
    found.set(attemptId, { attemptId, submitterId: escalatorId, state, reference, at, isEarlier });
  }
  return [...found.values()];
}

function isAboutTheSame(
  { request, attempt }: { request: Request; attempt: Attempt },
  asking: Asking['request'],
  words: string | undefined,
  now: number,
): boolean {
  if (request.id === asking.id || asking.related.includes(attempt.id)) return true;
  if (attempt.words !== words) return false;
  const isUnderWay = attempt.stage.kind === 'received' || attempt.stage.kind === 'sending';
  return isUnderWay || attempt.receivedAt >= now - SAME_WORDS_MS;
}

function isCounting(kind: Attempt['stage']['kind']): kind is RelatedAttempt['state'] {
  return kind === 'received' || kind === 'sending' || kind === 'opened' || kind === 'unconfirmed';
}

/**
 * The related attempt that stands against sending now, or undefined. One that is certain comes before a doubt, a newer one
 * before an older one. Two that wait do not stand against each other: the one that came later does not count for the first.
 */
export function duplicateAmong(
  related: readonly RelatedAttempt[],
  confirmed: readonly string[],
): RelatedAttempt | undefined {
  const counting = related.filter(({ state, isEarlier, attemptId }) => {
    if (state === 'received') return isEarlier;
    return state === 'sending' || !confirmed.includes(attemptId);
  });
  return counting.findLast(({ state }) => state !== 'unconfirmed') ?? counting.at(-1);
}

/** What somebody who reads that nothing was opened has to know: a ticket, or one that may be, of whatever attempt. */
export function ticketAmong(related: readonly RelatedAttempt[]): RelatedAttempt | undefined {
  return (
    related.findLast(({ state }) => state === 'opened') ?? related.findLast(({ state }) => state === 'unconfirmed')
  );
}

export function isUnderWay({ state }: RelatedAttempt): boolean {
  return state === 'received' || state === 'sending';
}
