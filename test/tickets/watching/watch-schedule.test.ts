import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OpenedTicket, Watch } from '../../../src/tickets/opened/opened-tickets-record.ts';
import {
  dueAt,
  dueOf,
  isWatched,
  nextLookAt,
  nextNotice,
  quietDays,
  WATCHED_FOR_MS,
} from '../../../src/tickets/watching/watch-schedule.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = 1_800_000_000_000;
const WATCH: Watch = { since: START, account: 'a', linkedAt: 1, refused: 0 };

const ticket = (more: Partial<OpenedTicket> = {}): OpenedTicket => ({
  ...{ id: 't1', reference: 'KVO-530-1', subject: 'Down', account: 'a', openedAt: START, touchedAt: START },
  ...more,
});
const seen = (state: string, at = START) => ({ at, state, posts: [] });

test('a ticket that nobody has looked at is due at once', () => {
  expect(nextLookAt(ticket(), START)).toBe(START);
});

test.each([
  ['within the first hour', 59 * MINUTE, 5 * MINUTE],
  ['after an hour', HOUR, HOUR],
  ['within two days', 2 * DAY - 1, HOUR],
  ['after two days', 2 * DAY, 6 * HOUR],
  ['after weeks', 20 * DAY, 6 * HOUR],
])('%s, the next look comes after the time for that and a fifth of it at most', (_, age, everyMs) => {
  const lookedAt = START + age;
  const next = nextLookAt(ticket({ lookedAt }), lookedAt) - lookedAt;
  expect(next).toBeGreaterThanOrEqual(everyMs);
  expect(next).toBeLessThanOrEqual(1.2 * everyMs);
});

test('what its person does about an old ticket brings the looks back to minutes', () => {
  const lookedAt = START + 10 * DAY;
  const touched = ticket({ lookedAt, touchedAt: lookedAt + HOUR, seen: seen('Open', lookedAt + HOUR) });
  expect(nextLookAt(touched, lookedAt + HOUR) - (lookedAt + HOUR)).toBeLessThanOrEqual(6 * MINUTE);
});

test('tickets that were opened together are looked at apart, and each at its own time again after a restart', () => {
  const times = Array.from({ length: 50 }, (_, index) =>
    nextLookAt(ticket({ id: `t${index}`, lookedAt: START }), START),
  );
  expect(new Set(times).size).toBeGreaterThan(45);
  expect(times).toEqual(
    Array.from({ length: 50 }, (_, index) => nextLookAt(ticket({ id: `t${index}`, lookedAt: START }), START)),
  );
});

test.each([
  ['without a number', { reference: undefined }],
  ['of another account', { account: 'b' }],
  ['that is closed', { seen: seen('Closed') }],
])('a ticket %s is not watched', (_, more) => {
  const { reference, ...rest } = { ...ticket(), ...more };
  expect(isWatched(reference === undefined ? rest : { ...rest, reference }, WATCH, START)).toBe(false);
});

test('a ticket about which nothing happens for 30 days is watched no longer, counted from the word where that is later', () => {
  expect(isWatched(ticket(), WATCH, START + WATCHED_FOR_MS - 1)).toBe(true);
  expect(isWatched(ticket(), WATCH, START + WATCHED_FOR_MS)).toBe(false);
  expect(isWatched(ticket({ touchedAt: START - 100 * DAY }), WATCH, START + DAY)).toBe(true);
});

test.each([
  [365, 30],
  [30, 30],
  [7, 7],
])('where tickets are known for %i days, one is watched for %i quiet ones', (lifetime, quiet) => {
  expect(quietDays(lifetime * DAY)).toBe(quiet);
});

test('nothing is due for whoever does not watch, but what is still to be told', () => {
  expect(dueOf({ tickets: [ticket()] }, START)).toBeUndefined();
  const notice = { changedAt: START, sendAt: START + 5 };
  expect(dueOf({ tickets: [ticket({ notice, seen: seen('Closed') })], watch: WATCH }, START)).toEqual({
    noticeAt: START + 5,
  });
});

test('the next look is always later than the last one, and within seven and a half hours', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(100 * DAY), fc.nat(100 * DAY), (id, touched, looked) => {
      const lookedAt = START + looked;
      const next = nextLookAt(ticket({ id, touchedAt: START + touched, lookedAt }), lookedAt);
      return next >= lookedAt + 5 * MINUTE && next <= lookedAt + 7.5 * HOUR;
    }),
  );
});

test('what a clock wrote that was ahead counts as now: it keeps no ticket unlooked at and no notice unsent', () => {
  const ahead = START + DAY;
  expect(nextLookAt(ticket({ lookedAt: ahead }), START)).toBe(START);
  const notice = { changedAt: ahead, sendAt: ahead };
  expect(nextNotice({ tickets: [ticket({ notice })] }, START)).toEqual({ ticketId: 't1', at: START });
  expect(dueAt({ lookAt: ahead, noticeAt: ahead }, START)).toEqual({ lookAt: START, noticeAt: START });
  const soon = { lookAt: START + 7 * HOUR, noticeAt: START + 10 * MINUTE };
  expect(dueAt(soon, START)).toEqual(soon);
});
