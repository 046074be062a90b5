import { z } from 'zod';
import type { Storage } from './storage.ts';

/** Writes that are made at once: a file takes them in one transaction, and there may be a hundred thousand. */
const AT_ONCE = 200;

/**
 * Builds an index over records that an older version of the bot has written, and remembers that it is done. What is
 * written may be there already: a start that ends in the middle is followed by one that begins again.
 * @param writes What the index lacks, one write each.
 * @throws {StorageError}
 */
export async function buildIndexOnce(
  storage: Storage,
  index: string,
  writes: () => AsyncIterable<() => Promise<void>>,
): Promise<void> {
  const built = storage.records('indexes', z.literal('built'));
  if (await built.find(index)) return;
  let batch: (() => Promise<void>)[] = [];
  const writeBatch = async () => {
    await Promise.all(batch.map((write) => write()));
    batch = [];
  };
  for await (const write of writes()) if (batch.push(write) >= AT_ONCE) await writeBatch();
  await writeBatch();
  await built.save(index, 'built');
}
