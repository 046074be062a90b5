import type { RecordChange, RecordRef, RecordStore } from '../../src/storage/record-store.ts';
import { StorageError } from '../../src/storage/record-store.ts';
import type { CurrentRecords, Decision, Storage } from '../../src/storage/storage.ts';

/** One kind of record, whose changes somebody follows. */
export interface RecordFollower {
  readonly namespace: string;
  /** Told of each record that is there, and of each write after it is durable. */
  changed(key: string, record: unknown): void;
  /** Told when a record is gone; for a prefix that ends in a slash, all records below it. */
  removed(prefix: string): void;
}

/** A real store with a window to look in, and a switch that makes every write fail, as a full disk does. */
export class ObservedStorage implements Storage {
  /** While true, what is stored can be read and not changed. */
  isReadOnly = false;
  readonly #storage: Storage;
  readonly #follower: RecordFollower;

  constructor(storage: Storage, follower: RecordFollower) {
    this.#storage = storage;
    this.#follower = follower;
  }

  get isShared(): boolean {
    return this.#storage.isShared;
  }

  get description(): string {
    return this.#storage.description;
  }

  read<const R extends readonly RecordRef<unknown>[]>(refs: R): Promise<CurrentRecords<R>> {
    return this.#storage.read(refs);
  }

  change<const R extends readonly RecordRef<unknown>[], D>(
    refs: R,
    decide: (current: CurrentRecords<R>) => Decision<R, D>,
  ): Promise<D> {
    return this.#write(async () => {
      let changes: readonly RecordChange<unknown>[] = [];
      const result = await this.#storage.change(refs, (current: CurrentRecords<R>) => {
        const decision = decide(current);
        changes = decision.changes ?? [];
        return decision;
      });
      for (const [index, { namespace, key }] of refs.entries()) {
        const change = changes[index];
        if (change === undefined || namespace !== this.#follower.namespace) continue;
        if (change === 'remove') this.#follower.removed(key);
        else this.#follower.changed(key, change.save);
      }
      return result;
    });
  }

  check(): Promise<void> {
    return this.#write(() => this.#storage.check());
  }

  sweep(): Promise<void> {
    return this.#write(() => this.#storage.sweep());
  }

  close(): Promise<void> {
    return this.#storage.close();
  }

  records: Storage['records'] = (namespace, schema) => {
    const records = this.#storage.records(namespace, schema);
    const follower = namespace === this.#follower.namespace ? this.#follower : undefined;
    if (follower) void this.#tellAll(records, follower);
    return this.#observed(records, follower);
  };

  async #tellAll<T>(records: RecordStore<T>, follower: RecordFollower): Promise<void> {
    for await (const [key, record] of records.entries()) follower.changed(key, record);
  }

  async #write<R>(write: () => Promise<R>): Promise<R> {
    if (this.isReadOnly) throw new StorageError('The store is read-only.');
    return await write();
  }

  #observed<T>(records: RecordStore<T>, follower: RecordFollower | undefined): RecordStore<T> {
    return {
      at: (key) => records.at(key),
      find: (key) => records.find(key),
      entries: (prefix) => records.entries(prefix),
      save: (key, value, ttlMs) =>
        this.#write(async () => {
          await records.save(key, value, ttlMs);
          follower?.changed(key, value);
        }),
      insert: (key, value, ttlMs) =>
        this.#write(async () => {
          const isNew = await records.insert(key, value, ttlMs);
          if (isNew) follower?.changed(key, value);
          return isNew;
        }),
      update: (key, change, ttlMs) =>
        this.#write(async () => {
          const after = await records.update(key, change, ttlMs);
          if (after !== undefined) follower?.changed(key, after);
          return after;
        }),
      take: (key) =>
        this.#write(async () => {
          const taken = await records.take(key);
          follower?.removed(key);
          return taken;
        }),
      remove: (key) =>
        this.#write(async () => {
          await records.remove(key);
          follower?.removed(key);
        }),
      removeAll: (prefix) =>
        this.#write(async () => {
          const count = await records.removeAll(prefix);
          follower?.removed(prefix);
          return count;
        }),
    };
  }
}
