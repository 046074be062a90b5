import { describe, expect, test } from 'vitest';
import { erase } from '../../../src/tickets/lifecycle/erase.ts';
import {
  hasSomethingOpen,
  type PersonRecord,
  personRecord,
  type Stage,
} from '../../../src/tickets/lifecycle/person-record.ts';
import { askWhenBack, forgetWhenBack, nextTryId, waitsForHelpdesk } from '../../../src/tickets/lifecycle/when-back.ts';
import { REPLY } from './events.ts';
import { attempt, DAY_MS, NOW, recordOf, request, requestIn, type StageKind } from './records.ts';

const event = (id: string) => ({ id, requestId: 'form', textUntil: NOW + DAY_MS, reply: REPLY });
/** A form that could not be sent, and the word to send it later. */
const asked = askWhenBack(recordOf(request('form', [attempt(1, 'unreachable')])), event('w1'), NOW);
const waits = (record: PersonRecord, now = NOW) => waitsForHelpdesk(requestIn(record), now);

function withAttempt(id: string, stage: StageKind | Stage): PersonRecord {
  const form = requestIn(asked);
  return recordOf({ ...form, attempts: [...form.attempts, attempt(2, stage, { id })] });
}

test('the word stands in the record, and its person has something open', () => {
  expect(personRecord.parse(asked)).toEqual(asked);
  expect(waits(asked)).toEqual({ id: 'w1', at: NOW, sequence: 2, reply: REPLY });
  const told = recordOf({ ...requestIn(asked), attempts: [attempt(1, 'unreachable', { delivery: 'delivered' })] });
  expect(hasSomethingOpen(told)).toBe(true);
  expect(hasSomethingOpen(forgetWhenBack(told, 'form'))).toBe(false);
});

test('a second word changes nothing while the first one holds, and is the new one after that', () => {
  expect(askWhenBack(asked, event('w2'), NOW)).toBe(asked);
  expect(waits(askWhenBack(withAttempt('by hand', 'unreachable'), event('w2'), NOW))).toMatchObject({ id: 'w2' });
});

test('a text that was never submitted can wait, too', () => {
  expect(waits(askWhenBack(recordOf(), event('w1'), NOW))).toMatchObject({ id: 'w1', sequence: 1 });
});

test.each<[StageKind, boolean]>([
  ['received', false],
  ['sending', false],
  ['opened', false],
  ['refused', false],
  ['unconfirmed', false],
  ['unreachable', true],
  ['not-sent', true],
])('after a try of its own that is %s, it waits on: %s', (stage, holds) => {
  expect(waits(withAttempt('w1-1', stage)) !== undefined).toBe(holds);
});

test.each(['firewall', 'rate-limited', 'bad-request'] as const)(
  '"%s" would be met again, and ends the wait',
  (cause) => {
    expect(waits(withAttempt('w1-1', { kind: 'unreachable', cause }))).toBeUndefined();
  },
);

test('a rule that stops it ends the wait', () => {
  const paused: Stage = { kind: 'not-sent', reason: { kind: 'paused', notice: 'Later.' } };
  expect(waits(withAttempt('w1-1', paused))).toBeUndefined();
});

describe('what the person does after that', () => {
  test.each<StageKind>(['received', 'sending', 'opened', 'refused', 'unconfirmed', 'unreachable', 'not-sent'])(
    'counts more than the word, whatever comes of it (%s)',
    (stage) => {
      expect(waits(withAttempt('by hand', stage))).toBeUndefined();
    },
  );

  test('and takes it back with Cancel', () => {
    expect(waits(forgetWhenBack(asked, 'form'))).toBeUndefined();
    expect(forgetWhenBack(asked, 'another form')).toBe(asked);
  });
});

test('it ends with the text', () => {
  expect(waits(asked, NOW + DAY_MS - 1)).toBeDefined();
  expect(waits(asked, NOW + DAY_MS)).toBeUndefined();
});

test('each try has the next number, and two processes find the same one', () => {
  const word = waits(asked);
  if (!word) throw new Error('It waits.');
  expect(nextTryId(requestIn(asked), word)).toBe('w1-1');
  expect(nextTryId(requestIn(withAttempt('w1-1', 'unreachable')), word)).toBe('w1-2');
  expect(nextTryId(requestIn(withAttempt('w1-10', 'unreachable')), word)).toBe('w1-11');
});

test('erasing takes the word and the token of its reply with it, also from what is being sent', () => {
  const erased = erase(withAttempt('w1-1', 'sending'));
  expect(requestIn(erased).attempts).toHaveLength(1);
  expect(JSON.stringify(requestIn(erased).whenBack ?? null)).toBe('null');
});
