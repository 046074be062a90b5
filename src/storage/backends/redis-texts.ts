import { LAST_CODE_POINT } from '../record-key.ts';
import { StorageError } from '../record-store.ts';
import type { RecordName, StoredTexts, TextChange } from './backend.ts';
import { createChangeQueue } from './change-queue.ts';
import type { RedisClient } from './redis-client.ts';
import { EXPIRY_INDEX, indexOf, nameInRedis, nameOf, recordNamed } from './redis-keys.ts';
import { STORE_KEY } from './redis-store-id.ts';

/** Records that are read or removed at once while walking through a namespace; the server answers nobody else meanwhile. */
const PAGE_SIZE = 200;
/** Races that a change loses to other processes before it gives up. */
const MAX_LOST_RACES = 100;

/** What ARGV has of each record. */
const WIDTH = 8;
/**
 * Compares records with what is expected of them, and writes all of them if nothing is different: with their indexes, and as one
 * step of the server. The index comes first: a name without a record is harmless, a record without a name would never be found.
 *
 * KEYS: the index by expiry, then for each record itself and the index of its namespace, then the ID of the store. ARGV, for each record: key, name,
 * what is expected ("absent", "text" or "" for anything), the text that is expected, what to do ("save", "keep" its end of life,
 * "remove" or ""), the new text, milliseconds to live or "", and when that ends. Then the store that is expected, or "".
 *
 * Returns how many records were removed, -1 when something is different, or -2 when it is another store.
 */
const COMPARE_AND_WRITE = `
  local count, removed = (#KEYS - 2) / 2, 0
  local store = ARGV[#ARGV]
  if store ~= '' and redis.call('GET', KEYS[#KEYS]) ~= store then return -2 end
  for i = 0, count - 1 do
    local expected = ARGV[${WIDTH} * i + 3]
    if expected ~= '' then
      local before = expected == 'text' and ARGV[${WIDTH} * i + 4]
      if redis.call('GET', KEYS[2 * i + 2]) ~= before then return -1 end
    end
  end
  for i = 0, count - 1 do
    local record, index = KEYS[2 * i + 2], KEYS[2 * i + 3]
    local key, name, _, _, action, text, lifetime, ends = unpack(ARGV, ${WIDTH} * i + 1, ${WIDTH} * i + ${WIDTH})
    if action == 'remove' then
      removed = removed + redis.call('DEL', record)
      redis.call('ZREM', index, key)
      redis.call('ZREM', KEYS[1], name)
    elseif action == 'keep' then
      redis.call('ZADD', index, 0, key)
      redis.call('SET', record, text, 'KEEPTTL')
    elseif action == 'save' and lifetime == '' then
      redis.call('ZADD', index, 0, key)
      redis.call('ZREM', KEYS[1], name)
      redis.call('SET', record, text)
    elseif action == 'save' then
      redis.call('ZADD', index, 0, key)
      redis.call('ZADD', KEYS[1], ends, name)
      redis.call('SET', record, text, 'PX', lifetime)
    end
  end
  return removed`;

/**
 * Looks again at records whose time seems to be over. KEYS: the index by expiry, then for each record itself and the index of its
 * namespace. ARGV: now, then for each record its key and its name.
 */
const RECHECK = `
  for i = 1, (#KEYS - 1) / 2 do
    local left = redis.call('PTTL', KEYS[2 * i])
    if left == -2 then redis.call('ZREM', KEYS[2 * i + 1], ARGV[2 * i]) end
    if left < 0 then redis.call('ZREM', KEYS[1], ARGV[2 * i + 1])
    else redis.call('ZADD', KEYS[1], ARGV[1] + left + 1, ARGV[2 * i + 1]) end
  end`;

/** One record, what is expected of it (a text, none, or anything where that is missing), and what to do with it. */
interface Write {
  readonly record: RecordName;
  readonly expected?: { readonly text: string | undefined };
  readonly change: TextChange;
}

/**
 * Keeps texts in a Redis database. What has expired is decided by the server and its clock.
 * @param storeId Of the store that was found at the start: a server that has another one now, or none, is refused, so that one that
 *   came back empty does not look like a store in which nobody is linked. Without it, any is taken.
 */
export function createRedisTexts(client: RedisClient, storeId?: string): StoredTexts {
  const queue = createChangeQueue();

  /** One command, so that they are of one moment. */
  async function read(records: readonly RecordName[]): Promise<(string | undefined)[]> {
    const [found, ...texts] = await openClient(client).mGet([STORE_KEY, ...records.map(nameInRedis)]);
    if (storeId !== undefined && found !== storeId) throw lostError();
    return texts.map((text) => text ?? undefined);
  }

  async function remove(records: readonly RecordName[]): Promise<number> {
    const writes = records.map((record) => ({ record, change: 'remove' as const }));
    return Number(await compareAndWrite(client, writes, storeId));
  }

  return {
    read,
    remove,
    async save(record, text, ttlMs) {
      await compareAndWrite(client, [{ record, change: { text, ttlMs } }], storeId);
    },
    change: (records, decide, isTooLate) =>
      queue(records, async () => {
        for (let lost = 0; lost < MAX_LOST_RACES; lost += 1) {
          const current = await read(records);
          const changes = decide(current);
          if (changes.every((change) => change === undefined)) return;
          if (isTooLate()) throw new StorageError('The storage took too long to change records.');
          const writes = records.map((record, index) => ({
            record,
            expected: { text: current[index] },
            change: changes[index],
          }));
          if ((await compareAndWrite(client, writes, storeId)) !== undefined) return;
        }
        throw new StorageError('Records were changed by others again and again during a change.');
      }),
    async *entries(namespace, prefix) {
      let isEmpty = true;
      for await (const records of recordPages(client, namespace, prefix)) {
        isEmpty = false;
        const texts = await read(records);
        for (const [index, { key }] of records.entries()) {
          const text = texts[index];
          // The sweep takes the names of expired records out of the index.
          if (text !== undefined) yield [key, text];
        }
      }
      // Nothing was asked yet that a server without our records would refuse.
      if (isEmpty) await read([]);
    },
    async removeAll(namespace, prefix) {
      let removed = 0;
      let isEmpty = true;
      for await (const records of recordPages(client, namespace, prefix)) {
        isEmpty = false;
        removed += await remove(records);
      }
      if (isEmpty) await read([]);
      return removed;
    },
  };
}

/** The names of all records of a namespace whose key starts with a prefix, a page at a time. */
export async function* recordPages(
  client: RedisClient,
  namespace: string,
  prefix: string,
): AsyncGenerator<RecordName[]> {
  const end = `(${prefix}${LAST_CODE_POINT}`;
  let start = `[${prefix}`;
  while (true) {
    const limit = { LIMIT: { offset: 0, count: PAGE_SIZE } };
    const keys = await openClient(client).zRangeByLex(indexOf(namespace), start, end, limit);
    if (keys.length > 0) yield keys.map((key) => ({ namespace, key }));
    if (keys.length < PAGE_SIZE) return;
    start = `(${keys.at(-1)}`;
  }
}

/** @returns How many records were removed, or undefined when one is not as expected. Nothing is written then. */
export async function compareAndWrite(
  client: RedisClient,
  writes: readonly Write[],
  storeId = '',
): Promise<number | undefined> {
  const now = Date.now();
  const removed = await openClient(client).eval(COMPARE_AND_WRITE, {
    keys: [
      EXPIRY_INDEX,
      ...writes.flatMap(({ record }) => [nameInRedis(record), indexOf(record.namespace)]),
      STORE_KEY,
    ],
    arguments: [
      ...writes.flatMap(({ record, expected, change }) => [
        ...[record.key, nameOf(record)],
        ...(expected === undefined ? ['', ''] : expected.text === undefined ? ['absent', ''] : ['text', expected.text]),
        ...actionOf(change, expected?.text !== undefined, now),
      ]),
      storeId,
    ],
  });
  if (Number(removed) === -2) throw lostError();
  return Number(removed) === -1 ? undefined : Number(removed);
}

function actionOf(change: TextChange, isThere: boolean, now: number): string[] {
  if (change === undefined) return ['', '', '', ''];
  if (change === 'remove') return ['remove', '', '', ''];
  const { text, ttlMs } = change;
  if (ttlMs !== undefined) return ['save', text, String(ttlMs), String(now + ttlMs)];
  return [isThere ? 'keep' : 'save', text, '', ''];
}

/** Takes the names of records that have expired out of the indexes, a page at a time. */
export async function sweepIndexes(client: RedisClient): Promise<void> {
  const now = Date.now();
  while (true) {
    const limit = { LIMIT: { offset: 0, count: PAGE_SIZE } };
    const names = await openClient(client).zRangeByScore(EXPIRY_INDEX, 0, now, limit);
    if (names.length === 0) return;
    // Each name leaves the range: it goes, or gets a later time.
    const records = names.map(recordNamed);
    await openClient(client).eval(RECHECK, {
      keys: [EXPIRY_INDEX, ...records.flatMap((record) => [nameInRedis(record), indexOf(record.namespace)])],
      arguments: [String(now), ...records.flatMap((record) => [record.key, nameOf(record)])],
    });
  }
}

function lostError(): StorageError {
  return new StorageError(
    'Redis has not the records any more with which this bot started: it came back empty, or was emptied or restored. Nothing is written to it. Stop the bot, restore a backup (npm run store -- restore FILE), and start it again. A start without a restore begins with an empty store.',
  );
}

/** @throws {StorageError} when it was closed. */
function openClient(client: RedisClient): RedisClient {
  if (!client.isOpen) throw new StorageError('The storage is closed.');
  return client;
}
