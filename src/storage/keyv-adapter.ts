import { EventEmitter } from 'node:events';
import type { KeyvStoreAdapter } from 'keyv';
import type { RecordName, StoredTexts } from './backends/backend.ts';

/** One namespace of a backend as keyv wants a store to be. */
export class KeyvAdapter extends EventEmitter implements KeyvStoreAdapter {
  /** keyv wants one; nothing is read from it. */
  readonly opts: Record<string, unknown> = {};
  /** Written by keyv when it prefixes keys itself, which ours never does; `clear()` then empties that prefix alone. */
  namespace?: string | undefined;
  readonly #texts: StoredTexts;
  readonly #records: string;

  /** @param records The namespace that is this adapter's own, whatever keyv writes into `namespace`. */
  constructor(texts: StoredTexts, records: string) {
    super();
    this.#texts = texts;
    this.#records = records;
  }

  // biome-ignore lint/suspicious/noExplicitAny: keyv's generic parameter promises a type that no adapter can know.
  async get(key: string): Promise<any> {
    const [text] = await this.getMany([key]);
    return text;
  }

  // biome-ignore lint/suspicious/noExplicitAny: as in get().
  async getMany(keys: string[]): Promise<any[]> {
    return keys.length === 0 ? [] : this.#texts.read(this.#names(keys));
  }

  async has(key: string): Promise<boolean> {
    return (await this.get(key)) !== undefined;
  }

  async set(key: string, text: string, ttlMs?: number): Promise<boolean> {
    await this.#texts.save({ namespace: this.#records, key }, text, ttlMs);
    return true;
  }

  async delete(key: string): Promise<boolean> {
    return this.deleteMany([key]);
  }

  async deleteMany(keys: string[]): Promise<boolean> {
    return keys.length > 0 && (await this.#texts.remove(this.#names(keys))) > 0;
  }

  async clear(): Promise<void> {
    await this.#texts.removeAll(this.#records, this.namespace ? `${this.namespace}:` : '');
  }

  #names(keys: readonly string[]): RecordName[] {
    return keys.map((key) => ({ namespace: this.#records, key }));
  }
}
