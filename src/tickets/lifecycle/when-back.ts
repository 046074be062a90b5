import type { HelpdeskErrorKind } from '../helpdesk-client.ts';
import type { Attempt, PersonRecord, Request, Stage } from './person-record.ts';
import { replaceRequest, requestOf } from './record-changes.ts';

/** A person's word that their text is to be sent as soon as the helpdesk answers. Nothing is sent by itself without it. */
export type WhenBack = NonNullable<Request['whenBack']>;

export interface WhenBackEvent {
  /** The ID of the interaction that said so. */
  readonly id: string;
  readonly requestId: string;
  readonly textUntil: number;
  readonly reply: WhenBack['reply'];
}

/** Writes the word down. A second one changes nothing as long as the first one holds. */
export function askWhenBack(record: PersonRecord, event: WhenBackEvent, now: number): PersonRecord {
  const { request, record: withRequest } = requestOf(record, event);
  if (waitsForHelpdesk(request, now)) return record;
  const { id, reply } = event;
  const whenBack: WhenBack = { id, at: now, sequence: record.nextSequence, reply };
  return replaceRequest(withRequest, { ...request, whenBack });
}

/** Takes the word back, or forgets one that is fulfilled. */
export function forgetWhenBack(record: PersonRecord, requestId: string): PersonRecord {
  const request = record.requests.find(({ id }) => id === requestId);
  if (!request?.whenBack) return record;
  const { whenBack: _, ...rest } = request;
  return replaceRequest(record, rest);
}

/**
 * The word, as long as it holds: the text is kept, and nothing was tried since then but what came to nothing because of the
 * helpdesk or of a bot that ended. Whatever else was tried is newer than the word, be it by the person or in fulfilling it.
 */
export function waitsForHelpdesk(request: Request, now: number): WhenBack | undefined {
  const { whenBack, attempts, textUntil } = request;
  if (!whenBack || textUntil <= now) return undefined;
  const since = attempts.filter(({ sequence }) => sequence >= whenBack.sequence);
  return since.every((attempt) => isTryOf(whenBack, attempt) && cameToNothing(attempt.stage)) ? whenBack : undefined;
}

/** Whether an attempt was made because of a person's word, and not by the person. */
export function isTryOf({ id }: WhenBack, attempt: Pick<Attempt, 'id'>): boolean {
  return attempt.id.startsWith(`${id}-`);
}

/** The ID of the next try, of characters that an ID of a button may have. Two processes that try at once have the same, so only one of them can write it down. */
export function nextTryId(request: Request, { id }: WhenBack): string {
  const tried = request.attempts.filter((attempt) => attempt.id.startsWith(`${id}-`)).map((attempt) => attempt.id);
  const numbers = tried.map((tryId) => Number(tryId.slice(id.length + 1)));
  return `${id}-${Math.max(0, ...numbers) + 1}`;
}

/**
 * Whether what kept a call from opening anything passes without anybody changing the text. What may be the answer to this very
 * text, and what asks for fewer requests, would be met again every half a minute.
 */
export function passesByItself(cause: HelpdeskErrorKind | undefined): boolean {
  return cause !== 'firewall' && cause !== 'rate-limited' && cause !== 'bad-request';
}

/** Whether a stage says that the helpdesk, or the bot, was all that stood against it. */
function cameToNothing(stage: Stage): boolean {
  switch (stage.kind) {
    case 'unreachable':
      return passesByItself(stage.cause);
    case 'not-sent':
      return stage.reason.kind === 'interrupted';
    case 'received':
    case 'sending':
    case 'opened':
    case 'refused':
    case 'unconfirmed':
      return false;
  }
}
