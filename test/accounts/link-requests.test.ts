import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { LinkRequests } from '../../src/accounts/link-requests.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { ADA, EVE, HOUR_MS } from './verification-harness.ts';

async function createRequests() {
  const clock = { now: 1_800_000_000_000 };
  const now = () => clock.now;
  const storage = await openStorage({ url: 'sqlite::memory:', keys: [], now });
  onTestFinished(() => storage.close());
  return { requests: new LinkRequests(storage, { now }), clock, storage };
}

test('a request waits seven days for one moderator', async () => {
  const { requests, clock } = await createRequests();
  const { id } = await requests.open(ADA.id, 'ada@example.org');
  clock.now += 7 * 24 * HOUR_MS - 1;
  expect(await requests.find(ADA.id)).toMatchObject({ id, email: 'ada@example.org' });
  const decisions = await Promise.all([requests.close(ADA.id, id), requests.close(ADA.id, id)]);
  expect(decisions.filter((request) => request?.email === 'ada@example.org')).toHaveLength(1);
  expect(decisions).toContain(undefined);
  expect(await requests.find(ADA.id)).toBeUndefined();
  const late = await requests.open(ADA.id, 'ada@example.org');
  clock.now += 7 * 24 * HOUR_MS;
  expect(await requests.close(ADA.id, late.id)).toBeUndefined();
});

test('a decision under an old request decides nothing about a new one, nor about that of somebody else', async () => {
  const { requests } = await createRequests();
  const old = await requests.open(ADA.id, 'ada@example.org');
  const newer = await requests.open(ADA.id, 'victim@example.org');
  expect(await requests.close(ADA.id, old.id)).toBeUndefined();
  expect(await requests.close(EVE.id, newer.id)).toBeUndefined();
  expect(await requests.find(ADA.id)).toMatchObject({ email: 'victim@example.org' });
});

test('the first decision holds until it is carried out, and can be carried out again', async () => {
  const { requests } = await createRequests();
  const { id } = await requests.open(ADA.id, 'ada@example.org');
  expect(await requests.decide(ADA.id, id, 'approved')).toMatchObject({
    decision: 'approved',
    email: 'ada@example.org',
  });
  expect(await requests.decide(ADA.id, id, 'refused')).toMatchObject({ decision: 'approved' });
  expect(await requests.decide(EVE.id, id, 'approved')).toBeUndefined();
  expect(await requests.close(ADA.id, id)).toMatchObject({ email: 'ada@example.org' });
  expect(await requests.decide(ADA.id, id, 'approved')).toBeUndefined();
});

test('whoever asks anew while a moderator decides, no address is approved but the one that the moderator saw', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const { requests, storage } = await createRequests();
      const seen = await requests.open(EVE.id, 'eve@example.org');
      const approving = scheduler
        .schedule(Promise.resolve(), 'a moderator approves what they see')
        .then(() => requests.close(EVE.id, seen.id));
      const asking = scheduler
        .schedule(Promise.resolve(), 'eve asks for another address')
        .then(() => requests.open(EVE.id, 'victim@example.org'));
      await scheduler.waitAll();
      const [approved, second] = await Promise.all([approving, asking]);
      expect([undefined, 'eve@example.org']).toContain(approved?.email);
      // Nor is the newer request lost by it.
      expect((await requests.close(EVE.id, second.id))?.email).toBe('victim@example.org');
      await storage.close();
    }),
    { numRuns: 20 },
  );
});
