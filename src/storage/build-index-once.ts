import { z } from 'zod';
import type { Storage } from './storage.ts';

/**
 * Builds an index over records that an older version of the bot has written, and remembers that it is done. What `build`
 * writes may be there already: a start that ends in the middle is followed by one that begins again.
 * @throws {StorageError}
 */
export async function buildIndexOnce(storage: Storage, index: string, build: () => Promise<void>): Promise<void> {
  const built = storage.records('indexes', z.literal('built'));
  if (await built.find(index)) return;
  await build();
  await built.save(index, 'built');
}
