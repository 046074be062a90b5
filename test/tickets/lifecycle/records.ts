import type { MessageEntry } from '../../../src/tickets/lifecycle/message-record.ts';
import {
  type Attempt,
  EMPTY_RECORD,
  findAttempt,
  type PersonRecord,
  type Request,
  type Stage,
} from '../../../src/tickets/lifecycle/person-record.ts';

/** The moment of every test, in milliseconds since 1970. No clock runs. */
export const NOW = 1_800_000_000_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const ADA = '100000000000000001';
export const EVE = '100000000000000003';
/** Two bot processes. */
export const HERE = 'process-here';
export const THERE = 'process-there';

export const STAGES = {
  received: { kind: 'received' },
  sending: { kind: 'sending' },
  opened: { kind: 'opened', reference: 'KVO-530-1' },
  refused: { kind: 'refused', reason: 'No.' },
  unreachable: { kind: 'unreachable', cause: 'connect' },
  unconfirmed: { kind: 'unconfirmed', cause: 'timeout' },
  'not-sent': { kind: 'not-sent', reason: { kind: 'interrupted' } },
} as const satisfies Record<Stage['kind'], Stage>;
export type StageKind = keyof typeof STAGES;
export const STAGE_KINDS = Object.keys(STAGES) as StageKind[];
/** What a call, or the last look before it, comes to. */
export type EndKind = Exclude<StageKind, 'received' | 'sending'>;
export const END_KINDS = STAGE_KINDS.filter((kind): kind is EndKind => kind !== 'received' && kind !== 'sending');

/** The nth attempt of a person, named `a1`, `a2` and so on. Its words are its own, unless the test says something else. */
export function attempt(sequence: number, stage: StageKind | Stage, given: Partial<Attempt> = {}): Attempt {
  return {
    id: `a${sequence}`,
    sequence,
    receivedAt: NOW,
    stage: typeof stage === 'string' ? STAGES[stage] : stage,
    stageAt: NOW,
    words: `words of a${sequence}`,
    owner: HERE,
    delivery: 'pending',
    ...given,
  };
}

/** A form with its attempts. Its text is kept for another day, unless the test says something else. */
export function request(id: string, attempts: Attempt[], given: Partial<Request> = {}): Request {
  return { id, attempts, related: [], confirmed: [], textUntil: NOW + DAY_MS, ...given };
}

export function recordOf(...requests: Request[]): PersonRecord {
  const sequences = requests.flatMap(({ attempts }) => attempts.map(({ sequence }) => sequence));
  return { ...EMPTY_RECORD, requests, nextSequence: Math.max(0, ...sequences) + 1 };
}

/** A record of one form with one attempt. */
export function recordWith(stage: StageKind | Stage, given: Partial<Attempt> = {}): PersonRecord {
  return recordOf(request('form', [attempt(1, stage, given)]));
}

export function entry(submitterId: string, attemptId: string, state: MessageEntry['state'], at = NOW): MessageEntry {
  return { submitterId, attemptId, state, at };
}

/** @throws {Error} when there is no such attempt. */
export function attemptIn(record: PersonRecord, id = 'a1'): Attempt {
  const found = findAttempt(record, id);
  if (!found) throw new Error(`There is no attempt ${id}.`);
  return found.attempt;
}

export function requestIn(record: PersonRecord, id = 'form'): Request {
  const found = record.requests.find((other) => other.id === id);
  if (!found) throw new Error(`There is no request ${id}.`);
  return found;
}
