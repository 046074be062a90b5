import type { RawRecord } from '../backends/raw-records.ts';

/** Kinds of records that belong to a running process, and mean nothing in another store. */
const OF_ONE_PROCESS = new Set(['processes', 'storage-check']);

export function isOfOneProcess({ namespace }: RawRecord): boolean {
  return OF_ONE_PROCESS.has(namespace);
}

/** What a backup holds and a move takes along: everything that has not expired, without what belongs to a running process. */
export async function* lastingRecords(
  pages: AsyncIterable<readonly RawRecord[]>,
  now: () => number,
): AsyncGenerator<readonly RawRecord[]> {
  for await (const records of pages) {
    const at = now();
    yield records.filter((record) => !isOfOneProcess(record) && (record.expires === undefined || record.expires > at));
  }
}

/** Passes pages on, and says after each how many records have come by. */
export async function* counted(
  pages: AsyncIterable<readonly RawRecord[]>,
  onCount: (records: number) => void,
): AsyncGenerator<readonly RawRecord[]> {
  let count = 0;
  for await (const records of pages) {
    yield records;
    count += records.length;
    onCount(count);
  }
}
