import type { RecordName } from './backend.ts';
import type { RawRecord } from './raw-records.ts';
import type { RedisClient } from './redis-client.ts';
import { refusedCommands, replyCode } from './redis-failure.ts';
import { ALL_INDEXES, nameInRedis, namespaceOfIndex } from './redis-keys.ts';
import { markFinished, markUnfinished } from './redis-store-id.ts';
import { compareAndWrite, recordPages } from './redis-texts.ts';
import { StorageServerError } from './server-failure.ts';

/** Keys that the server looks at for one reply. */
const SCAN_COUNT = 1000;

/** The text of each key and the milliseconds that it has left, of one moment. */
const READ_WITH_LIFETIMES = `
  local found = {}
  for i, key in ipairs(KEYS) do
    found[2 * i - 1] = redis.call('GET', key)
    found[2 * i] = redis.call('PTTL', key)
  end
  return found`;

/** Every record of the store. Each page is of one moment; the server has no word for all of them. */
export async function* readRedisRecords(client: RedisClient): AsyncGenerator<readonly RawRecord[]> {
  for (const namespace of await namespacesIn(client)) {
    for await (const names of recordPages(client, namespace, '')) yield await withTexts(client, names);
  }
}

/** Puts other records in the place of all. It takes many steps: a bot that starts before the last one is refused. */
export async function replaceRedisRecords(
  client: RedisClient,
  pages: AsyncIterable<readonly RawRecord[]>,
): Promise<void> {
  await markUnfinished(client);
  for (const namespace of await namespacesIn(client)) {
    for await (const names of recordPages(client, namespace, '')) {
      await compareAndWrite(
        client,
        names.map((record) => ({ record, change: 'remove' })),
      );
    }
  }
  for await (const records of pages) {
    if (records.length === 0) continue;
    const now = Date.now();
    await compareAndWrite(
      client,
      records.map(({ text, expires, ...record }) => ({
        record,
        change: { text, ttlMs: expires === undefined ? undefined : Math.max(1, expires - now) },
      })),
    );
  }
  await markFinished(client);
}

async function withTexts(client: RedisClient, names: readonly RecordName[]): Promise<RawRecord[]> {
  // Before the server looks: nothing lives longer for having been read.
  const now = Date.now();
  const found = (await client.eval(READ_WITH_LIFETIMES, { keys: names.map(nameInRedis) })) as (
    | string
    | number
    | null
  )[];
  return names.flatMap((name, index) => {
    const [text, left] = [found[2 * index], Number(found[2 * index + 1])];
    // The sweep takes the names of expired records out of the index.
    if (typeof text !== 'string') return [];
    return [{ ...name, text, expires: left < 0 ? undefined : now + left }];
  });
}

/** @throws {StorageServerError} where access rules forbid to look. The bot itself never needs to. */
export async function namespacesIn(client: RedisClient): Promise<string[]> {
  const indexes = new Set<string>();
  let cursor = '0';
  do {
    const command = ['SCAN', cursor, 'MATCH', ALL_INDEXES, 'COUNT', String(SCAN_COUNT)];
    const reply = (await client.sendCommand(command).catch((cause: unknown) => {
      if (replyCode(cause) !== 'NOPERM') throw cause;
      throw new StorageServerError(refusedCommands([{ command: 'SCAN', cause }]), { cause });
    })) as unknown as [string, string[]];
    cursor = String(reply[0]);
    for (const index of reply[1]) indexes.add(String(index));
  } while (cursor !== '0');
  return [...indexes].map(namespaceOfIndex).sort();
}
