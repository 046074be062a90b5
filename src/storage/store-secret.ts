import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Storage } from './storage.ts';

/**
 * The store's own 32 random bytes, made at its first start. Digests of texts, codes, addresses and limits are keyed with
 * them, so that nobody who sees a digest alone can try words against it. Independent of STORAGE_KEY, which may change.
 * @throws {StorageError}
 */
export async function storeSecret(storage: Storage): Promise<Buffer> {
  const records = storage.records('secret', z.base64().length(44));
  await records.insert('digest', randomBytes(32).toString('base64'));
  return Buffer.from((await records.find('digest')) ?? '', 'base64');
}
