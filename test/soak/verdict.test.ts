import { expect, test } from 'vitest';
import type { Vitals } from '../../sandbox/bot/vitals.ts';
import type { SoakResult } from '../../sandbox/soak/soak.ts';
import { compareEnds, problemsOf } from '../../sandbox/soak/verdict.ts';

const MEGABYTE = 1024 * 1024;
const steady: Vitals = { heapBytes: 30 * MEGABYTE, residentBytes: 100 * MEGABYTE, handles: 12, sockets: 3, delayMs: 6 };
const resultOf = (looks: readonly Vitals[], more: Partial<SoakResult> = {}): SoakResult => ({
  looks,
  told: { opened: 90, maybe: 5, nothing: 5, failed: 0 },
  tickets: 92,
  duplicates: 0,
  reconnects: 2,
  faults: 8,
  ...more,
});
/** Ten looks of which the last half shows something else. */
const until = (end: Partial<Vitals>) => Array.from({ length: 10 }, (_, i) => ({ ...steady, ...(i > 4 && end) }));

test('a bot that stays as it is has no problem', () => {
  expect(problemsOf(resultOf(until({})))).toEqual([]);
});

test('what a bot needs while it warms up is no growth, and does not hide any', () => {
  const cold = { ...steady, heapBytes: 60 * MEGABYTE };
  expect(compareEnds([cold, ...until({})])[0]).toMatchObject({ first: 30, last: 30, holds: true });
  expect(problemsOf(resultOf([cold, ...until({ heapBytes: 50 * MEGABYTE })]))).toHaveLength(1);
});

test.each([
  [{ heapBytes: 36 * MEGABYTE }, 'heap'],
  [{ residentBytes: 150 * MEGABYTE }, 'resident memory'],
  [{ handles: 23 }, 'open handles'],
  [{ sockets: 9 }, 'sockets'],
  [{ delayMs: 40 }, 'event-loop delay'],
])('%j is found', (end, what) => {
  const problems = problemsOf(resultOf(until(end)));
  expect(problems).toEqual([expect.stringContaining(what)]);
});

test('a ticket twice, a ticket that is none, and no ticket at all are found', () => {
  const looks = until({});
  const told = { opened: 0, maybe: 0, nothing: 100, failed: 0 };
  expect(problemsOf(resultOf(looks, { duplicates: 1 }))).toEqual(['1 texts became more than one ticket.']);
  expect(problemsOf(resultOf(looks, { tickets: 3 }))).toEqual(['90 people were told of a ticket, and there are 3.']);
  expect(problemsOf(resultOf(looks, { told }))).toEqual(['Nobody was told of a ticket.']);
});
