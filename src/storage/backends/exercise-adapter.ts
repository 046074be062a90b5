import { randomUUID } from 'node:crypto';
import { StorageError } from '../record-store.ts';
import type { RecordAdapter } from './record-adapter.ts';

/** Milliseconds that what is written here lives, should it stay behind. */
const TTL_MS = 60_000;
/** Texts that a database with a narrow character set cannot take. */
const FIRST = 'first: é 🙏';
const SECOND = 'second: é 🙏';

/**
 * Runs every method of an adapter once, on records of its own, and removes them. A method that only works for others
 * would otherwise fail for the first person who needs it.
 * @throws What the backend throws, or {@link StorageError} when an answer is wrong.
 */
export async function exerciseAdapter(adapter: RecordAdapter): Promise<void> {
  const prefix = `${randomUUID()}/`;
  const [set, inserted, removed] = [`${prefix}set`, `${prefix}inserted`, `${prefix}removed`];

  await adapter.set(set, FIRST, TTL_MS);
  expectEqual('set', await adapter.read(set), FIRST);
  expectEqual('getMany', await adapter.getMany?.([set, inserted]), [FIRST, undefined]);
  expectEqual('has', await adapter.has?.(set), true);
  expectEqual('insert', await adapter.insert(inserted, FIRST, TTL_MS), true);
  expectEqual('insert', await adapter.insert(inserted, SECOND, TTL_MS), false);
  expectEqual('replace', await adapter.replace(inserted, SECOND, FIRST), false);
  expectEqual('replace', await adapter.replace(inserted, FIRST, SECOND), true);
  expectEqual('replace', await adapter.replace(inserted, SECOND, FIRST, TTL_MS), true);
  expectEqual('take', await adapter.take(inserted), FIRST);
  expectEqual('delete', await adapter.delete(inserted), false);
  await adapter.set(removed, SECOND, TTL_MS);
  const listed: string[] = [];
  for await (const [key] of adapter.entries(prefix)) listed.push(key);
  expectEqual('entries', listed.sort(), [removed, set]);
  expectEqual('delete', await adapter.delete(set), true);
  expectEqual('removeAll', await adapter.removeAll(prefix), 1);
  expectEqual('take', await adapter.take(removed), undefined);
}

function expectEqual(method: string, found: unknown, expected: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new StorageError(`The storage answers "${method}" wrongly.`);
  }
}
