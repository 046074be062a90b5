import { StorageServerError } from '../storage/backends/server-failure.ts';
import { StorageError, StorageInUseError } from '../storage/record-store.ts';
import type { Storage } from '../storage/storage.ts';
import { bad, type Check, type CheckResult, good, warning } from './check.ts';

/** Opens the store, which tries all that the bot does with it; writes a record, reads it and removes it. */
export function storageCheck({ open, isEncrypted }: { open: () => Promise<Storage>; isEncrypted: boolean }): Check {
  return {
    name: 'Storage',
    async run() {
      try {
        const storage = await open();
        try {
          await storage.check();
        } finally {
          await storage.close();
        }
        const [doubt] = storage.warnings ?? [];
        if (doubt !== undefined) return warning(doubt.problem, doubt.remedy);
        const encryption = isEncrypted ? 'encrypted' : 'readable, as STORAGE_KEY is not set';
        return good(`${storage.description} takes records and gives them back; they are ${encryption}.`);
      } catch (error) {
        return resultOf(error);
      }
    },
  };
}

function resultOf(error: unknown): CheckResult {
  if (error instanceof StorageInUseError) {
    return warning('The storage file is open in another process.', 'If that is your running bot, all is well.');
  }
  if (error instanceof StorageServerError) return bad(`STORAGE_URL: ${error.problem}`, error.remedy);
  const says = error instanceof StorageError ? error.message : 'The store cannot be opened.';
  return bad(says, 'Look at STORAGE_URL, and at the disk or the server that it names.');
}
