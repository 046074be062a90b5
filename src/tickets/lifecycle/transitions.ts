import type { MessageRecord } from './message-record.ts';
import {
  type Attempt,
  findAttempt,
  isLive,
  type Notification,
  type NotSentReason,
  type PersonRecord,
  type Request,
  type Stage,
} from './person-record.ts';
import { duplicateAmong, relatedAttempts } from './related-attempts.ts';

/**
 * How a person's record changes. Every function here is pure: it takes the record, what happened and the time, and returns
 * the record after it. What it does not know an answer to, it leaves as it is. docs/architecture.md has the picture.
 */

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
    textUntil: Math.max(request.textUntil, event.textUntil),
    confirmed: withAll(request.confirmed, event.confirmed === undefined ? [] : [event.confirmed]),
    related: withAll(
      request.related,
      related.filter(({ submitterId }) => submitterId === event.submitterId).map(({ attemptId }) => attemptId),
    ),
    attempts: [...request.attempts, attempt],
  };
  const received = relateToOthers(replaceRequest(withRequest, changed), request.id, attempt);
  return { record: { ...received, nextSequence: record.nextSequence + 1 }, result: 'received' };
}

/** The other forms with these words have met it, too: whoever edits one of them must be asked about this one. */
function relateToOthers(record: PersonRecord, requestId: string, { id, words }: Attempt): PersonRecord {
  const requests = record.requests.map((other) => {
    const isSame = other.id !== requestId && other.attempts.some((one) => one.words === words);
    return isSame ? { ...other, related: withAll(other.related, [id]) } : other;
  });
  return { ...record, requests };
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
  const { usesTakenAt } = event;
  return {
    record:
      usesTakenAt === undefined ? sending : changeAttempt(sending, attempt.id, (one) => ({ ...one, usesTakenAt })),
    result: 'send',
  };
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

/** Uses of the limits are taken before its turn has come: whoever waits in vain hears it before the wait. */
export function reserve(
  record: PersonRecord,
  event: { readonly attemptId: string; readonly usesTakenAt: number },
): PersonRecord {
  return changeAttempt(record, event.attemptId, (attempt) => ({ ...attempt, usesTakenAt: event.usesTakenAt }));
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

/**
 * Another process wrote the attempt down, and this one has Discord's acknowledgement, so this one goes on with it. What the
 * other one gave up with it comes back.
 * @returns Whether it may.
 */
export function takeOver(
  record: PersonRecord,
  event: { readonly attemptId: string; readonly owner: string } & Pick<Attempt, 'reply' | 'escalated'>,
  now: number,
): { readonly record: PersonRecord; readonly result: boolean } {
  const { attemptId, owner, reply, escalated } = event;
  const attempt = findAttempt(record, attemptId)?.attempt;
  const isLeft = attempt?.stage.kind === 'not-sent' && attempt.stage.reason.kind === 'answered-elsewhere';
  if (attempt?.stage.kind !== 'received' && !isLeft) return { record, result: false };
  const waiting = setStage(record, attemptId, { kind: 'received' }, now);
  const taken = changeAttempt(waiting, attemptId, ({ waitsSince: _, ...one }) => ({
    ...one,
    owner,
    delivery: 'pending',
    ...(reply && { reply }),
    ...(escalated && { escalated }),
  }));
  return { record: taken, result: true };
}

/**
 * Takes an attempt over from a process that is gone, and ends it. What was being sent is in doubt, with the time at which it
 * was sent; what waited was not sent.
 * @returns The attempt, when this process has to tell its outcome now.
 */
export function adopt(
  record: PersonRecord,
  event: { readonly attemptId: string; readonly goneOwner: string; readonly owner: string },
  now: number,
): { readonly record: PersonRecord; readonly result: Attempt | undefined } {
  const attempt = findAttempt(record, event.attemptId)?.attempt;
  if (attempt?.owner !== event.goneOwner || attempt.delivery !== 'pending') return { record, result: undefined };
  const adopted: Attempt = { ...attempt, owner: event.owner, ...endOf(attempt, now) };
  return { record: changeAttempt(record, attempt.id, () => adopted), result: adopted };
}

function endOf({ stage, stageAt }: Attempt, now: number): Pick<Attempt, 'stage' | 'stageAt'> | undefined {
  switch (stage.kind) {
    case 'received':
      return { stage: { kind: 'not-sent', reason: { kind: 'interrupted' } }, stageAt: now };
    case 'sending':
      // What counts is when it was sent.
      return { stage: { kind: 'unconfirmed' }, stageAt };
    case 'opened':
    case 'refused':
    case 'unreachable':
    case 'unconfirmed':
    case 'not-sent':
      return undefined;
  }
}

/**
 * The person has the outcome, or it waits for their next command. What only its owner needs goes.
 * @param event.told The stage that was told. When it is another one by now, that is still to be told.
 */
export function deliver(
  record: PersonRecord,
  event: { readonly attemptId: string; readonly told: Stage['kind']; readonly delivery: 'delivered' | 'next-command' },
  now: number,
): PersonRecord {
  const { attemptId, told, delivery } = event;
  const found = findAttempt(record, attemptId);
  if (!found) return record;
  // The answer came after all while the doubt was being told: the next command tells it, should its own process not.
  if (found.attempt.stage.kind !== told) return leaveForNextCommand(record, attemptId, now);
  if (found.attempt.erased) return withoutAttempt(record, found.request, attemptId);
  return changeAttempt(record, attemptId, (attempt) => {
    const { reply: _, owner: __, escalated: ___, waitsSince: ____, ...rest } = attempt;
    return { ...rest, delivery, ...(delivery === 'next-command' && { waitsSince: now }) };
  });
}

/** Nobody can tell it now: it waits for the person's next command. */
export function leaveForNextCommand(record: PersonRecord, attemptId: string, now: number): PersonRecord {
  const attempt = findAttempt(record, attemptId)?.attempt;
  if (attempt?.delivery !== 'pending' || isLive(attempt)) return record;
  return deliver(record, { attemptId, told: attempt.stage.kind, delivery: 'next-command' }, now);
}

/**
 * Another process has Discord's answer to the interaction. Only what still waits here is left: that one may have taken it over
 * already. @param event.delivery Whether the person is told at the next command, should the other process fail.
 */
export function leave(
  record: PersonRecord,
  event: {
    readonly attemptId: string;
    readonly owner: string;
    readonly delivery: 'delivered' | 'next-command';
  },
  now: number,
): PersonRecord {
  const { attemptId, owner, delivery } = event;
  const attempt = findAttempt(record, attemptId)?.attempt;
  if (attempt?.stage.kind !== 'received' || attempt.owner !== owner) return record;
  const left = setStage(record, attemptId, { kind: 'not-sent', reason: { kind: 'answered-elsewhere' } }, now);
  return deliver(left, { attemptId, told: 'not-sent', delivery }, now);
}

/**
 * Takes an attempt back that its process could not be sure to have written down: its text went back to the person, so nobody
 * works on it and nothing is to be told.
 */
export function withdraw(record: PersonRecord, attemptId: string): PersonRecord {
  const found = findAttempt(record, attemptId);
  if (found?.attempt.stage.kind !== 'received') return record;
  return withoutAttempt(record, found.request, attemptId);
}

/** Ends an attempt that its process has given up: what was being sent is in doubt, what waited was not sent. */
export function abandon(record: PersonRecord, attemptId: string, now: number): PersonRecord {
  const attempt = findAttempt(record, attemptId)?.attempt;
  return attempt ? changeAttempt(record, attemptId, (one) => ({ ...one, ...endOf(one, now) })) : record;
}

/** Adds a notification, or replaces the one with the same ID. */
export function notify(record: PersonRecord, id: string, about: Notification, now: number): PersonRecord {
  const others = record.notifications.filter((other) => other.id !== id);
  return { ...record, notifications: [...others, { id, at: now, about }] };
}

export function removeNotification(record: PersonRecord, id: string): PersonRecord {
  return { ...record, notifications: record.notifications.filter((other) => other.id !== id) };
}

/**
 * Takes everything out that is about the person. What is being sent at this moment stays as a stub without anything that
 * was typed until its call has ended: else the same words could be sent twice at once.
 */
export function erase(record: PersonRecord): PersonRecord {
  const requests = record.requests.flatMap((request): Request[] => {
    const attempts = request.attempts
      .filter(({ stage }) => stage.kind === 'sending')
      .map((attempt) => ({ ...attempt, erased: true as const }));
    return attempts.length === 0 ? [] : [{ ...request, attempts, related: [], confirmed: [], textUntil: 0 }];
  });
  return { ...record, requests, notifications: [] };
}

function requestOf(
  record: PersonRecord,
  { requestId, textUntil }: { readonly requestId: string; readonly textUntil: number },
): { readonly request: Request; readonly record: PersonRecord } {
  const request = record.requests.find(({ id }) => id === requestId);
  if (request) return { request, record };
  const added: Request = { id: requestId, attempts: [], related: [], confirmed: [], textUntil };
  return { request: added, record: { ...record, requests: [...record.requests, added] } };
}

function rememberRelated(record: PersonRecord, request: Request, attemptIds: readonly string[]): PersonRecord {
  const related = withAll(request.related, attemptIds);
  return related === request.related ? record : replaceRequest(record, { ...request, related });
}

function withAll(ids: string[], more: readonly string[]): string[] {
  const missing = more.filter((id) => !ids.includes(id));
  return missing.length === 0 ? ids : [...ids, ...new Set(missing)];
}

function withoutUses({ usesTakenAt: _, ...attempt }: Attempt): Attempt {
  return attempt;
}

function setStage(record: PersonRecord, attemptId: string, stage: Stage, now: number): PersonRecord {
  return changeAttempt(record, attemptId, (attempt) => ({ ...attempt, stage, stageAt: now }));
}

function changeAttempt(record: PersonRecord, attemptId: string, change: (attempt: Attempt) => Attempt): PersonRecord {
  const found = findAttempt(record, attemptId);
  if (!found) return record;
  const { request } = found;
  const attempts = request.attempts.map((attempt) => (attempt.id === attemptId ? change(attempt) : attempt));
  return replaceRequest(record, { ...request, attempts });
}

function withoutAttempt(record: PersonRecord, request: Request, attemptId: string): PersonRecord {
  return replaceRequest(record, { ...request, attempts: request.attempts.filter(({ id }) => id !== attemptId) });
}

function replaceRequest(record: PersonRecord, request: Request): PersonRecord {
  return { ...record, requests: record.requests.map((other) => (other.id === request.id ? request : other)) };
}
