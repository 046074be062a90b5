import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createClient } from '@keyv/redis';
import keyvTestSuite from '@keyv/test-suite';
import { Keyv } from 'keyv';
import * as vitest from 'vitest';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createPostgresDriver } from '../../src/storage/backends/postgres-driver.ts';
import { createPostgresPool } from '../../src/storage/backends/postgres-pool.ts';
import { connectRedis, createRedisClient } from '../../src/storage/backends/redis-client.ts';
import { createRedisTexts } from '../../src/storage/backends/redis-texts.ts';
import { createSqlTexts } from '../../src/storage/backends/sql-texts.ts';
import { KeyvAdapter } from '../../src/storage/keyv-adapter.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { StorageError } from '../../src/storage/record-store.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { describeRecordStore } from '../contracts/record-store.ts';
import { type BreakableConnection, createBreakableConnection } from './breakable-connection.ts';

const DAY_MS = 24 * 3_600_000;
const { REDIS_URL, POSTGRES_URL } = process.env;

async function empty(storage: Storage): Promise<void> {
  for (const namespace of ['counters', 'texts', 'switches', 'a', 'a-b', 'ab']) {
    await storage.records(namespace, z.unknown()).removeAll('');
  }
}

/** Runs and expects a {@link StorageError}; a call that hangs is found by the time limit of the test. */
async function failsWith(run: () => Promise<unknown>, pattern = /./): Promise<void> {
  const error = await run().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StorageError);
  expect(String(error)).toMatch(pattern);
}

/** An error of its own, and not that of our time limit for a call. */
const AT_ONCE = /^(?!.*took over)/;

/** Shortens what all records of the bot have left to live, as time does: nobody can move a server's clock. */
async function letRecordsAge(url: string, ms: number): Promise<void> {
  const client = createClient({ url });
  await client.connect();
  for (const key of await client.keys('openticket:[a-z]*')) {
    const left = await client.pTTL(key);
    if (left >= 0) await client.pExpire(key, left - ms);
  }
  client.destroy();
}

function describeServer(name: string, url: string, defaultPort: number, isClockOurs: boolean): void {
  describe.each([
    ['readable', []],
    ['encrypted', [randomBytes(32)]],
  ])(`${name}, %s`, (_, keys: Buffer[]) => {
    describeRecordStore(async () => {
      let passedMs = 0;
      const storage = await openStorage({ url, keys, now: () => Date.now() + passedMs });
      await empty(storage);
      return {
        storage,
        openAnother: () => openStorage({ url, keys }),
        ttlMs: 60_000,
        async passTime(ms) {
          if (isClockOurs) passedMs += ms;
          else await letRecordsAge(url, ms);
        },
        async dispose() {
          await storage.close();
          const cleaner = await openStorage({ url, keys });
          await empty(cleaner);
          await cleaner.close();
        },
      };
    });
  });

  if (isClockOurs) {
    it(`${name}: records that were written while the clock was ahead live no longer than others`, async () => {
      let aheadMs = 365 * DAY_MS;
      const storage = await openStorage({ url, keys: [], now: () => Date.now() + aheadMs });
      await empty(storage);
      const texts = storage.records('texts', z.string(), { longestMs: DAY_MS });
      // A few at a time: whoever waits for a connection gives up after a while, and a busy machine takes longer than that.
      for (let first = 0; first < 1500; first += 25) {
        await Promise.all(Array.from({ length: 25 }, (_, i) => texts.save(`${first + i}`, 'x', DAY_MS)));
      }
      await texts.save('for ever', 'x');
      aheadMs = 0;
      await texts.save('right', 'x', DAY_MS / 2);
      await storage.sweep();
      aheadMs = DAY_MS;
      expect(await texts.find('0')).toBeUndefined();
      expect(await texts.removeAll('')).toBe(1);
      await storage.close();
    });
  }

  describe(`${name} behind a bad connection`, () => {
    let connection: BreakableConnection;
    let storage: Storage;
    const texts = () => storage.records('texts', z.string());
    beforeEach(async () => {
      connection = await createBreakableConnection(url, defaultPort);
      storage = await openStorage({ url: connection.url, keys: [] });
    });
    afterEach(async () => {
      await connection.mend();
      await vi.waitFor(() => storage.check(), { timeout: 10_000, interval: 100 });
      await empty(storage);
      await storage.close();
      await connection.cut();
    });

    it('fails at once while the server is away, and works again when it is back', async () => {
      await texts().save('a', 'before');
      await connection.cut();
      await failsWith(() => texts().find('a'));
      await failsWith(() => texts().find('a'), AT_ONCE);
      await failsWith(() => texts().save('a', 'during'), AT_ONCE);
      await failsWith(() => texts().insert('b', 'during'), AT_ONCE);
      await failsWith(() => texts().update('a', () => 'during'), AT_ONCE);
      await failsWith(() => texts().take('a'), AT_ONCE);
      await failsWith(() => texts().remove('a'), AT_ONCE);
      await failsWith(() => texts().removeAll(''), AT_ONCE);
      await failsWith(() => storage.read([texts().at('a')]), AT_ONCE);
      await failsWith(() => storage.change([texts().at('a')], () => ({ changes: ['remove'], result: 0 })), AT_ONCE);
      await failsWith(() => texts().entries()[Symbol.asyncIterator]().next(), AT_ONCE);
      await failsWith(() => storage.check(), AT_ONCE);
      await connection.mend();
      await vi.waitFor(() => storage.check(), { timeout: 10_000, interval: 100 });
      expect(await texts().find('a')).toBe('before');
    });

    it('fails in time when the server hangs, also with many at once, and works again later', async () => {
      await texts().save('a', 'before');
      connection.freeze();
      const records = texts();
      await Promise.all([
        ...Array.from({ length: 20 }, () => failsWith(() => records.find('a'))),
        ...Array.from({ length: 20 }, () => failsWith(() => records.update('a', () => 'during'))),
      ]);
      await connection.mend();
      await vi.waitFor(() => storage.check(), { timeout: 10_000, interval: 100 });
      expect(await texts().find('a')).toBe('before');
    });
  });
}

describe.runIf(REDIS_URL)('the test suite of keyv on Redis', () => {
  const client = createRedisClient(REDIS_URL ?? '');
  beforeAll(() => connectRedis(client));
  afterAll(() => client.close());

  // Its declared type of the first argument is that of another vitest.
  keyvTestSuite(vitest as never, Keyv as never, () => new KeyvAdapter(createRedisTexts(client), 'suite'));
});

describe.runIf(POSTGRES_URL)('the test suite of keyv on PostgreSQL', () => {
  const pool = createPostgresPool(POSTGRES_URL ?? '', () => {});
  // Opening the storage makes the table, which a new database has not.
  beforeAll(async () => (await openStorage({ url: POSTGRES_URL ?? '', keys: [] })).close());
  afterAll(() => pool.close());

  const texts = createSqlTexts(createPostgresDriver(pool), Date.now);
  keyvTestSuite(vitest as never, Keyv as never, () => new KeyvAdapter(texts, 'suite'));
});

if (REDIS_URL) describeServer('Redis', REDIS_URL, 6379, false);
else it.skip('Redis: set REDIS_URL to run these tests', () => {});
if (POSTGRES_URL) describeServer('PostgreSQL', POSTGRES_URL, 5432, true);
else it.skip('PostgreSQL: set POSTGRES_URL to run these tests', () => {});

describe.each(['redis', 'postgres'])('%s that was never there', (scheme) => {
  it('is refused at once when nothing listens, without the password in the message', async () => {
    const url = `${scheme}://me:hunter2@127.0.0.1:1/0`;
    const error = await openStorage({ url, keys: [] }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StorageError);
    expect(String(error)).toContain('STORAGE_URL');
    expect(String(error) + String((error as Error).cause)).not.toContain('hunter2');
  });

  it('is refused in time when something listens and says nothing', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket.on('error', () => {}))).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await failsWith(() => openStorage({ url: `${scheme}://127.0.0.1:${port}/0`, keys: [] }));
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
});
