import { expect, test } from 'vitest';
import { HelpdeskError } from '../../../src/tickets/helpdesk-client.ts';
import type { ViewTicketResult } from '../../../src/tickets/helpdesk-ticket.ts';
import { ADA, createWatch, MINUTE_MS } from './watch-harness.ts';

const BOB = '100000000000000002';

/** Watches one ticket of Ada that has been looked at once. */
async function startWatching(options: Parameters<typeof createWatch>[0] = {}) {
  const watch = await createWatch(options);
  const reference = await watch.watch();
  watch.start();
  await watch.until(() => watch.results.length === 1);
  expect(watch.results).toEqual(['first']);
  /** Lets so many looks more happen. */
  const looks = (count: number) => {
    const enough = watch.results.length + count;
    return watch.until(() => watch.results.length >= enough);
  };
  return { ...watch, reference, looks };
}

test('a thousand watched tickets never exceed the budget: one look at a time, spaced evenly, the oldest due first', async () => {
  const { clock, watch, start, views, until } = await createWatch({ looksPerMinute: 10 });
  for (let index = 0; index < 1000; index += 1) await watch(`10000000000000${1000 + index}`, `KVO-530-${index}`);
  start();
  await until(() => views.length >= 200);
  const gaps = views.slice(1).map(({ at }, index) => at - (views[index]?.at ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(MINUTE_MS / 10);
  expect(views.length).toBeLessThanOrEqual(1 + clock.elapsed() / (MINUTE_MS / 10));
  // Those that nobody has looked at have been due for longer than those that were looked at minutes ago.
  expect(views.map(({ reference }) => reference)).toEqual(views.map((_, index) => `KVO-530-${index}`));
});

test('a submission waits for no look', async () => {
  const { watch, start, shows, tickets, views, until } = await createWatch();
  await watch();
  shows(() => new Promise<ViewTicketResult>(() => undefined));
  start();
  await until(() => views.length === 1);
  expect(tickets.queue.isIdle).toBe(true);
  const sent = await tickets.queue.run(async () => ({ kind: 'opened', reference: 'KVO-530-2' }));
  expect(sent).toEqual({ kind: 'opened', reference: 'KVO-530-2' });
});

test('while a call is under way or somebody waits there are no looks', async () => {
  const { clock, watch, start, tickets, views, until } = await createWatch();
  await watch();
  let end = () => {};
  const call = new Promise<void>((resolve) => {
    end = resolve;
  });
  const sending = tickets.queue.run(async () => {
    await call;
    return { kind: 'posted' } as const;
  });
  start();
  await clock.passSlowly(5 * MINUTE_MS, 1000);
  expect(views).toEqual([]);
  end();
  await sending;
  await until(() => views.length === 1);
});

test('while the circuit is open there are no looks', async () => {
  const { clock, watch, start, tickets, views } = await createWatch({ breakAfterFailures: 1 });
  await watch();
  const cause = new HelpdeskError('connect', 'refused');
  await tickets.queue.run(async () => ({ kind: 'unreachable', cause }));
  expect(tickets.queue.down).toBe(true);
  start();
  await clock.passSlowly(5 * MINUTE_MS, 1000);
  expect(views).toEqual([]);
});

test('a look is called off by a stop, and nothing is written down of it', async () => {
  const { watch, start, shows, tickets, results, stored, views, until } = await createWatch();
  await watch();
  shows(
    (_, signal) =>
      new Promise((resolve) => {
        const cause = new HelpdeskError('closed', 'called off');
        signal?.addEventListener('abort', () => resolve({ kind: 'unreachable', cause }));
      }),
  );
  start();
  await until(() => views.length === 1);
  tickets.watcher.stop();
  await tickets.watcher.idle();
  expect(results).toEqual([]);
  expect((await stored()).lookedAt).toBeUndefined();
});

test('a helpdesk that fails is left alone for minutes', async () => {
  const { watch, start, shows, views, results, until } = await createWatch();
  await watch();
  await watch(BOB, 'KVO-530-2');
  shows(async () => ({ kind: 'unreachable', cause: new HelpdeskError('timeout', 'no answer') }));
  start();
  await until(() => views.length === 2);
  expect(results[0]).toBe('failed');
  expect((views[1]?.at ?? 0) - (views[0]?.at ?? 0)).toBeGreaterThanOrEqual(5 * MINUTE_MS);
});

test('one that refuses the login is left alone for longer: some lock an account after a few', async () => {
  const { watch, start, shows, views, until } = await createWatch();
  await watch();
  shows(async () => ({ kind: 'unreachable', cause: new HelpdeskError('login', 'wrong password') }));
  start();
  await until(() => views.length === 2);
  expect((views[1]?.at ?? 0) - (views[0]?.at ?? 0)).toBeGreaterThanOrEqual(10 * MINUTE_MS);
});

test('what somebody else writes is told once', async () => {
  const { answer, told, reference, results, looks } = await startWatching();
  answer(reference);
  await looks(6);
  expect(results.filter((result) => result === 'news')).toHaveLength(1);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ userId: ADA, reference });
});

test('several changes within ten minutes are one notice, and what comes after the first is not lost', async () => {
  const { answer, change, told, reference, until, looks } = await startWatching();
  answer(reference, 'One.');
  await until(() => told.length === 1);
  answer(reference, 'Two.');
  change(reference, () => ({ state: 'On Hold' }));
  await until(() => told.length === 2);
  await looks(6);
  expect(told).toHaveLength(2);
  expect((told[1]?.claimedAt ?? 0) - (told[0]?.claimedAt ?? 0)).toBeGreaterThanOrEqual(10 * MINUTE_MS);
});

test('that a ticket was closed is told, and then it is looked at no more', async () => {
  const { clock, change, told, views, reference, until } = await startWatching();
  change(reference, () => ({ state: 'Closed' }));
  await until(() => told.length === 1);
  const before = views.length;
  await clock.passSlowly(60 * MINUTE_MS, 1000);
  expect(views).toHaveLength(before);
});

test('what the helpdesk does not show, or shows as that of somebody else, is no news', async () => {
  const { change, told, results, reference, looks } = await startWatching();
  change(reference, ({ posts }) => ({
    requesterEmail: 'eve@example.org',
    state: 'Closed',
    posts: [...posts, ...posts],
  }));
  await looks(3);
  expect(results.slice(1)).toEqual(['not-shown', 'not-shown', 'not-shown']);
  expect(told).toEqual([]);
});

test('a notice that Discord certainly does not have is tried again as another message', async () => {
  const { answer, tells, told, reference, until, looks } = await startWatching();
  tells(async () => (told.length === 1 ? 'not-sent' : 'sent'));
  answer(reference);
  await until(() => told.length === 2);
  await looks(3);
  expect(told).toHaveLength(2);
  expect(told[0]?.nonce).not.toBe(told[1]?.nonce);
});

test('one that Discord does not take for an hour is left for the next command, and watching goes on', async () => {
  const { answer, tells, told, reference, notifications, personalRecords, until, looks } = await startWatching();
  tells(async () => 'not-sent');
  answer(reference);
  await until(async () => (await notifications()).length > 0);
  const last = told.at(-1)?.claimedAt ?? 0;
  expect(last - (told[0]?.changedAt ?? 0)).toBeGreaterThanOrEqual(59 * MINUTE_MS);
  const before = told.length;
  await looks(2);
  expect(told).toHaveLength(before);
  expect((await personalRecords.summary(ADA)).watching).toBe('on');
});

test('one of which that is not known is sent again as the same message for two minutes, and is then left for the next command', async () => {
  const { answer, tells, told, reference, notifications, until, looks } = await startWatching();
  tells(async () => 'unknown');
  answer(reference);
  await until(async () => (await notifications()).length > 0);
  const before = told.length;
  await looks(3);
  expect(told).toHaveLength(before);
  expect(told.length).toBeGreaterThan(1);
  expect(new Set(told.map(({ nonce }) => nonce)).size).toBe(1);
  expect((await notifications()).map(({ kind }) => kind)).toEqual(['ticket-changed']);
});

test('with direct messages closed it waits for the next command, and after three in a row watching ends and says so', async () => {
  const { clock, answer, tells, told, reference, notifications, views, personalRecords, until } = await startWatching();
  tells(async () => 'closed');
  for (let round = 1; round <= 3; round += 1) {
    answer(reference, `Post ${round}`);
    await until(() => told.length === round);
  }
  await until(async () => (await notifications()).length === 2);
  expect((await notifications()).map(({ kind }) => kind)).toEqual(['ticket-changed', 'watching-ended']);
  expect((await personalRecords.summary(ADA)).watching).toBe('off');
  const before = views.length;
  await clock.passSlowly(20 * MINUTE_MS, 1000);
  expect(views).toHaveLength(before);
});

test('one direct message that arrives begins the count anew', async () => {
  const { answer, tells, told, reference, personalRecords, until, looks } = await startWatching();
  tells(async () => (told.length === 3 ? 'sent' : 'closed'));
  for (let round = 1; round <= 5; round += 1) {
    answer(reference, `Post ${round}`);
    await until(() => told.length === round);
  }
  await looks(2);
  expect((await personalRecords.summary(ADA)).watching).toBe('on');
});

test.each([
  ['Unlink', async ({ links }: Watch) => void (await links.remove(ADA))],
  ["a moderator's Unlink", async ({ tickets }: Watch) => void (await tickets.watches.unlink(ADA))],
  ['another address', ({ links }: Watch) => links.save(ADA, 'other@example.org', 'none')],
  ['the same address, linked anew', ({ links }: Watch) => links.save(ADA, `${ADA}@example.org`, 'none')],
])('%s ends it, and nothing is told after that', async (_, act) => {
  const watching = await startWatching();
  const { answer, told, reference, views, tickets, personalRecords, until } = watching;
  answer(reference);
  await act(watching);
  await until(async () => (await tickets.opened.stored(ADA)).watch === undefined);
  expect(told).toEqual([]);
  expect(views).toHaveLength(1);
  expect((await personalRecords.summary(ADA)).watching).toBe('off');
});
type Watch = Awaited<ReturnType<typeof createWatch>>;

test('erasing ends it, and leaves nothing in the index', async () => {
  const { clock, answer, told, reference, tickets, personalRecords } = await startWatching();
  answer(reference);
  await personalRecords.erase(ADA);
  await clock.passSlowly(20 * MINUTE_MS, 1000);
  expect(told).toEqual([]);
  const left: string[] = [];
  for await (const [userId] of tickets.opened.allDue()) left.push(userId);
  expect(left).toEqual([]);
});

test('a ticket that is opened later is watched too', async () => {
  const { open, views, until } = await startWatching();
  await open(ADA, 'KVO-530-9');
  await until(() => views.some(({ reference }) => reference === 'KVO-530-9'));
});

test('where the operator has turned it off nothing is looked at, and nobody is promised anything', async () => {
  const { clock, watch, start, tickets, views } = await createWatch({ looksPerMinute: 0 });
  await watch();
  start();
  await clock.passSlowly(10 * MINUTE_MS, 1000);
  expect(views).toEqual([]);
  expect(await tickets.watches.set(ADA, true)).toBe('never');
});
