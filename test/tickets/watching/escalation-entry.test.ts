import { expect, test } from 'vitest';
import { ADA, startWatching } from './watch-harness.ts';

const AUDIT = { messageId: '7', entry: 'A ticket.' };

async function startEscalated() {
  const watch = await startWatching();
  const { id } = await watch.stored();
  await watch.tickets.opened.change(ADA, id, (ticket) => ({ ...ticket, audit: AUDIT }));
  return watch;
}

test('an entry is written anew for each change that is found', async () => {
  const { change, reference, rewritten, stored, until } = await startEscalated();
  change(reference, () => ({ state: 'On Hold' }));
  await until(() => rewritten.length === 1);
  change(reference, () => ({ state: 'In Progress' }));
  await until(() => rewritten.length === 2);
  expect((await stored()).audit).toEqual(AUDIT);
});

test('one that moderators have deleted is not written again, and its person is told as before', async () => {
  const { change, reference, rewritten, deletedEntries, stored, told, until, results } = await startEscalated();
  deletedEntries.add(AUDIT.messageId);
  change(reference, () => ({ state: 'On Hold' }));
  await until(async () => (await stored()).audit === undefined);
  change(reference, () => ({ state: 'In Progress' }));
  await until(() => results.filter((result) => result === 'news').length === 2);
  expect(rewritten).toEqual([AUDIT.messageId]);
  await until(() => told.length === 2);
});

test('the export leaves the entry to the moderators', async () => {
  const { personalRecords } = await startEscalated();
  expect(JSON.stringify(await personalRecords.export(ADA))).not.toContain(AUDIT.entry);
});
