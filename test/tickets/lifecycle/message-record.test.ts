import { expect, test } from 'vitest';
import { type MessageRecord, messageRecord, withAttempt } from '../../../src/tickets/lifecycle/message-record.ts';
import { ADA, attempt, EVE, entry, NOW, STAGE_KINDS, type StageKind } from './records.ts';

const OWN = { submitterId: ADA, attemptId: 'a1' };
const OTHERS: MessageRecord = [entry(EVE, 'e1', 'opened'), entry(EVE, 'e2', 'received')];
const LISTED: readonly StageKind[] = ['received', 'sending', 'opened', 'unconfirmed'];

test.each(STAGE_KINDS)('a message lists who works on it, has opened a ticket or may have (%s)', (kind) => {
  const record = withAttempt([], OWN, attempt(1, kind, { stageAt: NOW - 5 }));
  const reference = kind === 'opened' ? { reference: 'KVO-530-1' } : {};
  expect(record).toEqual(LISTED.includes(kind) ? [{ ...OWN, state: kind, at: NOW - 5, ...reference }] : []);
  expect(messageRecord.parse(record)).toEqual(record);
});

test('a ticket without a reference is listed without one', () => {
  const record = withAttempt([], OWN, attempt(1, { kind: 'opened' }));
  expect(record).toEqual([entry(ADA, 'a1', 'opened')]);
  expect(record[0]).not.toHaveProperty('reference');
});

test.each(STAGE_KINDS)('an attempt keeps its place among the others, and leaves no gap (%s)', (kind) => {
  const [first, second] = OTHERS as [MessageRecord[number], MessageRecord[number]];
  const before = [first, entry(ADA, 'a1', 'received'), second];
  const ids = withAttempt(before, OWN, attempt(1, kind)).map(({ attemptId }) => attemptId);
  expect(ids).toEqual(LISTED.includes(kind) ? ['e1', 'a1', 'e2'] : ['e1', 'e2']);
});

test('a new one comes last', () => {
  expect(withAttempt(OTHERS, OWN, attempt(1, 'received'))).toEqual([...OTHERS, entry(ADA, 'a1', 'received')]);
});

test('one that was erased is taken out, and the others stay', () => {
  expect(withAttempt([...OTHERS, entry(ADA, 'a1', 'sending')], OWN, undefined)).toEqual(OTHERS);
  expect(withAttempt(OTHERS, OWN, undefined)).toBe(OTHERS);
});

test('one that opened nothing and was never listed changes nothing', () => {
  expect(withAttempt(OTHERS, OWN, attempt(1, 'refused'))).toBe(OTHERS);
});
