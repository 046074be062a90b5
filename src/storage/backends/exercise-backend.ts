import { randomUUID } from 'node:crypto';
import { StorageError } from '../record-store.ts';
import type { Backend, DecideTexts } from './record-adapter.ts';

/** Milliseconds that what is written here lives, should it stay behind. */
const TTL_MS = 60_000;
/** Texts that a database with a narrow character set cannot take. */
const FIRST = 'first: é 🙏';
const SECOND = 'second: é 🙏';

/**
 * Runs every method of a backend once, on records of its own, and removes them. A method that only works for others
 * would otherwise fail for the first person who needs it.
 * @throws What the backend throws, or {@link StorageError} when an answer is wrong.
 */
export async function exerciseBackend(backend: Pick<Backend, 'adapter' | 'read' | 'change'>): Promise<void> {
  const namespace = 'storage-check';
  const adapter = backend.adapter(namespace);
  const prefix = `${randomUUID()}/`;
  const [set, inserted, removed] = [`${prefix}set`, `${prefix}inserted`, `${prefix}removed`];

  const records = [set, inserted].map((key) => ({ namespace, key }));
  const change = (decide: DecideTexts) => backend.change(records, decide, () => false);

  await adapter.set(set, FIRST, TTL_MS);
  expectEqual('get', await adapter.get(set), FIRST);
  expectEqual('getMany', await adapter.getMany?.([set, inserted]), [FIRST, undefined]);
  expectEqual('has', await adapter.has?.(set), true);
  await change(() => [{ text: SECOND }, { text: FIRST, ttlMs: TTL_MS }]);
  await change(([first, second]) => [{ text: second ?? '', ttlMs: TTL_MS }, { text: first ?? '' }]);
  expectEqual('change', await backend.read(records), [FIRST, SECOND]);
  await change(() => [undefined, 'remove']);
  expectEqual('delete', await adapter.delete(inserted), false);
  await adapter.set(removed, SECOND, TTL_MS);
  const listed: string[] = [];
  for await (const [key] of adapter.entries(prefix)) listed.push(key);
  expectEqual('entries', listed.sort(), [removed, set]);
  expectEqual('delete', await adapter.delete(set), true);
  expectEqual('removeAll', await adapter.removeAll(prefix), 1);
  expectEqual('get', await adapter.get(removed), undefined);
}

function expectEqual(method: string, found: unknown, expected: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new StorageError(`The storage answers "${method}" wrongly.`);
  }
}
