import { expect, onTestFinished, test } from 'vitest';
import { openStorage } from '../../src/storage/open-storage.ts';
import type { RecordStore } from '../../src/storage/record-store.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { ADA, BOB, createDesk, DAY_MS } from './desk-harness.ts';

const OTHERS = 300;

/** A store that tells how many records were read out of it. */
async function countingStorage(now: () => number) {
  const storage = await openStorage({ url: 'sqlite::memory:', keys: [], now });
  onTestFinished(() => storage.close());
  const reads = { count: 0 };
  function counting<T>(records: RecordStore<T>): RecordStore<T> {
    return {
      at: (key) => records.at(key),
      save: (key, value, ttlMs) => records.save(key, value, ttlMs),
      insert: (key, value, ttlMs) => records.insert(key, value, ttlMs),
      remove: (key) => records.remove(key),
      removeAll: (prefix) => records.removeAll(prefix),
      take: (key) => records.take(key),
      update(key, change, ttlMs) {
        reads.count += 1;
        return records.update(key, change, ttlMs);
      },
      find(key) {
        reads.count += 1;
        return records.find(key);
      },
      async *entries(prefix) {
        for await (const entry of records.entries(prefix)) {
          reads.count += 1;
          yield entry;
        }
      },
    };
  }
  const counted: Storage = {
    ...storage,
    records: (namespace, schema) => counting(storage.records(namespace, schema)),
    read(refs) {
      reads.count += refs.length;
      return storage.read(refs);
    },
    change(refs, decide) {
      reads.count += refs.length;
      return storage.change(refs, decide);
    },
  };
  return { storage: counted, reads };
}

/** A bot that has served many others before. */
async function createBusyDesk() {
  const clock = { now: 1_800_000_000_000 };
  const { storage, reads } = await countingStorage(() => clock.now);
  const desk = await createDesk({ storage, clock });
  for (let one = 0; one < OTHERS; one += 1) {
    const submitter = { id: `5000000000000${10_000 + one}`, name: 'other' };
    await desk.links.save(submitter.id, 'other@example.org', 'email');
    const draft = { ...desk.draft('A'), submitter };
    const id = desk.newInteraction();
    await desk.submit(draft, id);
    const event = { submitterId: submitter.id, attemptId: id };
    await desk.records.change(event, {}, ({ record }) => {
      const requests = record.requests.map((request) => ({
        ...request,
        attempts: request.attempts.map((attempt) => ({ ...attempt, delivery: 'delivered' as const })),
      }));
      return { record: { ...record, requests }, result: undefined };
    });
  }
  return { ...desk, reads, clock };
}

test('Export, Unlink and a start read what belongs to one person, and nothing of many others', async () => {
  const { recover, personalRecords, reads, submit, draft, records, links, escalation } = await createBusyDesk();
  await links.save(BOB.id, 'bob@example.org', 'email');
  await submit(draft('A'));
  await submit(escalation('B', BOB));

  reads.count = 0;
  expect(await recover()).toEqual([]);
  expect(reads.count).toBeLessThan(30);

  reads.count = 0;
  expect((await personalRecords.export(ADA.id)).requests).toHaveLength(2);
  expect(reads.count).toBeLessThan(30);

  reads.count = 0;
  await personalRecords.erase(ADA.id);
  expect(reads.count).toBeLessThan(40);
  expect((await records.find(ADA.id)).requests).toEqual([]);
});

test('a start finds what is open, and nothing once it is told', async () => {
  const first = await createDesk();
  const id = first.newInteraction();
  await first.receive(first.draft('A'), id);
  const next = await createDesk({ storage: first.storage, clock: first.clock });
  expect((await next.recover()).map(({ attempt }) => attempt.id)).toEqual([id]);
  await next.deliver(id);
  const last = await createDesk({ storage: first.storage, clock: first.clock });
  expect(await last.recover()).toEqual([]);
});

test('a start goes on with what another one has left in the middle', async () => {
  const first = await createDesk();
  const ids = [first.newInteraction(), first.newInteraction()];
  for (const id of ids) await first.receive(first.draft(`Subject ${id}`), id);
  const next = await createDesk({ storage: first.storage, clock: first.clock });
  next.breakage.broken = new Set(['open-requests']);
  await expect(next.recover()).rejects.toThrow();
  next.breakage.broken = undefined;
  expect((await next.recover()).map(({ attempt }) => attempt.id)).toEqual(ids);
});

test('what a call came to is known although the person has read that it was in doubt', async () => {
  const first = await createDesk();
  const id = first.newInteraction();
  const draft = first.draft('A');
  await first.receive(draft, id);
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  // The process sleeps in the middle of its call.
  const sleeper = await createDesk({
    storage: first.storage,
    clock: first.clock,
    async openTicket() {
      await held;
      return { kind: 'opened', reference: 'KVO-530-9' };
    },
  });
  const asleep = sleeper.newInteraction().replace(/.$/, '9');
  const running = sleeper.submit(sleeper.draft('B'), asleep);
  while (sleeper.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const watcher = await createDesk({ storage: first.storage, clock: first.clock });
  expect((await watcher.recover()).map(({ attempt }) => attempt.stage.kind)).toEqual(['not-sent', 'unconfirmed']);
  await watcher.deliver(asleep);
  expect(await watcher.outcomeOf(asleep)).toMatchObject({ kind: 'unconfirmed' });
  letGo();
  expect(await running).toMatchObject({ kind: 'opened', reference: 'KVO-530-9' });
  expect(await watcher.outcomeOf(asleep)).toMatchObject({ kind: 'opened', reference: 'KVO-530-9' });
  const [, attempt] = await watcher.attemptsOf(ADA.id);
  expect(attempt).toMatchObject({ delivery: 'next-command' });
});

test('an attempt is known for 30 days from its last change', async () => {
  const s = await createDesk({ openTicket: async () => ({ kind: 'refused', reason: 'No.' }) });
  const id = s.newInteraction();
  await s.submit(s.draft('A'), id);
  s.clock.now += 29 * DAY_MS;
  expect(await s.attemptsOf(ADA.id)).toMatchObject([{ stage: { kind: 'refused', reason: 'No.' } }]);
  s.clock.now += 2 * DAY_MS;
  expect(await s.attemptsOf(ADA.id)).toEqual([]);
});
