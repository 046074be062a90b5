import { type ZodType, z } from 'zod';
import type { Seal } from './encryption.ts';
import { type RecordCodec, StorageError } from './record-store.ts';

/** What keyv hands to its serializer. The key is in it so that a record which was moved to another key shows. */
const envelopeSchema = z.object({ value: z.object({ key: z.string(), record: z.unknown() }) });
export type StoredRecord = z.infer<typeof envelopeSchema>['value'];

/** Turns the records of one kind into what is stored, and back. */
export class SealedRecordCodec<T> implements RecordCodec<T> {
  readonly #namespace: string;
  readonly #schema: ZodType<T>;
  readonly #seal: Seal;

  constructor(namespace: string, schema: ZodType<T>, seal: Seal) {
    this.#namespace = namespace;
    this.#schema = schema;
    this.#seal = seal;
  }

  encode(key: string, record: T): string {
    return this.seal({ key, record });
  }

  decode(key: string, text: string): T {
    return this.parse(key, this.unseal(text));
  }

  seal(value: StoredRecord): string {
    return this.#seal.seal(JSON.stringify({ value }), this.#namespace);
  }

  /** @throws {StorageError} */
  unseal(text: string): StoredRecord {
    const opened = this.#seal.open(text, this.#namespace);
    try {
      return envelopeSchema.parse(JSON.parse(opened)).value;
    } catch {
      // Without the cause: JSON.parse quotes the text that it cannot read.
      throw new StorageError(`A record of "${this.#namespace}" is damaged.`);
    }
  }

  /** @throws {StorageError} */
  parse(key: string, stored: StoredRecord): T {
    const kind = `A record of "${this.#namespace}"`;
    if (stored.key !== key) throw new StorageError(`${kind} stands under a key that is not its own.`);
    const parsed = this.#schema.safeParse(stored.record);
    if (parsed.success) return parsed.data;
    throw new StorageError(`${kind} does not have the form that this version of the bot reads.`);
  }
}
