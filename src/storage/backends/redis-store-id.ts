import { randomUUID } from 'node:crypto';
import type { BackendOptions } from './backend.ts';
import type { RedisClient } from './redis-client.ts';
import { KEY_PREFIX } from './redis-keys.ts';
import { StorageServerError } from './server-failure.ts';

/** Holds the format of the records and an ID of this store. It goes when the server loses its data. */
export const STORE_KEY = `${KEY_PREFIX}:store`;
const FORMAT = 1;
/** Stands in its place while a restore runs, and after one that did not finish. */
const UNFINISHED = 'unfinished restore';

/** The store that the server has: its ID, and whether no bot has started with it yet. */
export interface RedisStore {
  readonly id: string;
  readonly isNew: boolean;
}

/**
 * Finds the store of a server, or makes one. One of a version that knew no IDs gets one.
 * @throws {StorageServerError} when a restore has not finished, or a newer version wrote it.
 */
export async function findOrMakeStore(client: RedisClient, { isRestore }: BackendOptions): Promise<RedisStore> {
  await client.set(STORE_KEY, newStoreId(), { condition: 'NX' });
  const id = (await client.get(STORE_KEY)) ?? '';
  if (!isRestore) refuseUnfinished(id);
  const [, format] = /^openticket records, format (\d+)/.exec(id) ?? [];
  if (Number(format) > FORMAT) {
    throw new StorageServerError({
      problem: `The store is of a newer version of this bot: it has format ${format}, and this version reads format ${FORMAT}.`,
      remedy: 'Start the newer version, or restore a backup from before the update.',
    });
  }
  const secret = await client.get(`${KEY_PREFIX}secret:digest`);
  return { id, isNew: secret === null };
}

/** @throws {StorageServerError} when a restore has been cut off in the middle. */
export function refuseUnfinished(id: string | null): void {
  if (id !== UNFINISHED) return;
  throw new StorageServerError({
    problem: 'A restore of this store has not finished, and only a part of the records is there.',
    remedy: 'Run it again: npm run store -- restore FILE --replace.',
  });
}

/** While it stands there, no bot starts, and one that runs fails at its next access. */
export async function markUnfinished(client: RedisClient): Promise<void> {
  await client.set(STORE_KEY, UNFINISHED);
}

export async function markFinished(client: RedisClient): Promise<void> {
  await client.set(STORE_KEY, newStoreId());
}

function newStoreId(): string {
  return `openticket records, format ${FORMAT}, store ${randomUUID()}`;
}
