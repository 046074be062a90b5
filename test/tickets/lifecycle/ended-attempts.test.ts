import { describe, expect, test } from 'vitest';
import {
  claim,
  deliver,
  leaveForNextCommand,
  notify,
  removeNotification,
} from '../../../src/tickets/lifecycle/deliver.ts';
import { abandon, adopt, takeOver } from '../../../src/tickets/lifecycle/ownership.ts';
import {
  EMPTY_RECORD,
  isEmpty,
  type PersonRecord,
  personRecord,
} from '../../../src/tickets/lifecycle/person-record.ts';
import { prune } from '../../../src/tickets/lifecycle/prune.ts';
import { receive } from '../../../src/tickets/lifecycle/receive.ts';
import { reserve, takeTurn, waitAgain } from '../../../src/tickets/lifecycle/send.ts';
import { arrival, ESCALATED, end, LATER, REPLY, turn } from './events.ts';
import {
  attempt,
  attemptIn,
  DAY_MS,
  END_KINDS,
  type EndKind,
  EVE,
  HERE,
  NOW,
  recordWith,
  STAGE_KINDS,
  STAGES,
  type StageKind,
  THERE,
} from './records.ts';

describe('a result comes', () => {
  const ALLOWED: Record<StageKind, readonly EndKind[]> = {
    // Nothing has been sent yet.
    received: ['unreachable', 'not-sent'],
    sending: END_KINDS,
    // Its owner was only asleep.
    unconfirmed: ['opened', 'refused'],
    opened: [],
    refused: [],
    unreachable: [],
    'not-sent': [],
  };
  const CASES = STAGE_KINDS.flatMap((from) =>
    END_KINDS.map((to) => ({ from, to, isWritten: ALLOWED[from].includes(to) })),
  );

  test.each(CASES)('from $from to $to: written is $isWritten', ({ from, to, isWritten }) => {
    const before = recordWith(from);
    const after = end(before, to);
    expect(after.isWritten).toBe(isWritten);
    if (!isWritten) return expect(after.record).toBe(before);
    expect(attemptIn(after.record)).toMatchObject({ stage: STAGES[to], stageAt: LATER, delivery: 'pending' });
    expect(personRecord.parse(after.record)).toEqual(after.record);
  });

  test('of an attempt that is erased nothing is written', () => {
    expect(end(EMPTY_RECORD, 'opened')).toEqual({ record: EMPTY_RECORD, isWritten: false });
  });

  test.each([true, false])('its uses of the limits are given back when they are to be: %s', (givesUsesBack) => {
    const { record } = end(recordWith('sending', { usesTakenAt: NOW }), 'refused', { givesUsesBack });
    expect(attemptIn(record).usesTakenAt).toBe(givesUsesBack ? undefined : NOW);
  });

  test('a call that came to nothing waits for its next turn, unless it is another process’s by now', () => {
    const waiting = waitAgain(recordWith('sending', { usesTakenAt: NOW }), 'a1', HERE, LATER);
    expect(attemptIn(waiting)).toMatchObject({ stage: { kind: 'received' }, stageAt: LATER, usesTakenAt: NOW });
    for (const kind of STAGE_KINDS.filter((other) => other !== 'sending')) {
      const before = recordWith(kind);
      expect(waitAgain(before, 'a1', HERE, LATER)).toBe(before);
    }
    const taken = recordWith('sending', { owner: THERE });
    expect(waitAgain(taken, 'a1', HERE, LATER)).toBe(taken);
    expect(waitAgain(EMPTY_RECORD, 'a1', HERE, LATER)).toBe(EMPTY_RECORD);
  });
});

describe('the person is told', () => {
  test('what only its owner needs goes: the way to the reply is a secret', () => {
    const before = recordWith('opened', { reply: REPLY, escalated: ESCALATED, usesTakenAt: NOW, waitsSince: NOW });
    const record = deliver(before, { attemptId: 'a1', told: 'opened', delivery: 'delivered' }, LATER);
    const { owner: _, ...kept } = attempt(1, 'opened', { usesTakenAt: NOW, delivery: 'delivered' });
    expect(attemptIn(record)).toEqual(kept);
    for (const gone of ['owner', 'reply', 'escalated', 'waitsSince'])
      expect(attemptIn(record)).not.toHaveProperty(gone);
  });

  test.each(STAGE_KINDS)('where something else became of it meanwhile, that is still to be told (%s)', (told) => {
    for (const kind of STAGE_KINDS.filter((other) => other !== told)) {
      const before = recordWith(kind);
      const after = deliver(before, { attemptId: 'a1', told, delivery: 'delivered' }, LATER);
      if (kind === 'received' || kind === 'sending') expect(after).toBe(before);
      else expect(attemptIn(after)).toMatchObject({ delivery: 'next-command', waitsSince: LATER });
    }
  });

  test('what Discord did not take waits for the next command, from now on', () => {
    const record = deliver(recordWith('opened'), { attemptId: 'a1', told: 'opened', delivery: 'next-command' }, LATER);
    expect(attemptIn(record)).toMatchObject({ delivery: 'next-command', waitsSince: LATER });
  });

  test('only what has ended and is not told can wait for the next command', () => {
    for (const kind of END_KINDS) {
      const waiting = attemptIn(leaveForNextCommand(recordWith(kind), { attemptId: 'a1' }, LATER));
      expect(waiting).toMatchObject({ delivery: 'next-command', waitsSince: LATER });
    }
    const others = [
      recordWith('received'),
      recordWith('sending'),
      recordWith('opened', { delivery: 'delivered' }),
      recordWith('opened', { delivery: 'next-command', waitsSince: NOW }),
      EMPTY_RECORD,
    ];
    for (const before of others) expect(leaveForNextCommand(before, { attemptId: 'a1' }, LATER)).toBe(before);
  });

  test('a process claims what it is about to tell, and no other one may tell it meanwhile', () => {
    const isGone = (owner: string) => owner === 'gone';
    const here = { attemptIds: ['a1'], owner: HERE, isGone };
    for (const kind of END_KINDS) {
      for (const before of [
        recordWith(kind, { delivery: 'next-command', waitsSince: NOW }),
        recordWith(kind, { delivery: 'pending', owner: 'gone' }),
      ]) {
        const { record, result } = claim(before, here);
        expect(result).toEqual(['a1']);
        expect(attemptIn(record)).toMatchObject({ delivery: 'pending', owner: HERE });
        expect(claim(record, { ...here, owner: THERE })).toEqual({ record, result: [] });
        // Nor does the process tell it at two commands at once.
        expect(claim(record, here)).toEqual({ record, result: [] });
        expect(leaveForNextCommand(record, { attemptId: 'a1', owner: THERE }, LATER)).toBe(record);
        const left = leaveForNextCommand(record, { attemptId: 'a1', owner: HERE }, LATER);
        expect(claim(left, { ...here, owner: THERE }).result).toEqual(['a1']);
        // The one that died over it is followed by another one.
        expect(claim(record, { ...here, owner: THERE, isGone: (owner) => owner === HERE }).result).toEqual(['a1']);
      }
    }
  });

  test('what is under way, told, told by another process or unknown cannot be claimed', () => {
    const event = { attemptIds: ['a1', 'a2'], owner: HERE, isGone: () => false };
    const others = [
      ...(['received', 'sending'] as const).map((kind) => recordWith(kind, { delivery: 'next-command' })),
      recordWith('opened', { delivery: 'delivered' }),
      recordWith('opened', { delivery: 'pending', owner: THERE }),
      EMPTY_RECORD,
    ];
    for (const before of others) expect(claim(before, event)).toEqual({ record: before, result: [] });
  });

  test('a notification under the same ID replaces the other one, and goes when it was read', () => {
    const maybe = { kind: 'maybe-opened-in-your-name', moderatorId: EVE, messageUrl: ESCALATED.url } as const;
    const certain = { ...maybe, kind: 'opened-in-your-name', reference: 'KVO-530-1' } as const;
    const decided = { kind: 'link-decided', approved: true } as const;
    const before = notify(notify(EMPTY_RECORD, 'e1', maybe, NOW), 'link', decided, NOW);
    const record = notify(before, 'e1', certain, LATER);
    expect(record.notifications).toEqual([
      { id: 'link', at: NOW, about: decided },
      { id: 'e1', at: LATER, about: certain },
    ]);
    expect(personRecord.parse(record)).toEqual(record);
    expect(removeNotification(record, 'link').notifications.map(({ id }) => id)).toEqual(['e1']);
    expect(isEmpty(removeNotification(removeNotification(record, 'link'), 'e1'))).toBe(true);
  });
});

test('nothing changes what is certain', () => {
  const changes: ((record: PersonRecord) => PersonRecord)[] = [
    (record) => receive(record, undefined, arrival(), LATER).record,
    (record) => takeTurn(record, undefined, turn(), LATER).record,
    ...END_KINDS.map((kind) => (record: PersonRecord) => end(record, kind).record),
    (record) => waitAgain(record, 'a1', HERE, LATER),
    (record) => takeOver(record, { attemptId: 'a1', owner: THERE }, LATER).record,
    (record) => adopt(record, { attemptId: 'a1', goneOwner: HERE, owner: THERE }, LATER).record,
    (record) => abandon(record, 'a1', LATER),
    (record) => deliver(record, { attemptId: 'a1', told: attemptIn(record).stage.kind, delivery: 'delivered' }, LATER),
    (record) => leaveForNextCommand(record, { attemptId: 'a1' }, LATER),
    (record) => reserve(record, { attemptId: 'a1', usesTakenAt: LATER }),
    (record) => prune(record, LATER, DAY_MS),
  ];
  for (const kind of END_KINDS.filter((other) => other !== 'unconfirmed')) {
    for (const delivery of ['pending', 'next-command', 'delivered'] as const) {
      for (const change of changes) {
        const { stage, stageAt } = attemptIn(change(recordWith(kind, { delivery })));
        expect({ stage, stageAt }).toEqual({ stage: STAGES[kind], stageAt: NOW });
      }
    }
  }
});
