import { randomUUID } from 'node:crypto';
import type { StorageWarning } from '../storage.ts';
import type { Backend, BackendOptions } from './backend.ts';
import { exerciseTexts } from './exercise-texts.ts';
import type { RecordSource } from './raw-records.ts';
import { connectRedis, createRedisClient, REDIS_DEADLINE_MS, type RedisClient } from './redis-client.ts';
import { isUnknown, type RefusedCommand, redisError, refusedCommands, replyCode } from './redis-failure.ts';
import { KEY_PREFIX } from './redis-keys.ts';
import { namespacesIn, readRedisRecords, replaceRedisRecords } from './redis-raw-records.ts';
import { findOrMakeStore, refuseUnfinished, STORE_KEY } from './redis-store-id.ts';
import { createRedisTexts, sweepIndexes } from './redis-texts.ts';
import { checkServerAddress } from './server-address.ts';
import { ENCODING_REMEDY, StorageServerError } from './server-failure.ts';

/**
 * Connects to a server and tries all that the bot will ask of it. Later outages fail at once and end by themselves.
 * @param onError Hears of lost connections.
 * @throws {StorageServerError} within {@link REDIS_DEADLINE_MS} milliseconds where nobody answers.
 */
export async function openRedisBackend(
  url: string,
  onError: (error: Error) => void,
  options: BackendOptions = {},
): Promise<Backend> {
  checkAddress(url);
  const client = createRedisClient(url);
  try {
    await connectRedis(client);
    await tryCommands(client);
    const warnings = await checkEviction(client);
    const store = await findOrMakeStore(client, options);
    const texts = createRedisTexts(client, store.id);
    await exerciseTexts(texts);
    client.on('error', onError);
    return {
      description: 'redis',
      isShared: true,
      isNew: store.isNew,
      warnings,
      deadlineMs: REDIS_DEADLINE_MS,
      ...texts,
      sweep: () => sweepIndexes(client),
      allRecords: () => readRedisRecords(client),
      replaceAll: (pages) => replaceRedisRecords(client, pages),
      async close() {
        if (client.isReady) await client.close();
        else if (client.isOpen) client.destroy();
      },
    };
  } catch (cause) {
    if (client.isOpen) client.destroy();
    throw redisError(cause, { isTls: url.startsWith('rediss:') });
  }
}

/**
 * Opens a store for reading. Makes nothing where there is none.
 * @throws {StorageServerError}
 */
export async function openRedisSource(url: string): Promise<RecordSource> {
  checkAddress(url);
  const client = createRedisClient(url);
  const explain = (cause: unknown) => redisError(cause, { isTls: url.startsWith('rediss:') });
  try {
    await connectRedis(client);
    refuseUnfinished(await client.get(STORE_KEY));
    if ((await namespacesIn(client)).length === 0) {
      throw new StorageServerError({
        problem: 'There is no store in this database.',
        remedy: 'Look at the number at the end of STORAGE_URL, and whether the server has lost its data.',
      });
    }
  } catch (cause) {
    if (client.isOpen) client.destroy();
    throw explain(cause);
  }
  return {
    description: 'redis',
    isOneMoment: false,
    async *pages() {
      try {
        yield* readRedisRecords(client);
      } catch (cause) {
        throw explain(cause);
      }
    },
    async close() {
      if (client.isReady) await client.close();
      else if (client.isOpen) client.destroy();
    },
  };
}

function checkAddress(url: string): void {
  const { pathname } = checkServerAddress(url);
  if (!/^\/?\d*$/.test(pathname)) {
    throw new StorageServerError({
      problem: 'The database of a Redis server is a number.',
      remedy: `Look at the end of STORAGE_URL: redis://host:6379/0 is the first database. ${ENCODING_REMEDY}`,
    });
  }
}

/**
 * Sends every command that the bot uses by itself, as a refusal within a script does not name the command.
 * @throws {StorageServerError} naming all that are refused.
 */
async function tryCommands(client: RedisClient): Promise<void> {
  const key = `${KEY_PREFIX}storage-check:${randomUUID()}`;
  const index = `${KEY_PREFIX}:storage-check:${randomUUID()}`;
  const commands: { name: string; since?: string; args: string[] }[] = [
    { name: 'SET', args: ['SET', key, 'text', 'PX', '60000'] },
    { name: 'SET … KEEPTTL', since: '6.0', args: ['SET', key, 'text', 'KEEPTTL'] },
    { name: 'GET', args: ['GET', key] },
    { name: 'MGET', args: ['MGET', key] },
    { name: 'PTTL', args: ['PTTL', key] },
    { name: 'ZADD', args: ['ZADD', index, '0', 'key'] },
    { name: 'ZRANGEBYLEX', args: ['ZRANGEBYLEX', index, '[', '(key', 'LIMIT', '0', '1'] },
    { name: 'ZRANGEBYSCORE', args: ['ZRANGEBYSCORE', index, '0', '1', 'LIMIT', '0', '1'] },
    { name: 'ZREM', args: ['ZREM', index, 'key'] },
    { name: 'EVAL', args: ['EVAL', 'return 1', '1', key] },
    { name: 'DEL', args: ['DEL', key, index] },
  ];
  // All at once: one way to the server and back.
  const results = await Promise.allSettled(commands.map(({ args }) => client.sendCommand(args)));
  const refused: RefusedCommand[] = results.flatMap((result, position) => {
    const command = commands[position];
    if (result.status === 'fulfilled' || command === undefined) return [];
    return [{ command: command.name, since: command.since, cause: result.reason }];
  });
  // What is not about the command itself, such as a read-only replica, has an explanation of its own.
  const other = refused.find(({ cause }) => !isUnknown(cause) && replyCode(cause) !== 'NOPERM');
  if (other) throw other.cause;
  if (refused.length > 0) throw new StorageServerError(refusedCommands(refused), { cause: refused[0]?.cause });
}

/**
 * A server that evicts takes links and tickets for a cache.
 * @returns A warning when the policy cannot be read. @throws {StorageServerError} when it evicts.
 */
async function checkEviction(client: RedisClient): Promise<StorageWarning[]> {
  const policy = (await policyOfConfig(client)) ?? (await policyOfInfo(client));
  const remedy = 'Set maxmemory-policy noeviction on the Redis server, or use one that is no cache.';
  if (policy === undefined) {
    return [{ problem: 'Redis does not say whether it evicts records when its memory is full.', remedy }];
  }
  if (policy === 'noeviction') return [];
  throw new StorageServerError({
    problem: `Redis evicts records when its memory is full (maxmemory-policy ${policy}): links would vanish, and tickets be opened twice.`,
    remedy,
  });
}

async function policyOfConfig(client: RedisClient): Promise<string | undefined> {
  const config = await answer(client, ['CONFIG', 'GET', 'maxmemory-policy']);
  return Array.isArray(config) ? knownPolicy(config[1]) : undefined;
}

/** Where CONFIG is forbidden, as most providers do. */
async function policyOfInfo(client: RedisClient): Promise<string | undefined> {
  const info = await answer(client, ['INFO', 'memory']);
  return knownPolicy(/^maxmemory_policy:([^\r\n]*)/m.exec(String(info))?.[1]);
}

function knownPolicy(policy: unknown): string | undefined {
  return typeof policy === 'string' && /^[a-z-]+$/.test(policy) ? policy : undefined;
}

/** @returns The reply, or undefined when the server refuses the command. */
async function answer(client: RedisClient, command: string[]): Promise<unknown> {
  try {
    return await client.sendCommand(command);
  } catch (cause) {
    if (replyCode(cause) === undefined) throw cause;
    return undefined;
  }
}
