import { openStorage } from '../../src/storage/open-storage.ts';
import type { RecordStore } from '../../src/storage/record-store.ts';
import { StorageError } from '../../src/storage/record-store.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { type Conversation, type ConversationOptions, startConversation } from './conversation.ts';

/** What is broken at the moment. */
export interface StorageBreakage {
  /** Namespaces whose records can be neither read nor written; `all` is every one. */
  broken: ReadonlySet<string> | 'all' | undefined;
  /** What each operation waits for first, as on a disk or a network that is slow or hangs. */
  before?: (() => Promise<unknown>) | undefined;
}

/** A real store with switches that make it fail as a full disk or a lost connection does, or slow. */
export function createBreakableStorage(
  storage: Storage,
  breakage: StorageBreakage = { broken: undefined },
): { storage: Storage; breakage: StorageBreakage } {
  return {
    breakage,
    storage: {
      description: storage.description,
      check: () => storage.check(),
      sweep: () => storage.sweep(),
      close: () => storage.close(),
      records(namespace, schema) {
        return breakable(storage.records(namespace, schema), async () => {
          await breakage.before?.();
          const { broken } = breakage;
          if (broken === 'all' || broken?.has(namespace)) throw new StorageError(`The disk of "${namespace}" is full.`);
        });
      },
    },
  };
}

/** A conversation whose store can be broken, in the middle of it too. */
export async function startBreakableConversation(
  options: ConversationOptions = {},
): Promise<{ talk: Conversation; breakage: StorageBreakage }> {
  const breakage: StorageBreakage = { broken: undefined };
  const talk = await startConversation({
    ...options,
    tuning: {
      ...options.tuning,
      async openStorage(storageOptions) {
        return createBreakableStorage(await openStorage(storageOptions), breakage).storage;
      },
    },
  });
  return { talk, breakage };
}

function breakable<T>(records: RecordStore<T>, check: () => Promise<void>): RecordStore<T> {
  return {
    async find(key) {
      await check();
      return records.find(key);
    },
    async save(key, value, ttlMs) {
      await check();
      return records.save(key, value, ttlMs);
    },
    async insert(key, value, ttlMs) {
      await check();
      return records.insert(key, value, ttlMs);
    },
    async update(key, change, ttlMs) {
      await check();
      return records.update(key, change, ttlMs);
    },
    async take(key) {
      await check();
      return records.take(key);
    },
    async remove(key) {
      await check();
      return records.remove(key);
    },
    async *entries(prefix) {
      await check();
      yield* records.entries(prefix);
    },
    async removeAll(prefix) {
      await check();
      return records.removeAll(prefix);
    },
  };
}
