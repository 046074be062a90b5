import KeyvRedis, { createClient } from '@keyv/redis';
import { StorageError } from '../record-store.ts';
import type { Backend, RecordAdapter } from './record-adapter.ts';

/** Milliseconds for reaching the server. */
const CONNECT_TIMEOUT_MS = 1500;
/** Milliseconds that a command may wait to be sent. */
const COMMAND_TIMEOUT_MS = 1500;
/** Milliseconds without a byte from the server until the connection counts as dead; it is asked every second. */
const SOCKET_TIMEOUT_MS = 2500;
const PING_INTERVAL_MS = 1000;
/** Milliseconds for a whole call. */
const DEADLINE_MS = 2500;
/** Milliseconds between attempts to get the connection back. */
const RECONNECT_MS = 500;
/** Keys that SCAN looks at in one step; the server answers nobody else meanwhile. */
const SCAN_COUNT = 500;

/** KEYS: the key. ARGV: the expected text, the new text, milliseconds to live or "" to leave them as they are. */
const REPLACE = `
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  if ARGV[3] == '' then redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
  else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
  return 1`;

type Client = ReturnType<typeof connectable>;

/** A keyv adapter for one namespace of a Redis database. What has expired is decided by the server and its clock. */
export class RedisAdapter extends KeyvRedis<unknown> implements RecordAdapter {
  readonly #redis: Client;
  readonly #prefix: string;

  constructor(client: Client, records: string) {
    super(client, { throwOnErrors: true, connectionTimeout: CONNECT_TIMEOUT_MS });
    this.on('error', () => {});
    this.#redis = client;
    this.#prefix = `openticket:${records}:`;
  }

  /** Every key gets our prefix, whatever namespace keyv has written into the adapter. */
  override createKeyPrefix(key: string): string {
    return this.#prefix + key;
  }

  /** The base class connects anew, also after the end. */
  override async getClient(): Promise<Client> {
    if (!this.#redis.isOpen) throw new StorageError('The storage is closed.');
    return this.#redis;
  }

  async read(key: string): Promise<string | undefined> {
    return (await this.#redis.get(this.createKeyPrefix(key))) ?? undefined;
  }

  async insert(key: string, text: string, ttlMs?: number): Promise<boolean> {
    const condition = { condition: 'NX' } as const;
    const options = ttlMs === undefined ? condition : { ...condition, PX: ttlMs };
    return (await this.#redis.set(this.createKeyPrefix(key), text, options)) === 'OK';
  }

  async replace(key: string, expected: string, text: string, ttlMs?: number): Promise<boolean> {
    const keys = [this.createKeyPrefix(key)];
    const written = await this.#redis.eval(REPLACE, { keys, arguments: [expected, text, String(ttlMs ?? '')] });
    return written === 1;
  }

  async take(key: string): Promise<string | undefined> {
    return (await this.#redis.getDel(this.createKeyPrefix(key))) ?? undefined;
  }

  async *entries(prefix: string): AsyncGenerator<[string, string]> {
    const seen = new Set<string>();
    for await (const keys of this.#scan(prefix)) {
      // SCAN may name a key twice.
      const fresh = keys.filter((key) => !seen.has(key));
      if (fresh.length === 0) continue;
      const texts = await this.#redis.mGet(fresh);
      for (const [index, key] of fresh.entries()) {
        seen.add(key);
        const text = texts[index];
        if (typeof text === 'string') yield [key.slice(this.#prefix.length), text];
      }
    }
  }

  async removeAll(prefix: string): Promise<number> {
    let removed = 0;
    for await (const keys of this.#scan(prefix)) removed += await this.#redis.unlink(keys);
    return removed;
  }

  /** The base class swallows what fails here. */
  override async clear(): Promise<void> {
    await this.removeAll('');
  }

  async *#scan(prefix: string): AsyncGenerator<string[]> {
    const MATCH = `${(this.#prefix + prefix).replace(/[\\*?[\]]/g, '\\$&')}*`;
    let cursor = '0';
    do {
      const step = await this.#redis.scan(cursor, { MATCH, COUNT: SCAN_COUNT });
      cursor = step.cursor;
      if (step.keys.length > 0) yield step.keys;
    } while (cursor !== '0');
  }
}

/**
 * Connects to a server. Later outages fail at once and end by themselves.
 * @param onError Hears of lost connections.
 * @throws {StorageError} within {@link DEADLINE_MS} milliseconds.
 */
export async function openRedisBackend(url: string, onError: (error: Error) => void): Promise<Backend> {
  const client = connectable(url);
  client.on('error', onError);
  // Every adapter listens to the one connection.
  client.setMaxListeners(0);
  let timer: NodeJS.Timeout | undefined;
  try {
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('connecting took too long')), DEADLINE_MS);
    });
    // connect() tries for ever, and keeps the reason to itself.
    await Promise.race([client.connect(), firstError(client), tooLate]);
    await Promise.race([client.ping(), tooLate]);
  } catch (cause) {
    if (client.isOpen) client.destroy();
    throw new StorageError('Redis cannot be used. Check STORAGE_URL and that the server is running.', { cause });
  } finally {
    clearTimeout(timer);
  }
  return {
    description: 'redis',
    deadlineMs: DEADLINE_MS,
    adapter: (namespace) => new RedisAdapter(client, namespace),
    async close() {
      if (client.isReady) await client.close();
      else if (client.isOpen) client.destroy();
    },
  };
}

function connectable(url: string) {
  return createClient({
    url,
    // A command without a connection fails at once; waiting for it would hang the person who asked.
    disableOfflineQueue: true,
    pingInterval: PING_INTERVAL_MS,
    commandOptions: { timeout: COMMAND_TIMEOUT_MS },
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: SOCKET_TIMEOUT_MS,
      reconnectStrategy: () => RECONNECT_MS,
    },
  });
}

function firstError(client: Client): Promise<never> {
  return new Promise((_, reject) => {
    client.once('error', reject);
  });
}
