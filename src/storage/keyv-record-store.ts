import { Keyv } from 'keyv';
import { type ZodType, z } from 'zod';
import type { RecordAdapter } from './backends/record-adapter.ts';
import type { Seal } from './encryption.ts';
import { checkKey, checkPrefix } from './record-key.ts';
import { type RecordStore, StorageError } from './record-store.ts';

/** Lost races before `update` gives up. Races inside this process are queued, so only other processes count. */
const MAX_LOST_RACES = 100;

/** What keyv hands to its serializer. The key is in it so that a record which was moved to another key shows. */
const envelopeSchema = z.object({
  value: z.object({ key: z.string(), record: z.unknown() }),
  expires: z.number().optional(),
});
type StoredRecord = z.infer<typeof envelopeSchema>['value'];

/** What a record store is made of. */
export interface RecordStoreParts<T> {
  namespace: string;
  schema: ZodType<T>;
  adapter: RecordAdapter;
  seal: Seal;
  /** Milliseconds until a call counts as failed. Undefined where calls cannot hang. */
  deadlineMs?: number | undefined;
}

/** Keeps one kind of record in a keyv, and goes around it to the engine for what must be atomic. */
export class KeyvRecordStore<T> implements RecordStore<T> {
  readonly #parts: RecordStoreParts<T>;
  readonly #keyv: Keyv<StoredRecord>;
  /** The end of the queue of updates for each key that has one. */
  readonly #updates = new Map<string, Promise<unknown>>();

  constructor(parts: RecordStoreParts<T>) {
    this.#parts = parts;
    this.#keyv = new Keyv<StoredRecord>({
      store: parts.adapter,
      // Otherwise a store that cannot be read looks like a store without that record.
      throwOnErrors: true,
      // Both belong to the adapter: keyv's own prefixes let one namespace reach into another.
      namespace: undefined as unknown as string,
      useKeyPrefix: false,
      serialize: (data) => parts.seal.seal(JSON.stringify(data), parts.namespace),
      // Without the expiry: the adapter knows it. keyv, on meeting it, deletes by key, also a record written meanwhile.
      // biome-ignore lint/suspicious/noExplicitAny: keyv lets the caller of deserialize choose the type.
      deserialize: (text): any => ({ value: this.#unseal(text) }),
    });
    this.#keyv.on('error', () => {});
  }

  find(key: string): Promise<T | undefined> {
    return this.#bounded('find', () => this.#find(key));
  }

  save(key: string, value: T, ttlMs?: number): Promise<void> {
    return this.#bounded('save', async () => {
      checkKey(key);
      const isSaved = await this.#keyv.set(key, { key, record: value }, wholeTtl(ttlMs));
      if (!isSaved) throw new StorageError(`The backend did not take a record of "${this.#parts.namespace}".`);
    });
  }

  insert(key: string, value: T, ttlMs?: number): Promise<boolean> {
    return this.#bounded('insert', async () => {
      checkKey(key);
      return this.#parts.adapter.insert(key, this.#text(key, value, ttlMs), wholeTtl(ttlMs));
    });
  }

  update(key: string, change: (current: T | undefined) => T | undefined, ttlMs?: number): Promise<T | undefined> {
    return this.#bounded('update', async (isTooLate) => {
      checkKey(key);
      const turn = (this.#updates.get(key) ?? Promise.resolve()).then(() => {
        // Whoever asked for this has been told that it failed.
        if (!isTooLate()) return this.#compareAndSet(key, change, ttlMs, isTooLate);
        throw this.#tooLate('update');
      });
      const settled = turn.then(
        () => {},
        () => {},
      );
      this.#updates.set(key, settled);
      try {
        return await turn;
      } finally {
        if (this.#updates.get(key) === settled) this.#updates.delete(key);
      }
    });
  }

  take(key: string): Promise<T | undefined> {
    return this.#bounded('take', async () => {
      // A record that cannot be read is refused here, and stays for whoever repairs it.
      if ((await this.#find(key)) === undefined) return undefined;
      const text = await this.#parts.adapter.take(key);
      return text === undefined ? undefined : this.#parse(key, this.#unseal(text));
    });
  }

  remove(key: string): Promise<void> {
    return this.#bounded('remove', async () => {
      checkKey(key);
      await this.#keyv.delete(key);
    });
  }

  async *entries(prefix = ''): AsyncGenerator<[key: string, value: T]> {
    checkPrefix(prefix);
    const texts = this.#parts.adapter.entries(prefix)[Symbol.asyncIterator]();
    while (true) {
      const next = await this.#bounded('list', () => texts.next());
      if (next.done) return;
      const [key, text] = next.value;
      yield [key, this.#parse(key, this.#unseal(text))];
    }
  }

  removeAll(prefix: string): Promise<number> {
    return this.#bounded('remove', async () => {
      checkPrefix(prefix);
      return this.#parts.adapter.removeAll(prefix);
    });
  }

  async #find(key: string): Promise<T | undefined> {
    checkKey(key);
    const stored = await this.#keyv.get(key);
    return stored === undefined ? undefined : this.#parse(key, stored);
  }

  async #compareAndSet(
    key: string,
    change: (current: T | undefined) => T | undefined,
    ttlMs: number | undefined,
    isTooLate: () => boolean,
  ): Promise<T | undefined> {
    const { adapter, namespace } = this.#parts;
    for (let lost = 0; lost < MAX_LOST_RACES && !isTooLate(); lost += 1) {
      const before = await adapter.read(key);
      const current = before === undefined ? undefined : this.#parse(key, this.#unseal(before));
      const next = change(current);
      if (next === undefined) return current;
      const text = this.#text(key, next, ttlMs);
      const isWritten =
        before === undefined
          ? await adapter.insert(key, text, wholeTtl(ttlMs))
          : await adapter.replace(key, before, text, wholeTtl(ttlMs));
      if (isWritten) return next;
    }
    throw new StorageError(`A record of "${namespace}" was changed by others again and again during an update.`);
  }

  /** The same text that keyv would store. */
  #text(key: string, record: T, ttlMs: number | undefined): string {
    const ttl = wholeTtl(ttlMs);
    const expires = ttl === undefined ? undefined : Date.now() + ttl;
    return this.#parts.seal.seal(JSON.stringify({ value: { key, record }, expires }), this.#parts.namespace);
  }

  #unseal(text: string): StoredRecord {
    const { namespace, seal } = this.#parts;
    const opened = seal.open(text, namespace);
    try {
      return envelopeSchema.parse(JSON.parse(opened)).value;
    } catch {
      // Without the cause: JSON.parse quotes the text that it cannot read.
      throw new StorageError(`A record of "${namespace}" is damaged.`);
    }
  }

  #parse(key: string, stored: StoredRecord): T {
    const { namespace, schema } = this.#parts;
    if (stored.key !== key)
      throw new StorageError(`A record of "${namespace}" stands under a key that is not its own.`);
    const parsed = schema.safeParse(stored.record);
    if (parsed.success) return parsed.data;
    throw new StorageError(`A record of "${namespace}" does not have the form that this version of the bot reads.`);
  }

  /** Runs one operation: every failure becomes a {@link StorageError}, and so does an answer that is too late. */
  async #bounded<R>(operation: string, run: (isTooLate: () => boolean) => Promise<R>): Promise<R> {
    const { deadlineMs, namespace } = this.#parts;
    let isTooLate = false;
    let timer: NodeJS.Timeout | undefined;
    try {
      const running = run(() => isTooLate);
      if (deadlineMs === undefined) return await running;
      const deadline = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          isTooLate = true;
          reject(this.#tooLate(operation));
        }, deadlineMs);
      });
      return await Promise.race([running, deadline]);
    } catch (cause) {
      if (cause instanceof StorageError) throw cause;
      throw new StorageError(`The storage could not ${operation} a record of "${namespace}".`, { cause });
    } finally {
      clearTimeout(timer);
    }
  }

  #tooLate(operation: string): StorageError {
    const { deadlineMs, namespace } = this.#parts;
    return new StorageError(`The storage took over ${deadlineMs} ms to ${operation} a record of "${namespace}".`);
  }
}

/** keyv takes 0 for "for ever" and stores fractions as they are; a time that is over must still be over. */
function wholeTtl(ttlMs: number | undefined): number | undefined {
  if (ttlMs === undefined) return undefined;
  if (!Number.isFinite(ttlMs)) throw new StorageError('A time to live must be a number of milliseconds.');
  return Math.max(1, Math.ceil(ttlMs));
}
