import { existsSync } from 'node:fs';
import { openBackend, openRecordSource } from '../../storage/backends/open-backend.ts';
import type { RawRecord } from '../../storage/backends/raw-records.ts';
import { StorageServerError } from '../../storage/backends/server-failure.ts';
import { createSeal } from '../../storage/encryption.ts';
import { checkRecords } from '../../storage/maintenance/check-records.ts';
import { StorageError } from '../../storage/record-store.ts';
import { type Check, type Finding, fail, ok, skipped, warn } from '../check.ts';

export interface RecordsCheckOptions {
  /** STORAGE_URL. */
  readonly url: string;
  /** STORAGE_KEY. */
  readonly keys: readonly Buffer[];
  readonly place: string;
  readonly storeFile: string | undefined;
  readonly now: () => number;
}

/** Reads every record with the keys that the bot has: one that it cannot read ends its start, or the work of a person. */
export function recordsCheck(options: RecordsCheckOptions): Check {
  const { url, keys, place, storeFile, now } = options;
  return {
    name: 'Records',
    lookedAt: `the records of ${place}`,
    needs: ['Storage'],
    async run() {
      if (storeFile !== undefined && !existsSync(storeFile)) return skipped('There are no records yet.');
      try {
        const { pages, close } = await openRecords(url, { isFile: storeFile !== undefined, now });
        try {
          const { counts } = await checkRecords(pages, createSeal(keys), now);
          return findingOf(counts, keys.length > 0, place);
        } finally {
          await close();
        }
      } catch (error) {
        if (error instanceof StorageServerError) return fail(error.problem, error.remedy);
        if (error instanceof StorageError) return fail(error.message, 'npm run store -- check says more.');
        throw error;
      }
    },
  };
}

interface Records {
  readonly pages: AsyncIterable<readonly RawRecord[]>;
  close(): Promise<void>;
}

/** A file is read beside the bot that has it open; a server is one for several processes anyway. */
async function openRecords(url: string, { isFile, now }: { isFile: boolean; now: () => number }): Promise<Records> {
  if (isFile) {
    const source = await openRecordSource(url);
    return { pages: source.pages(), close: () => source.close() };
  }
  const backend = await openBackend(url, now, () => {});
  return { pages: backend.allRecords(), close: () => backend.close() };
}

type Counts = Awaited<ReturnType<typeof checkRecords>>['counts'];

function findingOf(counts: Counts, isEncrypted: boolean, place: string): Finding {
  const { fine, plain, unreadable, 'old-key': oldKey } = counts;
  const total = fine + plain + unreadable + oldKey;
  if (unreadable > 0) {
    return fail(
      `${unreadable} of ${total} records cannot be read with STORAGE_KEY.`,
      isEncrypted
        ? 'Put the key with which they were written behind the one in STORAGE_KEY, after a comma.'
        : 'Set STORAGE_KEY to the key with which they were written.',
    );
  }
  if (plain > 0) {
    return warn(
      `${plain} of ${total} records stand in plain text, as they were written before STORAGE_KEY was set.`,
      'Encrypt them: npm run store -- rekey.',
    );
  }
  if (total === 0) {
    return warn(
      `There are no records in ${place} yet.`,
      'Right for a first start. If this bot has had records before, STORAGE_URL names another store than then, or the server has lost them: restore a backup (npm run store -- restore FILE).',
    );
  }
  const all = total === 1 ? 'The 1 record' : `All ${total} records`;
  if (!isEncrypted) return ok(`${all} can be read. They are not encrypted, as STORAGE_KEY is not set.`);
  const older = oldKey > 0 ? ` With an older key: ${oldKey}. Keep it, or run npm run store -- rekey.` : '';
  return ok(`${all} can be read, with encryption.${older}`);
}
