import { expect, test } from 'vitest';
import { z } from 'zod';
import { StorageError } from '../../../src/storage/record-store.ts';
import { ADA, MINUTE_MS, startWatching } from './watch-harness.ts';

test('not known, then certainly not taken: it stays the same message', async () => {
  const { answer, tells, told, reference, until } = await startWatching();
  tells(async () => (['unknown', 'not-sent', 'sent'] as const)[told.length - 1] ?? 'sent');
  answer(reference);
  await until(() => told.length === 3);
  expect(new Set(told.map(({ nonce }) => nonce)).size).toBe(1);
});

test('a direct message of which Discord has said that it has it is not told again, whatever the store does', async () => {
  const { answer, tells, told, reference, storage, until, clock, notifications } = await startWatching();
  const change = storage.change.bind(storage);
  let fails = false;
  storage.change = (async (...args: Parameters<typeof change>) => {
    if (fails) throw new StorageError('down');
    return change(...args);
  }) as typeof storage.change;
  tells(async () => {
    fails = told.length === 1;
    return 'sent';
  });
  answer(reference);
  await until(() => told.length === 1);
  await clock.passSlowly(90_000, 1000);
  fails = false;
  await clock.passSlowly(5 * MINUTE_MS, 1000);
  expect(await notifications()).toEqual([]);
});

test.each(['not-sent', 'closed'] as const)(
  'who has looked while it was being sent is not told after that (%s)',
  async (result) => {
    const { answer, tells, told, reference, tickets, stored, until, clock, notifications } = await startWatching();
    tells(async () => {
      if (told.length > 1) return 'sent';
      const looked = await tickets.looks.look(ADA, (await stored()).id);
      if (looked.kind === 'viewed') await looked.show(async () => {});
      return result;
    });
    answer(reference);
    await until(() => told.length >= 1);
    await clock.passSlowly(2 * MINUTE_MS, 1000);
    expect(told).toHaveLength(1);
    expect(await notifications()).toEqual([]);
  },
);

test('an own look with an older answer is not taken for the newer one', async () => {
  const { answer, told, reference, until, clock, tickets, stored, shows, shown, views } = await startWatching();
  const { id } = await stored();
  const wait = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
  let count = 0;
  // The first is the bot's look, which reads late. The second is the person's, which reads early and arrives later.
  shows(async (one) => {
    count += 1;
    const mine = count;
    const early = shown.get(one);
    if (mine === 1) await wait(20_000);
    if (mine === 2) await wait(40_000);
    const ticket = mine === 2 ? early : shown.get(one);
    return ticket ? { kind: 'viewed', ticket } : { kind: 'refused' };
  });
  const before = views.length;
  await until(() => views.length === before + 1);
  const own = tickets.looks
    .look(ADA, id)
    .then((looked) => (looked.kind === 'viewed' ? looked.show(async () => {}) : undefined));
  await clock.passSlowly(1000, 1000);
  answer(reference);
  await until(() => told.length === 1);
  await clock.passUntil(own);
  await clock.passSlowly(40 * MINUTE_MS, 1000);
  expect(told).toHaveLength(1);
});

test('what is found while its person looks at an older answer is still told at their next command', async () => {
  const { answer, tells, told, reference, until, clock, tickets, stored, notifications } = await startWatching();
  const looked = await tickets.looks.look(ADA, (await stored()).id);
  if (looked.kind !== 'viewed') throw new Error(looked.kind);
  let showIt = () => {};
  const shown = looked.show(() => new Promise<void>((resolve) => (showIt = resolve)));
  tells(async () => 'closed');
  answer(reference);
  await until(() => told.length === 1);
  await clock.passSlowly(1000, 1000);
  showIt();
  await shown;
  expect(await notifications()).toHaveLength(1);
});

test('what a process has sent it writes down, also where another one looks by then', async () => {
  const { answer, tells, told, reference, breakage, storage, lease, stored, until, clock } = await startWatching();
  tells(async () => {
    breakage.broken = 'all';
    return 'sent';
  });
  answer(reference);
  await until(() => told.length === 1);
  await clock.passSlowly(5000, 1000);
  breakage.broken = undefined;
  Object.assign(lease, { isGone: () => false });
  await storage.records('ticket-watcher', z.any()).save('looker', { owner: 'another' });
  await until(async () => (await stored()).notice === undefined);
  expect((await stored()).toldAt).toBeGreaterThan(0);
});

test('a process that has slept with a claim sends nothing that is left for the next command by now', async () => {
  const { answer, told, reference, clock, tickets, notifications } = await startWatching();
  const claim = tickets.watches.claim.bind(tickets.watches);
  let slept = false;
  tickets.watches.claim = async (userId) => {
    const claimed = await claim(userId);
    if (claimed.found && !slept) {
      slept = true;
      clock.pass(5 * MINUTE_MS);
      // Another process.
      await claim(userId);
    }
    return claimed;
  };
  answer(reference);
  await clock.passSlowly(10 * MINUTE_MS, 1000);
  expect(told.length + (await notifications()).length).toBe(1);
});
