import { describe, expect, test } from 'vitest';
import type { Attempt, PersonRecord } from '../../../src/tickets/lifecycle/person-record.ts';
import { prune } from '../../../src/tickets/lifecycle/prune.ts';
import {
  attempt,
  DAY_MS,
  END_KINDS,
  EVE,
  MINUTE_MS,
  NOW,
  recordOf,
  request,
  STAGE_KINDS,
  type StageKind,
} from './records.ts';

const LIFETIME_MS = 30 * DAY_MS;
/** The last moment at which an attempt is too old to be known. */
const EXPIRED = NOW - LIFETIME_MS;
const MAY_BE_TICKETS: readonly StageKind[] = ['opened', 'unconfirmed'];

const left = (record: PersonRecord) =>
  prune(record, NOW, LIFETIME_MS).requests.flatMap(({ attempts }) => attempts.map(({ id }) => id));

/** An attempt that came and ended long ago. */
function old(sequence: number, kind: StageKind, given: Partial<Attempt> = {}): Attempt {
  return attempt(sequence, kind, { receivedAt: EXPIRED, stageAt: EXPIRED, delivery: 'delivered', ...given });
}

describe('an attempt that is older than records are kept', () => {
  test.each(STAGE_KINDS)('with its text: kept if it may be a ticket, or is live (%s)', (kind) => {
    const isKept = MAY_BE_TICKETS.includes(kind) || kind === 'received' || kind === 'sending';
    expect(left(recordOf(request('form', [old(1, kind)])))).toEqual(isKept ? ['a1'] : []);
  });

  test.each(STAGE_KINDS)('without its text: kept only while it is live (%s)', (kind) => {
    const record = recordOf(request('form', [old(1, kind)], { textUntil: NOW }));
    expect(left(record)).toEqual(kind === 'received' || kind === 'sending' ? ['a1'] : []);
    expect(prune(record, NOW, LIFETIME_MS).requests).toHaveLength(left(record).length);
  });

  test.each(['related', 'confirmed'] as const)(
    'kept while another text needs it that would be sent again (%s)',
    (list) => {
      for (const kind of END_KINDS) {
        const record = recordOf(
          request('other', [old(1, kind)], { textUntil: EXPIRED }),
          request('form', [], { [list]: ['a1'] }),
        );
        expect(left(record)).toEqual(MAY_BE_TICKETS.includes(kind) ? ['a1'] : []);
      }
      const withoutText = recordOf(
        request('other', [old(1, 'opened')], { textUntil: EXPIRED }),
        request('form', [old(2, 'opened')], { [list]: ['a1'], textUntil: NOW }),
      );
      expect(prune(withoutText, NOW, LIFETIME_MS).requests).toEqual([]);
    },
  );

  test('known for as long again from the moment on at which it began to wait for the next command', () => {
    const waiting = (waitsSince: number) =>
      recordOf(request('form', [old(1, 'opened', { delivery: 'next-command', waitsSince })], { textUntil: 0 }));
    expect(left(waiting(EXPIRED + 1))).toEqual(['a1']);
    expect(left(waiting(EXPIRED))).toEqual([]);
  });

  test('known for as long again from the moment on at which a doubt became a ticket', () => {
    expect(left(recordOf(request('form', [old(1, 'opened', { stageAt: EXPIRED + 1 })], { textUntil: 0 })))).toEqual([
      'a1',
    ]);
  });
});

describe('an attempt that is younger', () => {
  /** Told, and Discord does not deliver its interaction again. */
  const told = { delivery: 'delivered', receivedAt: NOW - 15 * MINUTE_MS, stageAt: NOW - 15 * MINUTE_MS } as const;

  test.each(STAGE_KINDS)('is kept while it is the last of its form, also without a text (%s)', (kind) => {
    expect(left(recordOf(request('form', [attempt(1, kind, told)], { textUntil: 0 })))).toEqual(['a1']);
  });

  test.each(STAGE_KINDS)('has nothing to say beside a later one if it opened nothing for certain (%s)', (kind) => {
    const isOver = kind === 'refused' || kind === 'unreachable' || kind === 'not-sent';
    const record = recordOf(request('form', [attempt(1, kind, told), attempt(2, 'refused', told)]));
    expect(left(record)).toEqual(isOver ? ['a2'] : ['a1', 'a2']);
  });

  test('is kept while Discord may deliver its interaction again', () => {
    const receivedAt = NOW - 15 * MINUTE_MS + 1;
    const record = recordOf(
      request('form', [attempt(1, 'refused', { ...told, receivedAt }), attempt(2, 'refused', told)]),
    );
    expect(left(record)).toEqual(['a1', 'a2']);
  });

  test.each(['pending', 'next-command'] as const)('is kept until its person has been told (%s)', (delivery) => {
    const record = recordOf(
      request('form', [attempt(1, 'refused', { ...told, delivery }), attempt(2, 'refused', told)]),
    );
    expect(left(record)).toEqual(['a1', 'a2']);
  });
});

test('a form without attempts is kept while its text is: the person has chosen to send despite something', () => {
  const record = (textUntil: number) => recordOf(request('form', [], { confirmed: ['a9'], textUntil }));
  expect(prune(record(NOW + 1), NOW, LIFETIME_MS)).toEqual(record(NOW + 1));
  expect(prune(record(NOW), NOW, LIFETIME_MS).requests).toEqual([]);
});

test('what is related to a form, and what was chosen, stays as it is', () => {
  const record = recordOf(request('form', [attempt(1, 'refused')], { related: ['a8'], confirmed: ['a9'] }));
  expect(prune(record, NOW, LIFETIME_MS)).toEqual(record);
});

test('notifications are kept as long as records are', () => {
  const about = { kind: 'unlinked', moderatorId: EVE } as const;
  const notifications = [
    { id: 'old', at: EXPIRED, about },
    { id: 'young', at: EXPIRED + 1, about },
  ];
  expect(prune({ ...recordOf(), notifications }, NOW, LIFETIME_MS).notifications.map(({ id }) => id)).toEqual([
    'young',
  ]);
});

test('to prune twice is to prune once, and the numbers of attempts go on', () => {
  const record = recordOf(
    request('form', [old(1, 'opened'), old(2, 'refused'), attempt(3, 'sending')], { related: ['a4'] }),
    request('other', [old(4, 'unconfirmed'), old(5, 'opened')], { textUntil: 0 }),
  );
  const once = prune(record, NOW, LIFETIME_MS);
  expect(left(record)).toEqual(['a1', 'a3', 'a4']);
  expect(prune(once, NOW, LIFETIME_MS)).toEqual(once);
  expect(once.nextSequence).toBe(6);
});
