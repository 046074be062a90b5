import { createClient } from '@keyv/redis';
import { describe, expect, it, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { programPath, startRedis } from '../../sandbox/store-servers.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { StorageError } from '../../src/storage/record-store.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { storeSecret } from '../../src/storage/store-secret.ts';

const isThere = programPath('redis-server') !== undefined;
if (!isThere) it.skip('a Redis that lost its data: install redis-server to run these tests', () => {});

const texts = (storage: Storage) => storage.records('texts', z.string());

/** Everything that a store is asked for. */
const CALLS: Record<string, (storage: Storage) => Promise<unknown>> = {
  find: (storage) => texts(storage).find('a'),
  save: (storage) => texts(storage).save('a', 'new'),
  insert: (storage) => texts(storage).insert('b', 'new'),
  update: (storage) => texts(storage).update('a', () => 'new'),
  take: (storage) => texts(storage).take('a'),
  remove: (storage) => texts(storage).remove('a'),
  removeAll: (storage) => texts(storage).removeAll(''),
  entries: (storage) => texts(storage).entries()[Symbol.asyncIterator]().next(),
  read: (storage) => storage.read([texts(storage).at('a')]),
  change: (storage) => storage.change([texts(storage).at('a')], () => ({ changes: [{ save: 'new' }], result: 0 })),
  check: (storage) => storage.check(),
};

async function expectLost(storage: Storage): Promise<void> {
  for (const [name, call] of Object.entries(CALLS)) {
    const error = await call(storage).catch((thrown: unknown) => thrown);
    expect(error, name).toBeInstanceOf(StorageError);
    const { message, cause } = error as StorageError;
    expect(`${message} ${cause instanceof Error ? cause.message : ''}`, name).toMatch(/came back empty.*restore/);
  }
}

async function operate(url: string, ...command: string[]): Promise<unknown> {
  const client = createClient({ url });
  await client.connect();
  try {
    return await client.sendCommand(command);
  } finally {
    client.destroy();
  }
}

describe.runIf(isThere)('a Redis that came back empty', () => {
  test('after a crash without an append-only file is refused by the bot that runs, and nothing is written to it', async () => {
    const server = await startRedis();
    onTestFinished(() => server.stop());
    const url = `redis://127.0.0.1:${server.port}`;
    const storage = await openStorage({ url, keys: [] });
    await texts(storage).save('a', 'first');
    await server.away(0, 'crashed');
    // The connection comes back by itself.
    await vi.waitFor(async () => {
      const error = await storage.check().catch((thrown: unknown) => thrown);
      expect(String((error as Error).message)).toContain('came back empty');
    }, 30_000);
    await expectLost(storage);
    expect(await operate(url, 'DBSIZE')).toBe(0);
    await storage.close();
  });

  test('stays refused by that bot when another one has begun anew there', async () => {
    const server = await startRedis();
    onTestFinished(() => server.stop());
    const url = `redis://127.0.0.1:${server.port}`;
    const storage = await openStorage({ url, keys: [] });
    await texts(storage).save('a', 'first');
    await operate(url, 'FLUSHALL');
    await expectLost(storage);
    const another = await openStorage({ url, keys: [] });
    await texts(another).save('a', 'of the other');
    await expectLost(storage);
    expect(await texts(another).find('a')).toBe('of the other');
    await Promise.all([storage.close(), another.close()]);
  });

  test('is named in the log of the next start, as a first start is, and no other start is', async () => {
    const server = await startRedis();
    onTestFinished(() => server.stop());
    const url = `redis://127.0.0.1:${server.port}`;
    const lines: unknown[] = [];
    const start = async () => {
      const storage = await openStorage({ url, keys: [], log: { warn: (line: unknown) => lines.push(line) } });
      await storeSecret(storage);
      await storage.close();
      return lines.splice(0);
    };
    const warning = expect.stringMatching(/the store is empty.*lost them.*restore/);
    expect(await start()).toEqual([warning]);
    expect(await start()).toEqual([]);
    await operate(url, 'FLUSHALL');
    expect(await start()).toEqual([warning]);
  });

  test('a store of a version that gave it no ID is taken as it is', async () => {
    const server = await startRedis();
    onTestFinished(() => server.stop());
    const url = `redis://127.0.0.1:${server.port}`;
    const before = await openStorage({ url, keys: [] });
    await storeSecret(before);
    await texts(before).save('a', 'first');
    await before.close();
    await operate(url, 'DEL', 'openticket::store');
    const lines: unknown[] = [];
    const storage = await openStorage({ url, keys: [], log: { warn: (line: unknown) => lines.push(line) } });
    expect(await texts(storage).find('a')).toBe('first');
    expect(lines).toEqual([]);
    await storage.close();
  });
});
