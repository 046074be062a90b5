/** Turns the records of one kind into what is stored, and back. The key is stored along, and compared when the record is read. */
export interface RecordCodec<T> {
  encode(key: string, record: T): string;
  /** @throws {StorageError} when the text is damaged, belongs to another key, or does not fit the schema. */
  decode(key: string, text: string): T;
}

/** Where one record stands, and how it is read. From {@link RecordStore.at}, for `Storage.read` and `Storage.change`. */
export interface RecordRef<T> {
  readonly namespace: string;
  readonly key: string;
  readonly codec: RecordCodec<T>;
}

/** The record to which a reference leads. */
export type RecordOf<R> = R extends RecordRef<infer T> ? T : never;

/**
 * What to do with one record; `undefined` leaves it as it is. Without `ttlMs` (milliseconds), a record that is there ends when it
 * would have, and a new one lives for ever.
 */
export type RecordChange<T> = { readonly save: T; readonly ttlMs?: number | undefined } | 'remove' | undefined;

/**
 * One kind of record, under keys of its own. A key is `owner` or `owner/rest`: what stands before the first slash is whose
 * record it is. What belongs to one owner is found at the cost of what that owner has, however much others have.
 *
 * All values pass a zod schema on the way out; a record that does not fit is an error, never `undefined`.
 *
 * Every method rejects with {@link StorageError} when the backend cannot be reached, answers too late, or holds a
 * record that cannot be read. A time-out leaves the outcome of a write unknown.
 */
export interface RecordStore<T> {
  /** Names one record, for `Storage.read` and `Storage.change`. Reads nothing. */
  at(key: string): RecordRef<T>;
  /** @returns The record, or undefined when there is none or it has expired. */
  find(key: string): Promise<T | undefined>;
  /** Writes the record whatever was there. Durable when the promise resolves. @param ttlMs Milliseconds to live; without it, for ever. */
  save(key: string, value: T, ttlMs?: number): Promise<void>;
  /** Writes the record if there is none. Atomic. @returns false when one exists; it is left as it is. */
  insert(key: string, value: T, ttlMs?: number): Promise<boolean>;
  /**
   * Reads, changes and writes one record atomically, as `Storage.change` does for several (`change` may run again, so it must
   * have no side effects). The time to live starts anew when `ttlMs` is given and otherwise stays as it was.
   * @param change Gets the record, or undefined. Returns the record to write, or undefined to leave things as they are.
   * @returns What stands in the store afterwards.
   */
  update(key: string, change: (current: T | undefined) => T | undefined, ttlMs?: number): Promise<T | undefined>;
  /** Removes the record and returns it. Atomic: of several concurrent calls exactly one gets it. */
  take(key: string): Promise<T | undefined>;
  remove(key: string): Promise<void>;
  /**
   * All records that have not expired and whose key starts with `prefix`, in no order. Read in pages: everybody else has a
   * turn in between. A prefix without a slash may look at every record of this kind.
   */
  entries(prefix?: string): AsyncIterable<[key: string, value: T]>;
  /**
   * Removes every record whose key starts with `prefix`, readable or not. Many are removed in slices: everybody else has a
   * turn in between. @returns How many there were.
   */
  removeAll(prefix: string): Promise<number>;
}

/** The backend failed, was too slow, or holds what cannot be read. The message names the operation, never a value. */
export class StorageError extends Error {
  override name = 'StorageError';
}

/** The file belongs to another process at this moment. */
export class StorageInUseError extends StorageError {}
