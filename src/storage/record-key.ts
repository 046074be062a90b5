import { StorageError } from './record-store.ts';

/** The last code point of Unicode, never a character: what starts with `prefix` sorts before `prefix` + this. */
export const LAST_CODE_POINT = '\u{10FFFF}';

/** Bytes. PostgreSQL refuses index entries from about 2700 bytes on. */
const MAX_KEY_BYTES = 1024;

/**
 * Refuses what some backend would cut, change or crash on: other types (libsql ends the process), NUL (SQLite's
 * driver cuts the text there), half a surrogate pair (becomes U+FFFD, so that two keys become one).
 * @throws {StorageError} without the key.
 */
export function checkKey(key: unknown): asserts key is string {
  if (typeof key !== 'string' || key === '') throw new StorageError('A storage key must be a text of its own.');
  checkPrefix(key);
}

/** As {@link checkKey}, and an empty text is fine: every key starts with it. @throws {StorageError} */
export function checkPrefix(prefix: unknown): asserts prefix is string {
  if (typeof prefix !== 'string') throw new StorageError('The start of a storage key must be a text.');
  if (/[\0\p{Surrogate}\u{10FFFF}]/u.test(prefix)) {
    throw new StorageError('A storage key holds a character that cannot be stored.');
  }
  if (Buffer.byteLength(prefix) > MAX_KEY_BYTES) {
    throw new StorageError(`A storage key is longer than ${MAX_KEY_BYTES} bytes.`);
  }
}
