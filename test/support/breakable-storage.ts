import { openStorage } from '../../src/storage/open-storage.ts';
import type { RecordRef, RecordStore } from '../../src/storage/record-store.ts';
import { StorageError } from '../../src/storage/record-store.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { type Conversation, type ConversationOptions, startConversation } from './conversation.ts';

/** One call of the store. */
export interface StorageAccess {
  /** The first of `namespaces`. */
  readonly namespace: string;
  /** All whose records are read or written; several for `read` and `change` of the whole store. */
  readonly namespaces: readonly string[];
  readonly operation: Exclude<keyof RecordStore<unknown>, 'at'> | 'read' | 'change';
}

/** What is broken at the moment. */
export interface StorageBreakage {
  /** Namespaces whose records can be neither read nor written; `all` is every one. */
  broken: ReadonlySet<string> | 'all' | undefined;
  /** Stands between the bot and every call: makes it fail, come late or never come back. */
  around?: (<R>(access: StorageAccess, run: () => Promise<R>) => Promise<R>) | undefined;
}

/** A real store with a switch that makes it fail as a full disk or a lost connection does. */
export function createBreakableStorage(
  storage: Storage,
  breakage: StorageBreakage = { broken: undefined },
): { storage: Storage; breakage: StorageBreakage } {
  const access: Access = async (operation, namespaces, run) => {
    const { broken, around } = breakage;
    const failing = namespaces.find((namespace) => broken === 'all' || broken?.has(namespace));
    if (failing !== undefined) throw new StorageError(`The disk of "${failing}" is full.`);
    return around ? around({ namespace: namespaces[0] ?? '', namespaces, operation }, run) : run();
  };
  return {
    breakage,
    storage: {
      description: storage.description,
      isShared: storage.isShared,
      check: () => storage.check(),
      sweep: () => storage.sweep(),
      close: () => storage.close(),
      read: (refs) => access('read', namespacesOf(refs), () => storage.read(refs)),
      change: (refs, decide) => access('change', namespacesOf(refs), () => storage.change(refs, decide)),
      records(namespace, schema) {
        return breakable(storage.records(namespace, schema), (operation, run) => access(operation, [namespace], run));
      },
    },
  };
}

function namespacesOf(refs: readonly RecordRef<unknown>[]): string[] {
  return [...new Set(refs.map(({ namespace }) => namespace))];
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

type Access = <R>(
  operation: StorageAccess['operation'],
  namespaces: readonly string[],
  run: () => Promise<R>,
) => Promise<R>;
type Around = <R>(operation: StorageAccess['operation'], run: () => Promise<R>) => Promise<R>;

function breakable<T>(records: RecordStore<T>, around: Around): RecordStore<T> {
  return {
    at: (key) => records.at(key),
    find: (key) => around('find', () => records.find(key)),
    save: (key, value, ttlMs) => around('save', () => records.save(key, value, ttlMs)),
    insert: (key, value, ttlMs) => around('insert', () => records.insert(key, value, ttlMs)),
    update: (key, change, ttlMs) => around('update', () => records.update(key, change, ttlMs)),
    take: (key) => around('take', () => records.take(key)),
    remove: (key) => around('remove', () => records.remove(key)),
    async *entries(prefix) {
      await around('entries', async () => undefined);
      yield* records.entries(prefix);
    },
    removeAll: (prefix) => around('removeAll', () => records.removeAll(prefix)),
  };
}
