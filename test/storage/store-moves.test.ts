import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createClient } from '@keyv/redis';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { BACKENDS, type BackendKind } from '../../src/storage/backends/backend-kinds.ts';
import { openRecordSource } from '../../src/storage/backends/open-backend.ts';
import type { RawRecord } from '../../src/storage/backends/raw-records.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { HAS_STORE_SERVERS, type NewStores, startNewStores } from '../support/new-stores.ts';
import { runStore } from '../support/store-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

if (!HAS_STORE_SERVERS)
  it.skip('moves between stores: install redis-server and postgresql to run these tests', () => {});

const HOUR_MS = 3_600_000;
/** Milliseconds by which a lifetime may shrink or grow on its way, as each server has its own clock: far less than any lifetime. */
const CLOCK_MS = 60_000;
const KEY = randomBytes(32);
const STORAGE_KEY = KEY.toString('base64');

let stores: NewStores;
beforeAll(async () => {
  if (HAS_STORE_SERVERS) stores = await startNewStores();
});
afterAll(() => stores?.stop());

const KINDS = Object.keys(BACKENDS) as BackendKind[];

/** Puts records of every sort into a store: with and without an end, plain and encrypted, and more of them than a page has. */
async function fill(url: string): Promise<void> {
  const plain = await openStorage({ url, keys: [] });
  await plain.records('texts', z.string()).save('plain', 'first', 2 * HOUR_MS);
  await plain.close();
  const storage = await openStorage({ url, keys: [KEY] });
  const texts = storage.records('texts', z.string());
  await saveEach((index) => texts.save(`person/${index}`, `é 🙏 ${index}`));
  await texts.save('an hour', 'second', HOUR_MS);
  await storage.records('others', z.number()).save('a:b/c', 7, 3 * HOUR_MS);
  await storage.records('processes', z.string()).save('gone', 'lease');
  await storage.close();
}

/** Saves 1100 records, a few at a time: a call that has to wait for a slow server would fail. */
async function saveEach(save: (index: number) => Promise<void>): Promise<void> {
  for (let start = 0; start < 1100; start += 10) {
    await Promise.all(Array.from({ length: 10 }, (_, offset) => save(start + offset)));
  }
}

async function recordsIn(url: string): Promise<RawRecord[]> {
  const source = await openRecordSource(url);
  const records: RawRecord[] = [];
  for await (const page of source.pages()) records.push(...page);
  await source.close();
  const nameOf = ({ namespace, key }: RawRecord) => `${namespace}:${key}`;
  return records.sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
}

/** Expects the same records with the same texts, and ends of life that are the same up to a moment. */
function expectSame(found: readonly RawRecord[], expected: readonly RawRecord[]): void {
  const withoutEnds = (records: readonly RawRecord[]) =>
    records.map(({ expires, ...record }) => ({ ...record, ends: expires !== undefined }));
  expect(withoutEnds(found)).toEqual(withoutEnds(expected));
  for (const [index, { expires }] of found.entries()) {
    expect(Math.abs((expires ?? 0) - (expected[index]?.expires ?? 0))).toBeLessThan(CLOCK_MS);
  }
}

const PAIRS = KINDS.flatMap((from) => KINDS.map((to) => [from, to] as const));

describe.runIf(HAS_STORE_SERVERS)('a copy keeps every record, as it is stored, with what it has left to live', () => {
  test.each(PAIRS)('from %s to %s', async (from, to) => {
    const [source, target] = [await stores.make(from), await stores.make(to)];
    await fill(source);
    const expected = (await recordsIn(source)).filter(({ namespace }) => namespace !== 'processes');
    expect(await runStore(['copy', source, target], {})).toMatchObject({
      code: 0,
      said: expect.stringMatching(/✓ 1103 /),
    });
    expectSame(await recordsIn(target), expected);

    const storage = await openStorage({ url: target, keys: [KEY] });
    const texts = storage.records('texts', z.string());
    expect([await texts.find('plain'), await texts.find('person/1099')]).toEqual(['first', 'é 🙏 1099']);
    const listed = [];
    for await (const [key] of texts.entries('person/')) listed.push(key);
    expect(listed).toHaveLength(1100);
    await storage.close();
  });
});

describe.runIf(HAS_STORE_SERVERS).each(KINDS)('%s', (kind) => {
  it('gives a backup that a restore gives back, in the place of what is there', async () => {
    const url = await stores.make(kind);
    await fill(url);
    const expected = (await recordsIn(url)).filter(({ namespace }) => namespace !== 'processes');
    const file = join(await temporaryFolder(), 'backup.jsonl');
    expect(await runStore(['backup', file], { STORAGE_URL: url })).toMatchObject({ code: 0 });

    const storage = await openStorage({ url, keys: [] });
    const texts = storage.records('texts', z.string());
    await texts.removeAll('person/1');
    await texts.save('since then', 'third');
    await storage.records('since-then', z.string()).save('b', 'fourth', HOUR_MS);
    await storage.records('processes', z.string()).removeAll('');
    await storage.close();
    const refused = await runStore(['restore', file], { STORAGE_URL: url });
    expect(refused).toMatchObject({ code: 1, said: expect.stringMatching(/already. Nothing was changed/) });
    expect(await runStore(['restore', file, '--replace'], { STORAGE_URL: url })).toMatchObject({ code: 0 });
    expectSame(await recordsIn(url), expected);
  });

  it('is checked and rekeyed', async () => {
    const url = await stores.make(kind);
    await fill(url);
    const newKey = randomBytes(32).toString('base64');
    const env = { STORAGE_URL: url, STORAGE_KEY: `${newKey},${STORAGE_KEY}` };
    const before = await recordsIn(url);
    const checked = await runStore(['check'], env);
    expect(checked.code).toBe(0);
    expect(checked.said).toMatch(/✓ 1104 .*\n {2}0 fine\n {2}1103 encrypted with a key.*\n {2}1 not encrypted/);
    expect(await runStore(['rekey'], env)).toMatchObject({ code: 0, said: expect.stringContaining('✓ 1104 records') });
    const rekeyed = await runStore(['check'], { STORAGE_URL: url, STORAGE_KEY: newKey });
    expect(rekeyed.said).toContain('1104 fine');
    const textless = (records: readonly RawRecord[]) => records.map((record) => ({ ...record, text: '' }));
    expectSame(textless(await recordsIn(url)), textless(before));
  });
});

describe.runIf(HAS_STORE_SERVERS).each(['redis', 'postgres'] as const)('%s', (kind) => {
  it('is rekeyed beside a bot, whose writes stand', async () => {
    const url = await stores.make(kind);
    await fill(url);
    const newKey = randomBytes(32);
    const bot = await openStorage({ url, keys: [newKey, KEY] });
    const texts = bot.records('texts', z.string());
    const env = { STORAGE_URL: url, STORAGE_KEY: `${newKey.toString('base64')},${STORAGE_KEY}` };
    const rekeying = runStore(['rekey'], env);
    await saveEach((index) => texts.save(`person/${index}`, `newer ${index}`));
    await rekeying;
    for (let index = 0; index < 1100; index += 100) expect(await texts.find(`person/${index}`)).toBe(`newer ${index}`);
    await bot.close();
    expect(await runStore(['rekey'], env)).toMatchObject({ code: 0 });
    expect((await runStore(['check'], { STORAGE_URL: url, STORAGE_KEY: newKey.toString('base64') })).said).toContain(
      '0 that cannot',
    );
  });

  it('takes no restore while a bot renews its lease, and takes one when the bot is gone', async () => {
    const url = await stores.make(kind);
    await fill(url);
    const file = join(await temporaryFolder(), 'backup.jsonl');
    await runStore(['backup', file], { STORAGE_URL: url });
    const bot = await openStorage({ url, keys: [] });
    const lease = bot.records('processes', z.string());
    /** Restores; when the command has begun to wait, lets something happen and then the time pass. */
    const restoreWhile = (happens: () => Promise<void>) =>
      runStore(
        ['restore', file, '--replace'],
        { STORAGE_URL: url },
        {
          now: Date.now,
          elapsed: () => 0,
          after(ms, call) {
            expect(ms).toBe(15_000);
            void happens().then(call);
            return () => {};
          },
        },
      );
    expect(await restoreWhile(() => lease.save('mine', 'beat 2'))).toMatchObject({
      code: 1,
      said: expect.stringMatching(/Looking for 15 seconds.*\nA bot is using .*Nothing was changed. Stop it first/),
    });
    expect(await lease.find('mine')).toBe('beat 2');
    expect(await restoreWhile(async () => {})).toMatchObject({ code: 0 });
    await bot.close();
  });

  it('that has no store gets none by a look', async () => {
    const url = await stores.make(kind);
    const file = join(await temporaryFolder(), 'backup.jsonl');
    for (const args of [['check'], ['backup', file], ['rekey'], ['copy', 'STORAGE_URL', 'sqlite::memory:']]) {
      const { code, said } = await runStore(args, { STORAGE_URL: url, STORAGE_KEY });
      expect(said).toMatch(/There is no store in this database/);
      expect(code).toBe(1);
    }
  });
});

describe.runIf(HAS_STORE_SERVERS)('Redis', () => {
  it('names the right that a look needs and the bot does not', async () => {
    const url = await stores.make('redis');
    await fill(url);
    const client = createClient({ url });
    await client.connect();
    await client.sendCommand(['ACL', 'SETUSER', 'ada', 'on', '>hunter2', '~openticket:*', '+@all', '-scan']);
    client.destroy();
    const { code, said } = await runStore(['check'], { STORAGE_URL: url.replace('//', '//ada:hunter2@') });
    expect(said).toMatch(/SCAN \(NOPERM\).*ACL SETUSER <user> \+scan/);
    expect(code).toBe(1);
  });

  it('is not used by a bot while a restore is unfinished, and is after it was run again', async () => {
    const url = await stores.make('redis');
    await fill(url);
    const file = join(await temporaryFolder(), 'backup.jsonl');
    await runStore(['backup', file], { STORAGE_URL: url });
    const client = createClient({ url });
    await client.connect();
    await client.set('openticket::store', 'unfinished restore');
    client.destroy();
    await expect(openStorage({ url, keys: [] })).rejects.toThrow(/restore .* has not finished.*--replace/);
    expect(await runStore(['restore', file, '--replace'], { STORAGE_URL: url })).toMatchObject({ code: 0 });
    const storage = await openStorage({ url, keys: [KEY] });
    expect(await storage.records('texts', z.string()).find('an hour')).toBe('second');
    await storage.close();
  });
});
