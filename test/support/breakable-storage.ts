import type { RecordStore } from '../../src/storage/record-store.ts';
import { StorageError } from '../../src/storage/record-store.ts';
import type { Storage } from '../../src/storage/storage.ts';

/** What is broken at the moment. */
export interface StorageBreakage {
  /** Namespaces whose records can be neither read nor written; `all` is every one. */
  broken: ReadonlySet<string> | 'all' | undefined;
}

/** A real store with a switch that makes it fail as a full disk or a lost connection does. */
export function createBreakableStorage(storage: Storage): { storage: Storage; breakage: StorageBreakage } {
  const breakage: StorageBreakage = { broken: undefined };
  return {
    breakage,
    storage: {
      description: storage.description,
      check: () => storage.check(),
      sweep: () => storage.sweep(),
      close: () => storage.close(),
      records(namespace, schema) {
        return breakable(storage.records(namespace, schema), () => {
          const { broken } = breakage;
          if (broken === 'all' || broken?.has(namespace)) throw new StorageError(`The disk of "${namespace}" is full.`);
        });
      },
    },
  };
}

function breakable<T>(records: RecordStore<T>, check: () => void): RecordStore<T> {
  return {
    async find(key) {
      check();
      return records.find(key);
    },
    async save(key, value, ttlMs) {
      check();
      return records.save(key, value, ttlMs);
    },
    async insert(key, value, ttlMs) {
      check();
      return records.insert(key, value, ttlMs);
    },
    async update(key, change, ttlMs) {
      check();
      return records.update(key, change, ttlMs);
    },
    async take(key) {
      check();
      return records.take(key);
    },
    async remove(key) {
      check();
      return records.remove(key);
    },
    async *entries(prefix) {
      check();
      yield* records.entries(prefix);
    },
    async removeAll(prefix) {
      check();
      return records.removeAll(prefix);
    },
  };
}
