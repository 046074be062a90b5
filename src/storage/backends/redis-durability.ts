import { connectRedis, createRedisClient, type RedisClient } from './redis-client.ts';
import { redisError, replyCode } from './redis-failure.ts';

/** What a Redis server does so that its records outlive a restart and a full memory. Undefined is what it does not tell. */
export interface RedisDurability {
  /** It writes each change to a log on its disk (appendonly). */
  readonly hasLog: boolean | undefined;
  /** It saves all records to its disk from time to time (save). */
  readonly hasSnapshots: boolean | undefined;
  /** Whether its last write to the disk came to an end well. */
  readonly lastWriteFailed: boolean;
  /** What it does when its memory is full (maxmemory-policy). */
  readonly evictionPolicy: string | undefined;
}

/** Asks the server, and changes nothing. @throws {StorageServerError} when it cannot be asked. */
export async function readRedisDurability(url: string): Promise<RedisDurability> {
  const client = createRedisClient(url);
  try {
    await connectRedis(client);
    const info = String((await replyOf(client, ['INFO', 'persistence'])) ?? '');
    const memory = String((await replyOf(client, ['INFO', 'memory'])) ?? '');
    const save = await configOf(client, 'save');
    const log = /^aof_enabled:(\d)/m.exec(info)?.[1];
    return {
      hasLog: log === undefined ? undefined : log === '1',
      hasSnapshots: save === undefined ? undefined : save !== '',
      lastWriteFailed: /^(?:aof_last_write_status|rdb_last_bgsave_status):err/m.test(info),
      evictionPolicy: (await configOf(client, 'maxmemory-policy')) ?? /^maxmemory_policy:([a-z-]+)/m.exec(memory)?.[1],
    };
  } catch (cause) {
    throw redisError(cause, { isTls: url.startsWith('rediss:') });
  } finally {
    client.destroy();
  }
}

async function configOf(client: RedisClient, name: string): Promise<string | undefined> {
  const reply = await replyOf(client, ['CONFIG', 'GET', name]);
  return Array.isArray(reply) && reply.length === 2 ? String(reply[1]) : undefined;
}

/** @returns Undefined when the server refuses the command, as most providers do with CONFIG. */
async function replyOf(client: RedisClient, command: string[]): Promise<unknown> {
  try {
    return await client.sendCommand(command);
  } catch (cause) {
    if (replyCode(cause) === undefined) throw cause;
    return undefined;
  }
}
