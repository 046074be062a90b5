import { describe, expect, test } from 'vitest';
import { deliver, leaveForNextCommand } from '../../../src/tickets/lifecycle/deliver.ts';
import { abandon, adopt, leave, takeOver } from '../../../src/tickets/lifecycle/ownership.ts';
import { EMPTY_RECORD, personRecord } from '../../../src/tickets/lifecycle/person-record.ts';
import { withdraw } from '../../../src/tickets/lifecycle/receive.ts';
import { takeTurn, waitAgain } from '../../../src/tickets/lifecycle/send.ts';
import { ANSWERED_ELSEWHERE, ESCALATED, end, LATER, REPLY, turn } from './events.ts';
import {
  attempt,
  attemptIn,
  HERE,
  NOW,
  recordOf,
  recordWith,
  request,
  STAGE_KINDS,
  STAGES,
  type StageKind,
  THERE,
} from './records.ts';

describe('an owner is gone', () => {
  const goneHere = { attemptId: 'a1', goneOwner: HERE, owner: THERE };
  const ENDS: Record<StageKind, { readonly stage: object; readonly stageAt: number }> = {
    received: { stage: { kind: 'not-sent', reason: { kind: 'interrupted' } }, stageAt: LATER },
    // What counts is when it was sent.
    sending: { stage: { kind: 'unconfirmed' }, stageAt: NOW },
    opened: { stage: STAGES.opened, stageAt: NOW },
    refused: { stage: STAGES.refused, stageAt: NOW },
    unreachable: { stage: STAGES.unreachable, stageAt: NOW },
    unconfirmed: { stage: STAGES.unconfirmed, stageAt: NOW },
    'not-sent': { stage: STAGES['not-sent'], stageAt: NOW },
  };

  test.each(STAGE_KINDS)('another process takes over what is %s and not told, and tells it', (kind) => {
    const { record, result } = adopt(recordWith(kind, { reply: REPLY, escalated: ESCALATED }), goneHere, LATER);
    expect(attemptIn(record)).toMatchObject({ ...ENDS[kind], owner: THERE, delivery: 'pending', reply: REPLY });
    expect(result).toEqual(attemptIn(record));
    expect(personRecord.parse(record)).toEqual(record);
  });

  test.each(['delivered', 'next-command'] as const)('what is %s stays as it is', (delivery) => {
    for (const kind of STAGE_KINDS) {
      const before = recordWith(kind, { delivery });
      expect(adopt(before, goneHere, LATER)).toEqual({ record: before, result: undefined });
    }
  });

  test('two that notice take it over once', () => {
    const { record } = adopt(recordWith('sending'), goneHere, LATER);
    expect(adopt(record, { ...goneHere, owner: 'process-third' }, LATER)).toEqual({ record, result: undefined });
    expect(adopt(EMPTY_RECORD, goneHere, LATER)).toEqual({ record: EMPTY_RECORD, result: undefined });
  });

  test.each(STAGE_KINDS)('a process that gives one up itself ends it likewise, where it is %s', (kind) => {
    const record = abandon(recordWith(kind), 'a1', LATER);
    expect(attemptIn(record)).toMatchObject({ ...ENDS[kind], owner: HERE });
    expect(abandon(EMPTY_RECORD, 'a1', LATER)).toBe(EMPTY_RECORD);
  });

  describe('and it was only asleep', () => {
    const adopted = adopt(recordWith('sending', { reply: REPLY }), goneHere, NOW).record;

    test.each(['opened', 'refused'] as const)(
      'that it was %s after all replaces a doubt that was told, and is told at the next command',
      (kind) => {
        const told = deliver(adopted, { attemptId: 'a1', told: 'unconfirmed', delivery: 'delivered' }, NOW);
        const { record, isWritten } = end(told, kind);
        expect(isWritten).toBe(true);
        expect(attemptIn(record)).toMatchObject({
          stage: STAGES[kind],
          stageAt: LATER,
          delivery: 'next-command',
          waitsSince: LATER,
        });
      },
    );

    test('that it was opened comes before the doubt is told: then only that is told', () => {
      const { record } = end(adopted, 'opened');
      expect(attemptIn(record)).toMatchObject({ owner: THERE, delivery: 'pending' });
      const told = { attemptId: 'a1', delivery: 'delivered' } as const;
      const late = deliver(record, { ...told, told: 'unconfirmed' }, LATER);
      expect(attemptIn(late)).toMatchObject({ stage: STAGES.opened, delivery: 'next-command' });
      expect(attemptIn(deliver(record, { ...told, told: 'opened' }, LATER)).delivery).toBe('delivered');
    });

    test('that it was opened comes while the doubt waits for the next command: that is told there', () => {
      const waiting = leaveForNextCommand(adopted, { attemptId: 'a1' }, NOW);
      const { record } = end(waiting, 'opened');
      expect(attemptIn(record)).toMatchObject({ stage: STAGES.opened, delivery: 'next-command', waitsSince: NOW });
    });

    test.each(['unreachable', 'unconfirmed', 'not-sent'] as const)('a late %s leaves the doubt', (kind) => {
      expect(end(adopted, kind)).toEqual({ record: adopted, isWritten: false });
    });

    test('it starts nothing more of what was taken from it', () => {
      const { record } = adopt(recordWith('received'), goneHere, NOW);
      expect(takeTurn(record, undefined, turn(), LATER).result).toBe('lost');
      expect(waitAgain(adopted, 'a1', HERE, LATER)).toBe(adopted);
    });
  });
});

const BY_THERE = { attemptId: 'a1', owner: THERE, reply: REPLY } as const;

describe('two processes get one interaction', () => {
  test('the one that Discord has acknowledged goes on, and the other one does not', () => {
    const { record, result } = takeOver(recordWith('received'), BY_THERE, LATER);
    expect(result).toBe(true);
    expect(attemptIn(record)).toMatchObject({
      stage: { kind: 'received' },
      owner: THERE,
      delivery: 'pending',
      reply: REPLY,
    });
    expect(takeTurn(record, undefined, turn(), LATER).result).toBe('lost');
    expect(takeTurn(record, undefined, turn({ owner: THERE }), LATER).result).toBe('send');
  });

  test.each(['delivered', 'next-command'] as const)(
    'it goes on also when the other one has left it already (%s)',
    (delivery) => {
      const left = recordWith(ANSWERED_ELSEWHERE, { delivery });
      const { record, result } = takeOver(left, BY_THERE, LATER);
      expect(result).toBe(true);
      expect(attemptIn(record)).toMatchObject({
        stage: { kind: 'received' },
        stageAt: LATER,
        owner: THERE,
        delivery: 'pending',
      });
    },
  );

  test('nobody takes over what is being sent, has ended or is unknown', () => {
    const records = STAGE_KINDS.filter((kind) => kind !== 'received').map((kind) => recordWith(kind));
    for (const before of [...records, EMPTY_RECORD]) {
      expect(takeOver(before, BY_THERE, LATER)).toEqual({ record: before, result: false });
    }
  });

  test('only what waits, and is still its own, is left by the process that was not acknowledged', () => {
    const left = leave(recordWith('received'), { attemptId: 'a1', owner: HERE, delivery: 'next-command' }, LATER);
    expect(attemptIn(left)).toMatchObject({ stage: ANSWERED_ELSEWHERE, delivery: 'next-command' });
    const taken = takeOver(recordWith('received'), BY_THERE, NOW).record;
    const sending = recordWith('sending');
    for (const before of [taken, sending, EMPTY_RECORD]) {
      expect(leave(before, { attemptId: 'a1', owner: HERE, delivery: 'delivered' }, LATER)).toBe(before);
    }
  });

  test('what may have been written although the text was given back is taken back, unless it is being sent', () => {
    const own = { attemptId: 'a1', owner: HERE };
    expect(withdraw(recordWith('received'), own).requests[0]?.attempts).toEqual([]);
    for (const kind of STAGE_KINDS.filter((one) => one !== 'received')) {
      const before = recordWith(kind);
      expect(withdraw(before, own)).toBe(before);
    }
  });

  test('what another process wrote down of the same interaction is not taken back', () => {
    const before = recordWith('received');
    expect(withdraw(before, { attemptId: 'a1', owner: THERE })).toBe(before);
  });

  test('it waits where it stood: one that came after it does not get ahead', () => {
    const before = recordOf(
      request('form', [attempt(1, ANSWERED_ELSEWHERE, { words: 'words' })]),
      request('other', [attempt(2, 'received', { words: 'words' })]),
    );
    const { record } = takeOver(before, BY_THERE, LATER);
    expect(takeTurn(record, undefined, turn({ attemptId: 'a2' }), LATER).result).toBe('stopped');
    expect(takeTurn(record, undefined, turn({ owner: THERE }), LATER).result).toBe('send');
  });
});
