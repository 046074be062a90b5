import { randomUUID } from 'node:crypto';
import { type ZodType, z } from 'zod';
import { systemClock, waitAtMost } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Backend } from './backends/backend.ts';
import { openBackend } from './backends/open-backend.ts';
import { createSeal } from './encryption.ts';
import { KeyvRecordStore } from './keyv-record-store.ts';
import { type RecordStore, StorageError } from './record-store.ts';
import { createRecordTransactions } from './record-transactions.ts';
import type { RecordOptions, Storage } from './storage.ts';

/** Milliseconds between sweeps. Expired records are absent at once; this only gives their room back. */
const SWEEP_INTERVAL_MS = 10 * 60_000;
/** Milliseconds that the record of a check lives if it is not removed. */
const CHECK_TTL_MS = 60_000;

/** Only the operator knows whether there should be records. */
const NEW_STORE =
  'the store is empty, and a new one begins: right for the first start. If this bot had records there, the server has lost them: stop the bot, and restore a backup (npm run store -- restore FILE --replace)';

export interface StorageOptions {
  /** An address of one of `BACKENDS`, such as `sqlite:./path/file.sqlite`, or `sqlite::memory:` in tests. docs/storage.md has its other forms. */
  url: string;
  /** Keys of 32 bytes: the first encrypts, all decrypt. None stores records readable. */
  keys: readonly Buffer[];
  log?: Pick<Log, 'warn'> | undefined;
  /** The clock that decides what has expired; Redis uses its own. */
  now?: () => number;
}

/**
 * Opens the backend that the address names.
 * @throws {StorageError} saying what to do, when it cannot be used. At most 2.5 seconds for a server.
 */
export async function openStorage({ url, keys, log, now = () => Date.now() }: StorageOptions): Promise<Storage> {
  const seal = createSeal(keys);
  const backend = await openBackend(url, now, (error) => log?.warn({ error }, 'storage connection lost'));
  if (backend.isNew) log?.warn(NEW_STORE);
  for (const { problem, remedy } of backend.warnings ?? []) log?.warn(`${problem} ${remedy}`);

  const { read, change } = createRecordTransactions(backend);
  const longestLives = new Map<string, number>();

  async function sweepQuietly(): Promise<void> {
    await backend.sweep(longestLives).catch((error: unknown) => {
      // A sweep ends in the middle when the storage is closed; the next start goes on with it.
      if (!closing) log?.warn({ error }, 'storage sweep failed');
    });
  }
  let closing: Promise<void> | undefined;
  // Nobody waits for it: what has expired is absent already.
  void sweepQuietly();
  const sweeping = setInterval(() => void sweepQuietly(), SWEEP_INTERVAL_MS).unref();

  function records<T>(namespace: string, schema: ZodType<T>, { longestMs }: RecordOptions = {}): RecordStore<T> {
    if (!/^[a-z][a-z0-9-]*$/.test(namespace)) throw new StorageError('A namespace is lower-case words with hyphens.');
    if (longestMs !== undefined) longestLives.set(namespace, longestMs);
    return new KeyvRecordStore({ namespace, schema, texts: backend, seal, change, deadlineMs: backend.deadlineMs });
  }
  const checks = records('storage-check', z.object({ at: z.number() }));

  return {
    description: backend.description,
    isShared: backend.isShared,
    warnings: backend.warnings ?? [],
    records,
    read,
    change,
    async check() {
      const key = randomUUID();
      const at = now();
      await checks.save(key, { at }, CHECK_TTL_MS);
      if ((await checks.find(key))?.at !== at) throw new StorageError('The storage lost a record that it had taken.');
      await checks.remove(key);
    },
    async sweep() {
      await backend.sweep(longestLives).catch((cause: unknown) => {
        throw new StorageError('What was removed from the storage could not be overwritten.', { cause });
      });
    },
    close() {
      clearInterval(sweeping);
      closing ??= closeBackend(backend);
      return closing;
    },
  };
}

/** Saying goodbye to a server that hangs must not keep the process from ending. */
async function closeBackend(backend: Backend): Promise<void> {
  try {
    const closed = backend.close();
    await (backend.deadlineMs === undefined ? closed : waitAtMost(systemClock, backend.deadlineMs, closed));
  } catch (cause) {
    throw new StorageError('The storage could not be closed.', { cause });
  }
}
