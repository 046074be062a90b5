import { Keyv } from 'keyv';
import type { ZodType } from 'zod';
import type { StoredTexts } from './backends/backend.ts';
import { boundedCall } from './bounded-call.ts';
import type { Seal } from './encryption.ts';
import { KeyvAdapter } from './keyv-adapter.ts';
import { SealedRecordCodec, type StoredRecord } from './record-codec.ts';
import { checkKey, checkPrefix } from './record-key.ts';
import { type RecordRef, type RecordStore, StorageError } from './record-store.ts';
import type { Storage } from './storage.ts';
import { wholeTtl } from './whole-ttl.ts';

/** What a record store is made of. */
export interface RecordStoreDeps<T> {
  namespace: string;
  schema: ZodType<T>;
  texts: StoredTexts;
  seal: Seal;
  /** Changes several records at once; here it changes one. */
  change: Storage['change'];
  /** Milliseconds until a call counts as failed. Undefined where calls cannot hang. */
  deadlineMs?: number | undefined;
}

/** Keeps one kind of record in a keyv, and goes around it to the backend for what keyv has no words for. */
export class KeyvRecordStore<T> implements RecordStore<T> {
  readonly #deps: RecordStoreDeps<T>;
  readonly #codec: SealedRecordCodec<T>;
  readonly #keyv: Keyv<StoredRecord>;

  constructor(deps: RecordStoreDeps<T>) {
    this.#deps = deps;
    const codec = new SealedRecordCodec(deps.namespace, deps.schema, deps.seal);
    this.#codec = codec;
    this.#keyv = new Keyv<StoredRecord>({
      store: new KeyvAdapter(deps.texts, deps.namespace),
      // Otherwise a store that cannot be read looks like a store without that record.
      throwOnErrors: true,
      // Both belong to the adapter: keyv's own prefixes let one namespace reach into another.
      namespace: undefined as unknown as string,
      useKeyPrefix: false,
      // Without the expiry: the adapter knows it. keyv, on meeting it, deletes by key, also a record written meanwhile.
      serialize: ({ value }) => codec.seal(value as StoredRecord),
      // biome-ignore lint/suspicious/noExplicitAny: keyv lets the caller of deserialize choose the type.
      deserialize: (text): any => ({ value: codec.unseal(text) }),
    });
    this.#keyv.on('error', () => {});
  }

  at(key: string): RecordRef<T> {
    return { namespace: this.#deps.namespace, key, codec: this.#codec };
  }

  find(key: string): Promise<T | undefined> {
    return this.#bounded('find', async () => {
      checkKey(key);
      const stored = await this.#keyv.get(key);
      return stored === undefined ? undefined : this.#codec.parse(key, stored);
    });
  }

  save(key: string, value: T, ttlMs?: number): Promise<void> {
    return this.#bounded('save', async () => {
      checkKey(key);
      const isSaved = await this.#keyv.set(key, { key, record: value }, wholeTtl(ttlMs));
      if (!isSaved) throw new StorageError(`The backend did not take a record of "${this.#deps.namespace}".`);
    });
  }

  insert(key: string, value: T, ttlMs?: number): Promise<boolean> {
    return this.#deps.change([this.at(key)], ([current]) =>
      current === undefined ? { changes: [{ save: value, ttlMs }], result: true } : { result: false },
    );
  }

  update(key: string, change: (current: T | undefined) => T | undefined, ttlMs?: number): Promise<T | undefined> {
    return this.#deps.change([this.at(key)], ([current]) => {
      const next = change(current);
      return next === undefined ? { result: current } : { changes: [{ save: next, ttlMs }], result: next };
    });
  }

  take(key: string): Promise<T | undefined> {
    return this.#deps.change([this.at(key)], ([current]) => ({
      changes: [current === undefined ? undefined : 'remove'],
      result: current,
    }));
  }

  remove(key: string): Promise<void> {
    return this.#bounded('remove', async () => {
      checkKey(key);
      await this.#keyv.delete(key);
    });
  }

  async *entries(prefix = ''): AsyncGenerator<[key: string, value: T]> {
    checkPrefix(prefix);
    const texts = this.#deps.texts.entries(this.#deps.namespace, prefix)[Symbol.asyncIterator]();
    while (true) {
      const next = await this.#bounded('list', () => texts.next());
      if (next.done) return;
      const [key, text] = next.value;
      yield [key, this.#codec.decode(key, text)];
    }
  }

  removeAll(prefix: string): Promise<number> {
    return this.#bounded('remove', async () => {
      checkPrefix(prefix);
      return this.#deps.texts.removeAll(this.#deps.namespace, prefix);
    });
  }

  #bounded<R>(operation: string, run: () => Promise<R>): Promise<R> {
    const { deadlineMs, namespace } = this.#deps;
    return boundedCall(deadlineMs, () => `${operation} a record of "${namespace}"`, run);
  }
}
