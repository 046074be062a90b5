import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OpenedTicket, SeenTicket } from '../../../src/tickets/opened/opened-tickets-record.ts';
import { hasNews } from '../../../src/tickets/opened/ticket-view.ts';
import { afterLook, afterNotice, afterOwnLook, nonceOf } from '../../../src/tickets/watching/watch-changes.ts';
import { WATCH_TIMES } from '../../../src/tickets/watching/watch-times.ts';

const START = 1_800_000_000_000;
const seen = (more: Partial<SeenTicket> = {}): SeenTicket => ({
  at: START,
  state: 'Open',
  posts: ['p1'],
  own: 1,
  ...more,
});
const ticket = (more: Partial<OpenedTicket> = {}): OpenedTicket => ({
  ...{ id: 't1', reference: 'KVO-530-1', subject: 'Down', account: 'a', openedAt: START, touchedAt: START },
  ...more,
});
const later = (ms: number, more: Partial<SeenTicket> = {}) => ({
  seen: seen({ ...more, at: START + ms }),
  startedAt: START + ms,
});

test('the first look sets what is known, silently', () => {
  const after = afterLook(ticket(), later(1000), START + 2000);
  expect(after).toEqual({
    result: 'first',
    ticket: { ...ticket(), lookedAt: START + 2000, seen: seen({ at: START + 1000 }) },
  });
});

test('a post of somebody else and another state are news, which are claimed at once', () => {
  for (const more of [{ posts: ['p1', 'p2'] }, { state: 'On Hold' }, { posts: ['p1', 'p1'] }]) {
    const { result, ticket: after } = afterLook(ticket({ seen: seen() }), later(1000, more), START + 2000);
    expect(result).toBe('news');
    expect(after).toMatchObject({
      ...{ newSince: START + 2000, touchedAt: START + 2000 },
      notice: { changedAt: START + 2000, sendAt: START + 2000, claimedAt: START + 2000 },
    });
  }
});

test('what somebody has seen since the look began is no news', () => {
  const fresh = ticket({ seen: seen({ at: START + 1500, posts: ['p1', 'p2'] }) });
  const { result, ticket: after } = afterLook(fresh, later(1000, { posts: ['p1'] }), START + 2000);
  expect(result).toBe('same');
  expect(after.seen).toEqual(fresh.seen);
});

test('within ten minutes of a notice the next one waits until these are over, and is one', () => {
  const told = ticket({ seen: seen(), toldAt: START });
  const once = afterLook(told, later(1000, { posts: ['p1', 'p2'] }), START + 2000).ticket;
  expect(once.notice).toEqual({ changedAt: START + 2000, sendAt: START + WATCH_TIMES.togetherMs });
  const twice = afterLook(once, later(3000, { posts: ['p1', 'p2', 'p3'] }), START + 4000).ticket;
  expect(twice.notice).toEqual(once.notice);
});

test('what changes while a notice is being sent is told after ten minutes', () => {
  const sending = ticket({ seen: seen(), notice: { changedAt: START, sendAt: START, claimedAt: START } });
  const more = afterLook(sending, later(1000, { posts: ['p1', 'p2'] }), START + 2000).ticket;
  const sent = afterNotice(more, START + 3000);
  expect(sent.notice).toEqual({ changedAt: START + 3000, sendAt: START + 3000 + WATCH_TIMES.togetherMs });
  expect(afterNotice(sending, START + 3000).notice).toBeUndefined();
});

test('who has looked is not told, unless it is being sent already', () => {
  const own = { seen: seen(), startedAt: START };
  const waiting = { changedAt: START, sendAt: START + 5 };
  expect(afterOwnLook(ticket({ newSince: START, notice: waiting }), own).notice).toBeUndefined();
  expect(afterOwnLook(ticket({ newSince: START, notice: waiting }), own).newSince).toBeUndefined();
  const claimed = { ...waiting, claimedAt: START + 1 };
  expect(afterOwnLook(ticket({ notice: { ...claimed, again: true } }), own).notice).toEqual(claimed);
});

test('own posts are no news, nor that the ticket is open again because of one', () => {
  const before = seen({ state: 'On Hold' });
  expect(hasNews(before, seen({ state: 'On Hold', own: 2 }))).toBe(false);
  expect(hasNews(before, seen({ state: 'Open', own: 2 }))).toBe(false);
  expect(hasNews(before, seen({ state: 'Open', own: 1 }))).toBe(true);
  expect(hasNews(before, seen({ state: 'Re-opened', own: 2 }))).toBe(false);
  expect(hasNews(before, seen({ state: 'Closed', own: 2 }))).toBe(true);
  expect(hasNews(before, seen({ state: 'In Progress', own: 2 }))).toBe(true);
});

test('there is news exactly when the state is another one or a post is there more often than before', () => {
  const post = fc.constantFrom('a', 'b', 'c', 'd');
  const count = (posts: readonly string[], one: string) => posts.filter((other) => other === one).length;
  fc.assert(
    fc.property(fc.array(post), fc.array(post), fc.boolean(), (before, after, moved) => {
      const expected = moved || after.some((one) => count(after, one) > count(before, one));
      return hasNews({ state: 'Open', posts: before }, { state: moved ? 'Closed' : 'Open', posts: after }) === expected;
    }),
  );
});

test('a nonce follows from the claim and has at most the 25 characters that Discord takes', () => {
  const nonce = nonceOf('1', ticket(), START);
  expect(nonce).toMatch(/^[\w-]{20,25}$/);
  expect(nonceOf('1', ticket(), START)).toBe(nonce);
  expect(
    new Set([
      nonce,
      nonceOf('2', ticket(), START),
      nonceOf('1', ticket(), START + 1),
      nonceOf('1', ticket({ id: 't2' }), START),
    ]).size,
  ).toBe(4);
});
