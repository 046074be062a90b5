import { EventEmitter } from 'node:events';
import { LAST_CODE_POINT } from '../record-key.ts';
import { StorageError } from '../record-store.ts';
import type { RecordAdapter } from './record-adapter.ts';
import type { RedisClient } from './redis-client.ts';

/** All keys begin with this. After it comes a namespace and a colon, or, as no namespace is empty, a colon for what is ours alone. */
export const KEY_PREFIX = 'openticket:';
/**
 * A sorted set of all records that have a lifetime, as `namespace:key`, by the time when each ends (milliseconds since 1970 on
 * the bot's clock). Only a hint where to look: what has expired is decided by the server.
 */
export const EXPIRY_INDEX = `${KEY_PREFIX}:expiry`;

/** Records that are read or removed at once while walking through a namespace; the server answers nobody else meanwhile. */
const PAGE_SIZE = 200;

/**
 * Every write changes the record and the indexes in one script, which Redis runs as one step. The index comes first: a name
 * without a record is harmless, a record without a name would never be found.
 *
 * In the scripts below KEYS begins with the index of the namespace and the index by expiry.
 */
/** KEYS[3]: the record. ARGV: key, name, text, milliseconds to live or "", when that ends or "". */
const SAVE = `
  redis.call('ZADD', KEYS[1], 0, ARGV[1])
  if ARGV[4] == '' then
    redis.call('ZREM', KEYS[2], ARGV[2])
    redis.call('SET', KEYS[3], ARGV[3])
  else
    redis.call('ZADD', KEYS[2], ARGV[5], ARGV[2])
    redis.call('SET', KEYS[3], ARGV[3], 'PX', ARGV[4])
  end`;

/** KEYS from 3 on: the records. ARGV: their keys, then their names. */
const REMOVE = `
  local count = #KEYS - 2
  local removed = redis.call('DEL', unpack(KEYS, 3))
  redis.call('ZREM', KEYS[1], unpack(ARGV, 1, count))
  redis.call('ZREM', KEYS[2], unpack(ARGV, count + 1))
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

/** A keyv adapter for one namespace of a Redis database. What has expired is decided by the server and its clock. */
export class RedisAdapter extends EventEmitter implements RecordAdapter {
  /** keyv wants one; nothing is read from it. */
  readonly opts: Record<string, unknown> = { dialect: 'redis' };
  /** Written by keyv when it prefixes keys itself, which ours never does; `clear()` then empties that prefix alone. */
  namespace?: string | undefined;
  readonly #client: RedisClient;
  readonly #records: string;
  /** The keys of this namespace, in the order of their bytes. */
  readonly #index: string;

  constructor(client: RedisClient, records: string) {
    super();
    this.#client = client;
    this.#records = records;
    this.#index = indexOf(records);
  }

  async read(key: string): Promise<string | undefined> {
    return (await this.#redis().get(this.#nameInRedis(key))) ?? undefined;
  }

  // biome-ignore lint/suspicious/noExplicitAny: keyv's generic parameter promises a type that no adapter can know.
  async get(key: string): Promise<any> {
    return this.read(key);
  }

  // biome-ignore lint/suspicious/noExplicitAny: as in get().
  async getMany(keys: string[]): Promise<any[]> {
    if (keys.length === 0) return [];
    const texts = await this.#redis().mGet(keys.map((key) => this.#nameInRedis(key)));
    return texts.map((text) => text ?? undefined);
  }

  async has(key: string): Promise<boolean> {
    return (await this.read(key)) !== undefined;
  }

  async set(key: string, text: string, ttlMs?: number): Promise<boolean> {
    const [lifetime, ends] = ttlMs === undefined ? ['', ''] : [String(ttlMs), String(Date.now() + ttlMs)];
    await this.#redis().eval(SAVE, {
      keys: [this.#index, EXPIRY_INDEX, this.#nameInRedis(key)],
      arguments: [key, this.#name(key), text, lifetime, ends],
    });
    return true;
  }

  async delete(key: string): Promise<boolean> {
    return this.deleteMany([key]);
  }

  async deleteMany(keys: string[]): Promise<boolean> {
    return keys.length > 0 && (await this.#remove(keys)) > 0;
  }

  async clear(): Promise<void> {
    await this.removeAll(this.namespace ? `${this.namespace}:` : '');
  }

  async *entries(prefix: string): AsyncGenerator<[string, string]> {
    for await (const keys of this.#pages(prefix)) {
      const texts = await this.getMany(keys);
      for (const [index, key] of keys.entries()) {
        const text: unknown = texts[index];
        // The sweep takes the names of expired records out of the index.
        if (typeof text === 'string') yield [key, text];
      }
    }
  }

  async removeAll(prefix: string): Promise<number> {
    let removed = 0;
    for await (const keys of this.#pages(prefix)) removed += await this.#remove(keys);
    return removed;
  }

  async *#pages(prefix: string): AsyncGenerator<string[]> {
    const end = `(${prefix}${LAST_CODE_POINT}`;
    let start = `[${prefix}`;
    while (true) {
      const keys = await this.#redis().zRangeByLex(this.#index, start, end, { LIMIT: { offset: 0, count: PAGE_SIZE } });
      if (keys.length > 0) yield keys;
      if (keys.length < PAGE_SIZE) return;
      start = `(${keys.at(-1)}`;
    }
  }

  async #remove(keys: readonly string[]): Promise<number> {
    const removed = await this.#redis().eval(REMOVE, {
      keys: [this.#index, EXPIRY_INDEX, ...keys.map((key) => this.#nameInRedis(key))],
      arguments: [...keys, ...keys.map((key) => this.#name(key))],
    });
    return Number(removed);
  }

  #redis(): RedisClient {
    return openClient(this.#client);
  }

  /** What a record is called in the index by expiry. */
  #name(key: string): string {
    return `${this.#records}:${key}`;
  }

  #nameInRedis(key: string): string {
    return KEY_PREFIX + this.#name(key);
  }
}

/** @throws {StorageError} when it was closed. */
export function openClient(client: RedisClient): RedisClient {
  if (!client.isOpen) throw new StorageError('The storage is closed.');
  return client;
}

/** The sorted set with the keys of a namespace. */
export function indexOf(namespace: string): string {
  return `${KEY_PREFIX}:keys:${namespace}`;
}

/** Takes the names of records that have expired out of the indexes, a page at a time. */
export async function sweepIndexes(client: RedisClient): Promise<void> {
  const now = Date.now();
  while (true) {
    const names = await client.zRangeByScore(EXPIRY_INDEX, 0, now, { LIMIT: { offset: 0, count: PAGE_SIZE } });
    if (names.length === 0) return;
    // Each name leaves the range: it goes, or gets a later time.
    const records = names.map((name) => ({ name, ...partsOf(name) }));
    await client.eval(RECHECK, {
      keys: [EXPIRY_INDEX, ...records.flatMap(({ name, namespace }) => [KEY_PREFIX + name, indexOf(namespace)])],
      arguments: [String(now), ...records.flatMap(({ name, key }) => [key, name])],
    });
  }
}

/** Puts records that stand outside the indexes into them. @param names As `namespace:key`. */
export async function indexRecords(client: RedisClient, names: readonly string[]): Promise<void> {
  const pending = names.map(async (name) => {
    const { namespace, key } = partsOf(name);
    await client.zAdd(indexOf(namespace), { score: 0, value: key });
    // The next sweep finds out when it expires.
    await client.zAdd(EXPIRY_INDEX, { score: 0, value: name });
  });
  await Promise.all(pending);
}

/** A namespace has no colon; a key may have some. */
function partsOf(name: string): { namespace: string; key: string } {
  const colon = name.indexOf(':');
  return { namespace: name.slice(0, colon), key: name.slice(colon + 1) };
}
