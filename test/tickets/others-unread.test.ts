import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { openStorage } from '../../src/storage/open-storage.ts';
import type { RecordStore } from '../../src/storage/record-store.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { ADA, BOB, createDesk, DAY_MS, REPLY } from './desk-harness.ts';

const MODERATOR = { id: '100000000000000003', name: 'mia' };
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
    description: storage.description,
    records: (namespace, schema) => counting(storage.records(namespace, schema)),
    read(refs) {
      reads.count += refs.length;
      return storage.read(refs);
    },
    change(refs, decide) {
      reads.count += refs.length;
      return storage.change(refs, decide);
    },
    check: () => storage.check(),
    sweep: () => storage.sweep(),
    close: () => storage.close(),
  };
  return { storage: counted, reads };
}

/** A bot that has served many others before. */
async function createBusyDesk() {
  const clock = { now: 1_800_000_000_000 };
  const { storage, reads } = await countingStorage(() => clock.now);
  const desk = await createDesk({ storage, clock });
  // The first start of this version.
  await desk.desk.recover();
  for (let one = 0; one < OTHERS; one += 1) {
    const other = { submitterId: `5000000000000${10_000 + one}`, id: `6000000000000${10_000 + one}` };
    await desk.ledger.open({ ...other, draftId: 'draft', reply: REPLY });
    await desk.ledger.settle(other, { kind: 'opened', reference: 'KVO-530-1' });
    await desk.ledger.told(other);
    const claimant = { submitterId: other.submitterId, submissionId: other.id };
    await desk.claims.claim(desk.claims.message('1', other.id), claimant);
  }
  return { ...desk, reads, clock, storage };
}

test('Export, Unlink and a start read what belongs to one person, and nothing of many others', async () => {
  const { desk, claims, records, reads, submit, draft } = await createBusyDesk();
  await submit(draft('A'));
  await claims.claim(claims.message('1', '2'), { submitterId: ADA.id, submissionId: '3' });

  reads.count = 0;
  expect(await desk.recover()).toHaveLength(1);
  expect(reads.count).toBeLessThan(30);

  reads.count = 0;
  const exported = await records.export(ADA.id);
  expect(exported.claims).toContainEqual({ claimed: 'message/1/2', submissionIds: ['3'] });
  expect(exported.submissions).toHaveLength(1);
  expect(reads.count).toBeLessThan(30);

  reads.count = 0;
  await records.erase(ADA.id);
  expect(reads.count).toBeLessThan(30);
  expect(await claims.claimants(claims.message('1', '2'))).toEqual([]);
});

test('the first start of this version finds what an older one has left, and the next ones look for it no more', async () => {
  const clock = { now: 1_800_000_000_000 };
  const { storage, reads } = await countingStorage(() => clock.now);
  const submissions = storage.records('submissions', z.unknown());
  const old = { submitterId: ADA.id, draftId: 'draft', savedAt: clock.now, stageAt: clock.now };
  await submissions.save(`${ADA.id}/1`, { ...old, id: '1', stage: 'saved', told: false });
  await submissions.save(`${ADA.id}/2`, { ...old, id: '2', stage: 'sending', told: true });
  for (let one = 10; one < OTHERS; one += 1) {
    await submissions.save(`${ADA.id}/${one}`, { ...old, id: `${one}`, stage: 'opened', told: true });
  }
  const claimants = [
    { submitterId: ADA.id, submissionId: '1' },
    { submitterId: MODERATOR.id, submissionId: '2' },
  ];
  await storage.records('claims', z.unknown()).save('message/7/8', claimants);

  const { desk, ledger, claims, records } = await createDesk({ storage, clock });
  expect((await desk.recover()).map(({ id }) => id)).toEqual(['1']);
  expect(await ledger.find({ submitterId: ADA.id, id: '2' })).toMatchObject({ stage: 'unconfirmed' });
  reads.count = 0;
  expect((await desk.recover()).map(({ id }) => id)).toEqual(['1']);
  expect(reads.count).toBeLessThan(30);

  expect((await records.export(ADA.id)).claims).toEqual([{ claimed: 'message/7/8', submissionIds: ['1'] }]);
  await records.erase(ADA.id);
  expect(await claims.claimants(claims.message('7', '8'))).toEqual([claimants[1]]);
});

test('a start that ended before it had found everything is followed by one that does', async () => {
  const { storage, clock, breakage, ledger, desk } = await createDesk();
  await storage.records('submissions', z.unknown()).save(`${ADA.id}/1`, {
    ...{ id: '1', submitterId: ADA.id, draftId: 'draft', stage: 'saved', told: false },
    ...{ savedAt: clock.now, stageAt: clock.now },
  });
  breakage.broken = new Set(['unfinished']);
  await expect(desk.recover()).rejects.toThrow();
  breakage.broken = undefined;
  expect((await desk.recover()).map(({ id }) => id)).toEqual(['1']);
  await ledger.told({ submitterId: ADA.id, id: '1' });
  expect(await desk.recover()).toEqual([]);
});

test('what a submission came to is found at the next start although its person had been told that it was in doubt', async () => {
  const { desk, ledger, draft, receive, newInteraction } = await createDesk();
  const id = newInteraction();
  const at = { submitterId: ADA.id, id };
  await receive(draft('A'), id);
  await ledger.sending(at);
  await ledger.told(at);
  expect(await desk.recover()).toEqual([]);
  expect(await ledger.find(at)).toMatchObject({ stage: 'unconfirmed', told: true });
});

test('a person is taken out of the claims on a message for as long as these stand, whoever made them last longer', async () => {
  const { claims, records, clock } = await createDesk();
  const message = claims.message('1', '2');
  await claims.claim(message, { submitterId: ADA.id, submissionId: '3' });
  clock.now += 20 * DAY_MS;
  await claims.claim(message, { submitterId: MODERATOR.id, submissionId: '4' });
  clock.now += 20 * DAY_MS;
  await claims.keep(message);
  clock.now += 20 * DAY_MS;
  expect(await claims.claimants(message)).toHaveLength(2);
  await records.erase(ADA.id);
  expect(await claims.claimants(message)).toEqual([{ submitterId: MODERATOR.id, submissionId: '4' }]);
});

test('an escalation whose moderator had everything erased meanwhile leaves nothing of them in any index', async () => {
  const { desk, records, escalation, links, receive, newInteraction, storage, clock } = await createDesk();
  await links.save(BOB.id, 'bob@example.org', 'email');
  const draft = escalation('Something', BOB);
  const id = newInteraction();
  await receive(draft, id);
  await records.erase(ADA.id);
  const authority = { moderatorOf: draft.place.guildId };
  expect(await desk.submit({ id, draft }, authority)).toEqual({ kind: 'gone' });
  // What is emptied lives for another millisecond.
  clock.now += 1;
  for (const namespace of ['claims', 'claimed-messages', 'submissions', 'unfinished']) {
    for await (const [key] of storage.records(namespace, z.unknown()).entries()) expect(key).not.toContain(ADA.id);
  }
});
