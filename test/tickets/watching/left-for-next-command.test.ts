import { expect, test } from 'vitest';
import { ADA, MINUTE_MS, startWatching } from './watch-harness.ts';

test('what Discord does not take is not tried for ever', async () => {
  const { answer, tells, told, reference, until, clock, notifications } = await startWatching();
  tells(async () => 'not-sent');
  answer(reference);
  await until(() => told.length >= 1);
  await clock.passSlowly(6 * 60 * MINUTE_MS, 10_000);
  expect(told.length).toBeLessThan(12);
  expect((await notifications()).map(({ kind }) => kind)).toEqual(['ticket-changed']);
});

test('what Discord refuses for good is told at the next command at once, and watching goes on', async () => {
  const { answer, tells, told, reference, until, clock, notifications, personalRecords } = await startWatching();
  tells(async () => 'refused');
  for (let round = 1; round <= 4; round += 1) {
    answer(reference, `Post ${round}`);
    await until(() => told.length === round);
  }
  await clock.passSlowly(MINUTE_MS, 1000);
  expect(told).toHaveLength(4);
  expect((await notifications()).map(({ kind }) => kind)).toEqual(['ticket-changed']);
  expect((await personalRecords.summary(ADA)).watching).toBe('on');
});

test('the third refusal loses nothing that waits at another ticket', async () => {
  const { answer, tells, told, reference, notifications, open, until, clock, tickets } = await startWatching();
  await open(ADA, 'KVO-530-9');
  await clock.passSlowly(2 * MINUTE_MS, 1000);
  tells(async () => 'closed');
  answer(reference, 'Post 1');
  await until(() => told.length === 1);
  answer('KVO-530-9', 'Other 1');
  await until(() => told.length === 2);
  await clock.passSlowly(1000, 1000);
  answer(reference, 'Post 2');
  answer('KVO-530-9', 'Other 2');
  // What was refused before was read at a command.
  for (const { id } of (await tickets.records.find(ADA)).notifications) await tickets.notifications.remove(ADA, id);
  await until(() => told.length === 3);
  await clock.passSlowly(30 * MINUTE_MS, 1000);
  const left = await notifications();
  expect(left.flatMap((one) => ('reference' in one ? [one.reference] : []))).toContain('KVO-530-9');
});

test('who wants to be told again does not read that it has ended', async () => {
  const { answer, tells, told, reference, tickets, until, notifications } = await startWatching();
  tells(async () => 'closed');
  for (let round = 1; round <= 3; round += 1) {
    answer(reference, `Post ${round}`);
    await until(() => told.length === round);
  }
  await until(async () => (await notifications()).length === 2);
  expect(await tickets.watches.set(ADA, true)).toBe('on');
  expect((await notifications()).map(({ kind }) => kind)).not.toContain('watching-ended');
});
