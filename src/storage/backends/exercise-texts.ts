import { randomUUID } from 'node:crypto';
import { StorageError } from '../record-store.ts';
import type { DecideTexts, RecordName, StoredTexts } from './backend.ts';

/** Milliseconds that what is written here lives, should it stay behind. */
const TTL_MS = 60_000;
/** Texts that a database with a narrow character set cannot take. */
const FIRST = 'first: é 🙏';
const SECOND = 'second: é 🙏';

/**
 * Does once all that a backend is asked for, on records of its own, and removes them. What only works for others would
 * otherwise fail for the first person who needs it.
 * @throws What the backend throws, or {@link StorageError} when an answer is wrong.
 */
export async function exerciseTexts(texts: StoredTexts): Promise<void> {
  const namespace = 'storage-check';
  const prefix = `${randomUUID()}/`;
  const records = ['first', 'second'].map((name) => ({ namespace, key: prefix + name }));
  const [first, second] = records as [RecordName, RecordName];
  const change = (decide: DecideTexts) => texts.change(records, decide, () => false);

  await texts.save(first, FIRST, TTL_MS);
  expectEqual('read', await texts.read(records), [FIRST, undefined]);
  await change(() => [{ text: SECOND }, { text: FIRST, ttlMs: TTL_MS }]);
  await change(([one, other]) => [{ text: other ?? '', ttlMs: TTL_MS }, { text: one ?? '' }]);
  expectEqual('change', await texts.read(records), [FIRST, SECOND]);
  const listed: string[] = [];
  for await (const [key] of texts.entries(namespace, prefix)) listed.push(key);
  expectEqual('entries', listed.sort(), [first.key, second.key]);
  await change(() => [undefined, 'remove']);
  expectEqual('remove', await texts.remove([first, second]), 1);
  await texts.save(second, SECOND, TTL_MS);
  expectEqual('removeAll', await texts.removeAll(namespace, prefix), 1);
  expectEqual('read', await texts.read(records), [undefined, undefined]);
}

function expectEqual(method: string, found: unknown, expected: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new StorageError(`The storage answers "${method}" wrongly.`);
  }
}
