import type { Backend } from '../backends/backend.ts';
import type { RawRecord } from '../backends/raw-records.ts';
import type { Seal } from '../encryption.ts';
import { stateOfRecord } from './check-records.ts';

/** Records that are written in one commit. */
const BATCH_SIZE = 50;

export interface RekeyedRecords {
  /** Encrypted anew with the first key. */
  readonly written: number;
  /** Had it already. */
  readonly fine: number;
  /** Left as they are. */
  readonly unreadable: number;
  /** Written by the bot meanwhile, and left to it. */
  readonly changedMeanwhile: number;
}

/**
 * Encrypts with the first key what is readable or has another key, and leaves all lifetimes as they are. Each record is written only
 * while it stands as it was read, so a bot may write beside it. May be stopped at any time and run again.
 * @param onCount Hears how many records were looked at.
 */
export async function rekeyRecords(
  backend: Backend,
  seal: Seal,
  now: () => number,
  onCount: (records: number) => void,
): Promise<RekeyedRecords> {
  let [seen, written, fine, unreadable, changedMeanwhile] = [0, 0, 0, 0, 0];
  for await (const page of backend.allRecords()) {
    const old: RawRecord[] = [];
    for (const record of page) {
      const state = stateOfRecord(record, seal, now());
      if (state === 'fine') fine += 1;
      if (state === 'unreadable') unreadable += 1;
      if (state === 'plain' || state === 'old-key') old.push(record);
    }
    for (let start = 0; start < old.length; start += BATCH_SIZE) {
      const batch = old.slice(start, start + BATCH_SIZE);
      const count = await sealAnew(backend, batch, seal);
      written += count;
      changedMeanwhile += batch.length - count;
    }
    seen += page.length;
    onCount(seen);
  }
  // In a file, what was there before is overwritten, and the log emptied.
  await backend.sweep();
  return { written, fine, unreadable, changedMeanwhile };
}

async function sealAnew(backend: Backend, records: readonly RawRecord[], seal: Seal): Promise<number> {
  let count = 0;
  await backend.change(
    records,
    (current) => {
      const changes = records.map(({ namespace, text }, index) =>
        current[index] === text ? { text: seal.seal(seal.open(text, namespace), namespace) } : undefined,
      );
      count = changes.filter((change) => change !== undefined).length;
      return changes;
    },
    () => false,
  );
  return count;
}
