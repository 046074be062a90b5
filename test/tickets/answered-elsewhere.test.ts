import { expect, onTestFinished, test } from 'vitest';
import { openStorage } from '../../src/storage/open-storage.ts';
import { StorageError } from '../../src/storage/record-store.ts';
import type { Arrival } from '../../src/tickets/attempt-intake.ts';
import { ADA, createDesk, REPLY, START } from './desk-harness.ts';

/** Two processes on one store, and a form that both of them get. */
async function startTwo() {
  const opened = await openStorage({ url: 'sqlite::memory:', keys: [], now: () => START });
  onTestFinished(() => opened.close());
  const storage = { ...opened, isShared: true };
  const [first, second] = [await createDesk({ storage }), await createDesk({ storage })];
  const draft = first.draft('My server is down');
  const arrival: Arrival = {
    id: first.newInteraction(),
    submitterId: ADA.id,
    draftId: draft.id,
    draftOf: () => draft,
    reply: REPLY,
  };
  return { first, second, draft, arrival };
}

async function takeBack() {
  const { first, second, draft, arrival } = await startTwo();
  // The first process writes it down, is told that it has failed, and takes it back.
  first.breakage.around = async (_, run) => {
    first.breakage.around = undefined;
    await run();
    throw new StorageError('The connection was lost.');
  };
  await expect(first.intake.receive(arrival)).rejects.toThrow(StorageError);
  return { second, draft, arrival };
}

test('an attempt that was taken back is written down anew by the process that has to answer', async () => {
  const { second, draft, arrival } = await takeBack();
  expect(await second.intake.takeOver(arrival)).toMatchObject({ id: arrival.id, draft, hasDuplicate: false });
  const { requests } = await second.records.find(ADA.id);
  expect(requests[0]?.attempts).toMatchObject([
    { id: arrival.id, stage: { kind: 'received' }, owner: second.lease.id },
  ]);
});

test('one whose person has had everything erased is not', async () => {
  const { second, arrival } = await takeBack();
  await second.personalRecords.erase(ADA.id);
  expect(await second.intake.takeOver(arrival)).toBeUndefined();
  expect((await second.records.find(ADA.id)).requests).toEqual([]);
});

test.each([
  ['has only just started on the same store', 'next-command'],
  ['has a store of its own', 'delivered'],
] as const)('what is left to another process that %s is %s', async (which, delivery) => {
  const { first, second, arrival } = await startTwo();
  onTestFinished(async () => void (await Promise.all([first.lease.stop(), second.lease.stop()])));
  await first.lease.start();
  if (which.startsWith('has only')) await second.lease.start();
  const receipt = await first.intake.receive(arrival);
  if (receipt.kind !== 'received') throw new Error('It was not received');
  await first.intake.leave(receipt.attempt);
  const { requests } = await first.records.find(ADA.id);
  expect(requests[0]?.attempts).toMatchObject([{ stage: { reason: { kind: 'answered-elsewhere' } }, delivery }]);
});
