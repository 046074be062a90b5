import type { PersonRecord } from '../../../src/tickets/lifecycle/person-record.ts';
import type { ReceivedEvent } from '../../../src/tickets/lifecycle/receive.ts';
import { finish, type TurnEvent } from '../../../src/tickets/lifecycle/send.ts';
import { ADA, DAY_MS, type EndKind, EVE, HERE, HOUR_MS, NOW, STAGES } from './records.ts';

/** When something happens to a record of `NOW`. */
export const LATER = NOW + 7;
export const REPLY = { applicationId: '5', token: 'secret', until: NOW + HOUR_MS };
export const ESCALATED = { url: 'https://discord.com/channels/1/2/3', authorId: EVE, behalf: 'author' } as const;
/** Left alone, because another process has the answer of Discord. */
export const ANSWERED_ELSEWHERE = { kind: 'not-sent', reason: { kind: 'answered-elsewhere' } } as const;

export function arrival(given: Partial<ReceivedEvent> = {}): ReceivedEvent {
  return {
    attemptId: 'a1',
    requestId: 'form',
    submitterId: ADA,
    words: 'words',
    owner: HERE,
    reply: REPLY,
    textUntil: NOW + DAY_MS,
    ...given,
  };
}

export function turn(given: Partial<TurnEvent> = {}): TurnEvent {
  return {
    attemptId: 'a1',
    submitterId: ADA,
    owner: HERE,
    rule: undefined,
    limit: undefined,
    usesTakenAt: undefined,
    ...given,
  };
}

export function end(record: PersonRecord, kind: EndKind, { attemptId = 'a1', givesUsesBack = false } = {}) {
  return finish(record, { attemptId, ending: STAGES[kind], givesUsesBack }, LATER);
}
