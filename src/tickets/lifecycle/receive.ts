import type { MessageRecord } from './message-record.ts';
import { type Attempt, findAttempt, type PersonRecord, type Request } from './person-record.ts';
import { replaceRequest, requestOf, withAll, withoutAttempt } from './record-changes.ts';
import { relatedAttempts, relateToOthers } from './related-attempts.ts';

/** What a form or a button brings. */
export interface ReceivedEvent {
  readonly attemptId: string;
  readonly requestId: string;
  readonly submitterId: string;
  readonly words: string;
  readonly owner: string;
  readonly reply: { readonly applicationId: string; readonly token: string; readonly until: number };
  /** Server and ID of the escalated message. */
  readonly message?: string | undefined;
  /** The display ID of the ticket that it answers. */
  readonly answers?: string | undefined;
  readonly escalated?: Attempt['escalated'];
  /** The attempt despite which the person chose to send. */
  readonly confirmed?: string | undefined;
  /** Until when the text is kept. */
  readonly textUntil: number;
}

/** Writes down an attempt, with everything that is already known to be about the same. */
export function receive(
  record: PersonRecord,
  messageRecord: MessageRecord | undefined,
  event: ReceivedEvent,
  now: number,
): { readonly record: PersonRecord; readonly result: 'received' | 'again' } {
  if (findAttempt(record, event.attemptId)) return { record, result: 'again' };
  const { request, record: withRequest } = requestOf(record, event);
  const attempt: Attempt = {
    id: event.attemptId,
    sequence: record.nextSequence,
    receivedAt: now,
    stage: { kind: 'received' },
    stageAt: now,
    words: event.words,
    owner: event.owner,
    delivery: 'pending',
    reply: { ...event.reply },
    ...(event.escalated && { escalated: event.escalated }),
  };
  const related = relatedAttempts(record, { submitterId: event.submitterId, request, attempt }, messageRecord, now);
  const changed: Request = {
    ...request,
    ...(event.message !== undefined && { message: event.message }),
    ...(event.answers !== undefined && { answers: event.answers }),
    textUntil: Math.max(request.textUntil, event.textUntil),
    confirmed: withAll(request.confirmed, event.confirmed === undefined ? [] : [event.confirmed]),
    related: withAll(
      request.related,
      related.filter(({ submitterId }) => submitterId === event.submitterId).map(({ attemptId }) => attemptId),
    ),
    ...withFormerWords(request, event.words),
    attempts: [...request.attempts, attempt],
  };
  const received = relateToOthers(replaceRequest(withRequest, changed), { request: changed, attempt }, now);
  return { record: { ...received, nextSequence: record.nextSequence + 1 }, result: 'received' };
}

/** What certainly opened nothing is soon forgotten. Its words are not: they may stand in another form as well. */
function withFormerWords({ attempts, formerWords = [] }: Request, words: string): Pick<Request, 'formerWords'> {
  const others = attempts.map((one) => one.words).filter((one) => one !== words);
  const former = withAll(formerWords, others);
  return former.length > 0 ? { formerWords: former } : {};
}

/** Writes down that the person wants to send despite an attempt, before there is a new one. */
export function confirm(
  record: PersonRecord,
  event: Pick<ReceivedEvent, 'requestId' | 'message' | 'textUntil'> & { readonly confirmed: string },
): PersonRecord {
  const { request, record: withRequest } = requestOf(record, event);
  return replaceRequest(withRequest, {
    ...request,
    ...(event.message !== undefined && { message: event.message }),
    textUntil: Math.max(request.textUntil, event.textUntil),
    confirmed: withAll(request.confirmed, [event.confirmed]),
  });
}

/**
 * Takes an attempt back that its process could not be sure to have written down: its text went back to the person, so nobody
 * works on it and nothing is to be told. Another process may have received the same interaction: what that one wrote stays.
 */
export function withdraw(
  record: PersonRecord,
  { attemptId, owner }: { readonly attemptId: string; readonly owner: string },
): PersonRecord {
  const found = findAttempt(record, attemptId);
  if (found?.attempt.stage.kind !== 'received' || found.attempt.owner !== owner) return record;
  return withoutAttempt(record, found.request, attemptId);
}
