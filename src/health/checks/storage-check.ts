import { accessSync, constants, existsSync, lstatSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { MissingClientError } from '../../storage/backends/client-packages.ts';
import { StorageServerError } from '../../storage/backends/server-failure.ts';
import { loadSqlite } from '../../storage/backends/sqlite-driver.ts';
import { StorageError, StorageInUseError } from '../../storage/record-store.ts';
import type { Storage } from '../../storage/storage.ts';
import { type Check, type Finding, fail, ok, warn } from '../check.ts';

export interface StorageCheckOptions {
  readonly open: () => Promise<Storage>;
  /** The server, or the file. Without credentials. */
  readonly place: string;
  /** The file of a store that is one. It is opened only where it is there: to open it is to make it. */
  readonly storeFile?: string | undefined;
  /** A folder that the bot does not make. */
  readonly existingFolder?: string | undefined;
}

/** Opens the store, which tries all that the bot does with it; writes a record, reads it and removes it. */
export function storageCheck({ open, place, storeFile, existingFolder }: StorageCheckOptions): Check {
  return {
    name: 'Storage',
    lookedAt: place,
    async run() {
      // Without its folder, opening makes nothing and says why.
      const canBeMade = existingFolder === undefined || existsSync(existingFolder);
      try {
        if (storeFile !== undefined && !isThere(storeFile) && canBeMade) {
          // The bot will need it to make one.
          await loadSqlite();
          return missingStore(storeFile);
        }
        const storage = await open();
        try {
          await storage.check();
        } finally {
          await storage.close();
        }
        const [doubt] = storage.warnings ?? [];
        if (doubt !== undefined) return warn(doubt.problem, doubt.remedy);
        const named = storeFile === undefined ? `${storage.description} (${place})` : storage.description;
        return ok(`${named} takes records and gives them back.`);
      } catch (error) {
        return findingOf(error, place);
      }
    },
  };
}

/** Whether anything at all stands there, also a link to nothing. */
function isThere(file: string): boolean {
  try {
    if (lstatSync(file, { throwIfNoEntry: false }) !== undefined) return true;
  } catch {
    // Something above it is no folder, or may not be entered: opening it says which.
    return true;
  }
  return [`${file}-wal`, `${file}-journal`].some(existsSync);
}

function missingStore(file: string): Finding {
  const path = resolve(file);
  let folder = dirname(path);
  while (!existsSync(folder)) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch {
    return fail(
      `There is no store at ${path}, and this user may not make one in ${folder}.`,
      'Give that folder to the user who runs the bot, or set STORAGE_URL to another place.',
    );
  }
  return warn(
    `No store is there yet: the bot will make one at ${path}.`,
    'Right for a first start. If this bot has had records before, STORAGE_URL names another place than then: correct it, or everybody has to link again.',
  );
}

function findingOf(error: unknown, place: string): Finding {
  if (error instanceof StorageInUseError) {
    return warn('The storage file is open in another process.', 'If that is your running bot, all is well.');
  }
  if (error instanceof MissingClientError) return fail(`STORAGE_URL: ${error.problem}`, error.remedy);
  if (error instanceof StorageServerError) return fail(`STORAGE_URL: ${error.problem} It is ${place}.`, error.remedy);
  const message = error instanceof StorageError ? error.message : 'The store cannot be opened.';
  return fail(message, 'Look at STORAGE_URL, and at the disk or the server that it names.');
}
