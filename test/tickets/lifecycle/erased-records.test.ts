import { describe, expect, test } from 'vitest';
import { deliver, leaveForNextCommand, notify } from '../../../src/tickets/lifecycle/deliver.ts';
import { erase } from '../../../src/tickets/lifecycle/erase.ts';
import { adopt } from '../../../src/tickets/lifecycle/ownership.ts';
import { isEmpty, personRecord } from '../../../src/tickets/lifecycle/person-record.ts';
import { prune } from '../../../src/tickets/lifecycle/prune.ts';
import { receive } from '../../../src/tickets/lifecycle/receive.ts';
import { takeTurn, waitAgain } from '../../../src/tickets/lifecycle/send.ts';
import { arrival, end, LATER, REPLY, turn } from './events.ts';
import {
  attempt,
  DAY_MS,
  END_KINDS,
  EVE,
  HERE,
  NOW,
  recordOf,
  recordWith,
  request,
  STAGE_KINDS,
  THERE,
} from './records.ts';

describe('a person has everything erased', () => {
  const about = { kind: 'unlinked', moderatorId: EVE } as const;

  test.each(STAGE_KINDS.filter((kind) => kind !== 'sending'))('nothing is left of what is %s', (kind) => {
    expect(isEmpty(erase(notify(recordWith(kind), 'unlinked', about, NOW)))).toBe(true);
  });

  const erased = erase(
    recordOf(
      request('form', [attempt(1, 'refused'), attempt(2, 'sending', { words: 'words', reply: REPLY })], {
        related: ['a9'],
        confirmed: ['a9'],
        message: '1/3',
      }),
      request('other', [attempt(3, 'opened')]),
    ),
  );

  test('what is being sent stays without anything about others or its text', () => {
    expect(erased.requests).toEqual([
      {
        id: 'form',
        message: '1/3',
        related: [],
        confirmed: [],
        textUntil: 0,
        attempts: [attempt(2, 'sending', { words: 'words', reply: REPLY, erased: true })],
      },
    ]);
    expect(personRecord.parse(erased)).toEqual(erased);
    expect(erase(erased)).toEqual(erased);
  });

  test('the same words are not sent a second time while the call runs', () => {
    const { record } = receive(erased, undefined, arrival({ attemptId: 'a4', requestId: 'new' }), NOW);
    expect(takeTurn(record, undefined, turn({ attemptId: 'a4' }), LATER).result).toBe('stopped');
  });

  test.each(END_KINDS)('when its call has ended (%s) and that is told, nothing is left', (kind) => {
    const { record, isWritten } = end(erased, kind, { attemptId: 'a2' });
    expect(isWritten).toBe(true);
    const told = deliver(record, { attemptId: 'a2', told: kind, delivery: 'delivered' }, LATER);
    expect(isEmpty(prune(told, LATER, DAY_MS))).toBe(true);
  });

  test('it does not wait for the next command: who had everything erased is asked about nothing', () => {
    const { record } = end(erased, 'opened', { attemptId: 'a2' });
    expect(isEmpty(prune(leaveForNextCommand(record, { attemptId: 'a2' }, LATER), LATER, DAY_MS))).toBe(true);
  });

  test('when its owner dies in the middle, another process tells the doubt, and nothing is left', () => {
    const { record, result } = adopt(erased, { attemptId: 'a2', goneOwner: HERE, owner: THERE }, LATER);
    expect(result).toMatchObject({ stage: { kind: 'unconfirmed' }, erased: true });
    const told = deliver(record, { attemptId: 'a2', told: 'unconfirmed', delivery: 'delivered' }, LATER);
    expect(isEmpty(prune(told, LATER, DAY_MS))).toBe(true);
  });

  test('a call that came to nothing is not made again', () => {
    expect(isEmpty(prune(waitAgain(erased, 'a2', HERE, LATER), LATER, DAY_MS))).toBe(true);
  });
});
