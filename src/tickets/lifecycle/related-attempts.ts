import type { MessageRecord } from './message-record.ts';
import type { Attempt, PersonRecord, Request } from './person-record.ts';
import { withAll } from './record-changes.ts';

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
  readonly request: Pick<Request, 'id' | 'related' | 'attempts' | 'formerWords'>;
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
  const asking = { ...request, words: wordsOf(request, attempt) };
  const own = record.requests
    .filter((other) => isAboutTheSame(other, asking, now))
    .flatMap(({ attempts }) => attempts)
    .sort((one, other) => one.sequence - other.sequence);
  for (const { stage, stageAt, id, sequence } of own) {
    if (id === attempt?.id || !isCounting(stage.kind)) continue;
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

/** All words of which a form was. An edit does not make another problem of it. */
function wordsOf(
  { attempts, formerWords = [] }: Pick<Request, 'attempts' | 'formerWords'>,
  attempt: Pick<Attempt, 'words'> | undefined,
): Set<string> {
  return new Set([...formerWords, ...[...attempts, ...(attempt ? [attempt] : [])].map(({ words }) => words)]);
}

/**
 * Whether two forms are about the same: one has met the other, or both were of the same words once. What became of either of
 * them counts for the other then, whatever its words were by that time.
 */
function isAboutTheSame(
  other: Request,
  asking: Pick<Request, 'id' | 'attempts' | 'related'> & { readonly words: ReadonlySet<string> },
  now: number,
): boolean {
  if (other.id === asking.id || hasMet(asking, other) || hasMet(other, asking)) return true;
  const counting = other.attempts.filter(({ stage, receivedAt }) => {
    const isUnderWay = stage.kind === 'received' || stage.kind === 'sending';
    return isUnderWay || receivedAt >= now - SAME_WORDS_MS;
  });
  const former = counting.length > 0 ? (other.formerWords ?? []) : [];
  return [...former, ...counting.map(({ words }) => words)].some((words) => asking.words.has(words));
}

function hasMet({ related }: Pick<Request, 'related'>, { attempts }: Pick<Request, 'attempts'>): boolean {
  return attempts.some(({ id }) => related.includes(id));
}

/** The other forms that are about the same as this attempt's: whoever sends one of them must be asked about it. */
export function relateToOthers(
  record: PersonRecord,
  { request, attempt }: { readonly request: Request; readonly attempt: Attempt },
  now: number,
): PersonRecord {
  const asking = { ...request, words: wordsOf(request, attempt) };
  const requests = record.requests.map((other) => {
    const isSame = other.id !== request.id && isAboutTheSame(other, asking, now);
    return isSame ? { ...other, related: withAll(other.related, [attempt.id]) } : other;
  });
  return { ...record, requests };
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
