import type { ZodType } from 'zod';
import { z } from 'zod';
import { openStorage } from '../../src/storage/open-storage.ts';
import type { RecordStore } from '../../src/storage/record-store.ts';
import type { Storage } from '../../src/storage/storage.ts';

/**
 * A database in memory for thousands of short cases, emptied for each. To open one takes as long as forty writes.
 * The store of a case that is over does nothing any more: what its desk still has in hand cannot reach the next case.
 */
export async function openReusedStorage(now: () => number) {
  const storage = await openStorage({ url: 'sqlite::memory:', keys: [], now });
  const namespaces = new Map<string, RecordStore<unknown>>();
  const running = new Set<Promise<unknown>>();
  let current = Symbol();

  /** Calls the store for the case that runs, and never for one before it. */
  function track<R>(owner: symbol, run: () => Promise<R>): Promise<R> {
    if (owner !== current) return new Promise<never>(() => {});
    const call = run();
    const settled: Promise<unknown> = call.catch(() => undefined).then(() => running.delete(settled));
    running.add(settled);
    return call;
  }

  return {
    close: () => storage.close(),
    /** An empty store. That of the case before is over. */
    async empty(): Promise<Storage> {
      const owner = Symbol();
      current = owner;
      await Promise.all(running);
      await Promise.all([...namespaces.values()].map((records) => records.removeAll('')));
      return {
        description: storage.description,
        isShared: storage.isShared,
        read: (refs) => track(owner, () => storage.read(refs)),
        change: (refs, decide) => track(owner, () => storage.change(refs, decide)),
        check: () => track(owner, () => storage.check()),
        sweep: () => track(owner, () => storage.sweep()),
        close: async () => {},
        records<T>(namespace: string, schema: ZodType<T>): RecordStore<T> {
          if (!namespaces.has(namespace)) namespaces.set(namespace, storage.records(namespace, z.unknown()));
          const records = storage.records(namespace, schema);
          return {
            at: (key) => records.at(key),
            find: (key) => track(owner, () => records.find(key)),
            save: (key, value, ttlMs) => track(owner, () => records.save(key, value, ttlMs)),
            insert: (key, value, ttlMs) => track(owner, () => records.insert(key, value, ttlMs)),
            update: (key, change, ttlMs) => track(owner, () => records.update(key, change, ttlMs)),
            take: (key) => track(owner, () => records.take(key)),
            remove: (key) => track(owner, () => records.remove(key)),
            entries: (prefix) => records.entries(prefix),
            removeAll: (prefix) => track(owner, () => records.removeAll(prefix)),
          };
        },
      };
    },
  };
}
