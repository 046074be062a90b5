import { z } from 'zod';
import type { RawRecord } from '../backends/raw-records.ts';
import type { Seal } from '../encryption.ts';
import { SealedRecordCodec } from '../record-codec.ts';
import { StorageError } from '../record-store.ts';

/**
 * What a record is: `fine`; readable with a key that is not the first any more; not encrypted though there is a key; its key
 * missing, or its text changed; or over and not swept yet.
 */
export type RecordState = 'fine' | 'old-key' | 'plain' | 'unreadable' | 'expired';

export type RecordCounts = Record<RecordState, number>;

/** Reads one record as the bot does, without looking at what its kind wants to be in it. */
export function stateOfRecord({ namespace, key, text, expires }: RawRecord, seal: Seal, now: number): RecordState {
  if (expires !== undefined && expires <= now) return 'expired';
  try {
    new SealedRecordCodec(namespace, z.unknown(), seal).decode(key, text);
  } catch (cause) {
    if (!(cause instanceof StorageError)) throw cause;
    return 'unreadable';
  }
  const state = seal.stateOf(text);
  switch (state) {
    case 'current':
      return 'fine';
    case 'unknown':
      return 'unreadable';
    case 'old-key':
    case 'plain':
      return state;
  }
}

/** What stands in a store, and of which kinds what cannot be read is. */
export interface CheckedRecords {
  readonly counts: RecordCounts;
  readonly unreadable: ReadonlyMap<string, number>;
}

/** Reads every record. */
export async function checkRecords(
  pages: AsyncIterable<readonly RawRecord[]>,
  seal: Seal,
  now: () => number,
): Promise<CheckedRecords> {
  const counts = { fine: 0, 'old-key': 0, plain: 0, unreadable: 0, expired: 0 };
  const unreadable = new Map<string, number>();
  for await (const records of pages) {
    for (const record of records) {
      const state = stateOfRecord(record, seal, now());
      counts[state] += 1;
      if (state === 'unreadable') unreadable.set(record.namespace, (unreadable.get(record.namespace) ?? 0) + 1);
    }
  }
  return { counts, unreadable };
}
