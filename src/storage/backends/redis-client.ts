import { createClient } from '@keyv/redis';
import { systemClock, TIMED_OUT, waitAtMost } from '../../clock.ts';

/** Milliseconds for reaching the server. */
const CONNECT_TIMEOUT_MS = 1500;
/** Milliseconds that a command may wait to be sent. */
const COMMAND_TIMEOUT_MS = 1500;
/** Milliseconds without a byte from the server until the connection counts as dead; it is asked every second. */
const SOCKET_TIMEOUT_MS = 2500;
const PING_INTERVAL_MS = 1000;
/** Milliseconds for a whole call. */
export const REDIS_DEADLINE_MS = 2500;
/** Milliseconds between attempts to get the connection back. */
const RECONNECT_MS = 500;

export type RedisClient = ReturnType<typeof createRedisClient>;

/** @returns A client that is not connected yet. Its `error` events are listened to. */
export function createRedisClient(url: string) {
  const client = createClient({
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
  // Without a listener, an error ends the process.
  client.on('error', () => {});
  return client;
}

/** Connects, and makes sure that the server answers. Rejects with the first error, or when that takes too long. */
export async function connectRedis(client: RedisClient): Promise<void> {
  // connect() tries for ever, and keeps the reason to itself.
  const answered = Promise.race([client.connect(), firstError(client)]).then(() => client.ping());
  const result = await waitAtMost(systemClock, REDIS_DEADLINE_MS, answered);
  if (result === TIMED_OUT) throw new Error('connecting took too long');
}

function firstError(client: RedisClient): Promise<never> {
  return new Promise((_, reject) => {
    client.once('error', reject);
  });
}
