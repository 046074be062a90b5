import { expect, test } from 'vitest';
import { COMMUNITY } from '../../../src/tickets/opened/opened-tickets.ts';
import { ADA, createWatch, startWatching } from './watch-harness.ts';

test('nothing is left after everything was deleted while a notice was on its way', async () => {
  const { answer, tells, told, reference, until, clock, tickets, personalRecords } = await startWatching();
  let arrive = (_: 'closed') => {};
  tells(
    () =>
      new Promise((resolve) => {
        arrive = resolve;
      }),
  );
  answer(reference);
  await until(() => told.length === 1);
  // Discord answers between two of the steps.
  const remove = tickets.opened.remove.bind(tickets.opened);
  tickets.opened.remove = async (userId) => {
    arrive('closed');
    await clock.passSlowly(2000, 1000);
    await remove(userId);
  };
  await personalRecords.erase(ADA);
  expect((await tickets.records.find(ADA)).notifications).toEqual([]);
});

test('the receipt offers it where it is off, also after the same address was linked anew', async () => {
  const { clock, links, tickets } = await createWatch();
  await links.save(ADA, 'ada@example.org', 'none');
  await tickets.watches.set(ADA, true);
  await links.remove(ADA);
  clock.pass(1000);
  await links.save(ADA, 'ada@example.org', 'none');
  const record = await tickets.opened.stored(ADA);
  expect(tickets.opened.watching(record, await links.find(ADA))).toBe('off');
  expect(tickets.opened.watchingFor(record, 'ada@example.org', await links.find(ADA))).toBe('off');
});

test('what is still to be told of tickets goes with the link', async () => {
  const { answer, tells, told, reference, until, tickets, personalRecords, links, notifications } =
    await startWatching();
  tells(async () => 'closed');
  answer(reference);
  await until(async () => told.length === 1 && (await notifications()).length === 1);
  await personalRecords.unlink(ADA);
  expect(await notifications()).toEqual([]);
  expect((await tickets.opened.stored(ADA)).watch).toBeUndefined();
  expect(await links.find(ADA)).toBeUndefined();
});

test('that somebody wanted to be told is something that is stored about them', async () => {
  const { links, tickets, personalRecords } = await createWatch();
  await links.save(ADA, 'ada@example.org', 'none');
  await tickets.watches.set(ADA, true);
  await links.remove(ADA);
  expect((await personalRecords.summary(ADA)).wantsNews).toBe(true);
  await personalRecords.erase(ADA);
  expect((await personalRecords.summary(ADA)).wantsNews).toBe(false);
});

test('a new ticket of the community keeps older ones watched for no longer', async () => {
  const { clock, tickets } = await createWatch();
  const open = (record: Parameters<typeof tickets.opened.withOpened>[0], id: string, email: string) =>
    tickets.opened.withOpened(record, { id, reference: id, subject: '', email }, COMMUNITY);
  const first = open(undefined, '1', 'community@example.org');
  clock.pass(60_000);
  expect(open(first, '2', 'community@example.org').watch).toEqual(first.watch);
  expect(open(first, '3', 'other@example.org').watch?.account).not.toBe(first.watch?.account);
});
