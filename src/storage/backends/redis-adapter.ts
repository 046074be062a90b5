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
const EXPIRY_INDEX = `${KEY_PREFIX}:expiry`;

/** Records that are read or removed at once while walking through a namespace; the server answers nobody else meanwhile. */
const PAGE_SIZE = 200;

/**
 * Every write changes the record and the indexes in one script, which Redis runs as one step. The index comes first: a name
 * without a record is harmless, a record without a name would never be found.
 *
 * In all scripts KEYS begins with the index of the namespace and the index by expiry.
 */
const INDEX = `
  local function index(key, name, ends)
    redis.call('ZADD', KEYS[1], 0, key)
    if ends == '' then redis.call('ZREM', KEYS[2], name) else redis.call('ZADD', KEYS[2], ends, name) end
  end`;

/** KEYS[3]: the record. ARGV: key, name, text, milliseconds to live or "", when that ends or "", "NX" to leave what is there. */
const SAVE = `${INDEX}
  if ARGV[6] == 'NX' and redis.call('GET', KEYS[3]) then return 0 end
  index(ARGV[1], ARGV[2], ARGV[5])
  if ARGV[4] == '' then redis.call('SET', KEYS[3], ARGV[3])
  else redis.call('SET', KEYS[3], ARGV[3], 'PX', ARGV[4]) end
  return 1`;

/** As SAVE, with the expected text as ARGV[6]. Without a time to live, the record expires when it would have. */
const REPLACE = `${INDEX}
  if redis.call('GET', KEYS[3]) ~= ARGV[6] then return 0 end
  if ARGV[4] == '' then
    redis.call('ZADD', KEYS[1], 0, ARGV[1])
    redis.call('SET', KEYS[3], ARGV[3], 'KEEPTTL')
  else
    index(ARGV[1], ARGV[2], ARGV[5])
    redis.call('SET', KEYS[3], ARGV[3], 'PX', ARGV[4])
  end
  return 1`;

/** KEYS[3]: the record. ARGV: key, name. */
const TAKE = `
  local text = redis.call('GETDEL', KEYS[3])
  redis.call('ZREM', KEYS[1], ARGV[1])
  redis.call('ZREM', KEYS[2], ARGV[2])
  return text`;

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
    await this.#write(SAVE, key, text, ttlMs, '');
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

  async insert(key: string, text: string, ttlMs?: number): Promise<boolean> {
    return (await this.#write(SAVE, key, text, ttlMs, 'NX')) === 1;
  }

  async replace(key: string, expected: string, text: string, ttlMs?: number): Promise<boolean> {
    return (await this.#write(REPLACE, key, text, ttlMs, expected)) === 1;
  }

  async take(key: string): Promise<string | undefined> {
    const keys = [this.#index, EXPIRY_INDEX, this.#nameInRedis(key)];
    const text = await this.#redis().eval(TAKE, { keys, arguments: [key, this.#name(key)] });
    return typeof text === 'string' ? text : undefined;
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

  async #write(script: string, key: string, text: string, ttlMs: number | undefined, last: string): Promise<unknown> {
    const [lifetime, ends] = ttlMs === undefined ? ['', ''] : [String(ttlMs), String(Date.now() + ttlMs)];
    return this.#redis().eval(script, {
      keys: [this.#index, EXPIRY_INDEX, this.#nameInRedis(key)],
      arguments: [key, this.#name(key), text, lifetime, ends, last],
    });
  }

  async #remove(keys: readonly string[]): Promise<number> {
    const removed = await this.#redis().eval(REMOVE, {
      keys: [this.#index, EXPIRY_INDEX, ...keys.map((key) => this.#nameInRedis(key))],
      arguments: [...keys, ...keys.map((key) => this.#name(key))],
    });
    return Number(removed);
  }

  #redis(): RedisClient {
    if (!this.#client.isOpen) throw new StorageError('The storage is closed.');
    return this.#client;
  }

  /** What a record is called in the index by expiry. */
  #name(key: string): string {
    return `${this.#records}:${key}`;
  }

  #nameInRedis(key: string): string {
    return KEY_PREFIX + this.#name(key);
  }
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
