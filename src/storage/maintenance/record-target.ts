import { type Clock, wait } from '../../clock.ts';
import type { Backend } from '../backends/backend.ts';
import { locateSqlite, openBackend } from '../backends/open-backend.ts';
import type { RawRecord } from '../backends/raw-records.ts';
import { createFilledStore, isMissing } from '../backends/sqlite-target.ts';
import { StorageError } from '../record-store.ts';
import { isOfOneProcess } from './lasting-records.ts';

/** Milliseconds after which a process that has not renewed its lease is gone; it does so every 5 seconds. */
const LEASE_LIFETIME_MS = 15_000;

/** A store into which all records of another one are put. */
export interface RecordTarget {
  /** Without credentials. */
  readonly description: string;
  /** All at once where the backend can do that; otherwise a store that was left in the middle is refused by the bot. */
  replaceAll(pages: AsyncIterable<readonly RawRecord[]>): Promise<void>;
  close(): Promise<void>;
}

export interface TargetOptions {
  readonly clock: Clock;
  /** Whether records that are there may go. */
  readonly replaces: boolean;
  /** Hears why nothing happens for a while. */
  readonly onWait: (reason: string) => void;
}

/**
 * Opens a store for a restore or a move.
 * @throws {StorageError} while a bot uses it, and when it has records that may not go.
 */
export async function openRecordTarget(url: string, options: TargetOptions): Promise<RecordTarget> {
  const { clock } = options;
  const file = locateSqlite(url);
  if (file !== undefined && isMissing(file)) {
    // Under another name until it is complete: a bot that starts in between must not find it empty.
    return {
      description: `sqlite ${file}`,
      replaceAll: (pages) => createFilledStore(file, pages),
      close: async () => {},
    };
  }
  const backend = await openBackend(url, clock.now, () => {}, { isRestore: true });
  try {
    await refuseWhileInUse(backend, options);
    if (!options.replaces && (await hasRecords(backend))) {
      throw new StorageError(
        `There are records in ${backend.description} already. Nothing was changed. To replace all of them, back them up and add --replace.`,
      );
    }
  } catch (cause) {
    await backend.close();
    throw cause;
  }
  return {
    description: backend.description,
    replaceAll: (pages) => backend.replaceAll(pages),
    close: () => backend.close(),
  };
}

/** A file is locked by its bot, which was seen when it was opened. On a server, bots renew their leases. */
async function refuseWhileInUse(backend: Backend, { clock, onWait }: TargetOptions): Promise<void> {
  if (!backend.isShared) return;
  const before = await leasesIn(backend);
  if (before.size === 0) return;
  onWait('A bot has used this store and has not said that it stopped. Looking for 15 seconds whether it still runs.');
  await wait(clock, LEASE_LIFETIME_MS);
  for (const [key, text] of await leasesIn(backend)) {
    if (before.get(key) !== text) {
      throw new StorageError(`A bot is using ${backend.description}. Nothing was changed. Stop it first.`);
    }
  }
}

async function leasesIn(backend: Backend): Promise<Map<string, string>> {
  const leases = new Map<string, string>();
  for await (const [key, text] of backend.entries('processes', '')) leases.set(key, text);
  return leases;
}

async function hasRecords(backend: Backend): Promise<boolean> {
  for await (const records of backend.allRecords()) {
    if (records.some((record) => !isOfOneProcess(record))) return true;
  }
  return false;
}
