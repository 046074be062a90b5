import type { KeyvStoreAdapter } from 'keyv';
import type { StorageWarning } from '../storage.ts';

/**
 * One namespace of a backend: a keyv adapter, and the atomic steps that keyv has no words for. Both roads read and
 * write the same texts. The adapter alone decides what has expired; an expired record is absent in every method.
 */
export interface RecordAdapter extends KeyvStoreAdapter {
  /** The stored text. Typed by hand because keyv's own declaration lets an adapter return anything. */
  read(key: string): Promise<string | undefined>;
  /** @returns false when a record exists; it is left as it is. */
  insert(key: string, text: string, ttlMs?: number): Promise<boolean>;
  /** Writes only over the expected text. Without `ttlMs` the record expires when it would have. @returns false when another text, or none, is there. */
  replace(key: string, expected: string, text: string, ttlMs?: number): Promise<boolean>;
  /** Deletes and returns one record; of several callers exactly one gets it. */
  take(key: string): Promise<string | undefined>;
  entries(prefix: string): AsyncIterable<[key: string, text: string]>;
  /** @returns How many records were deleted, without those that had expired. */
  removeAll(prefix: string): Promise<number>;
}

/** An open database or a connection to a server, that hands out one adapter for each namespace. */
export interface Backend {
  /** Without credentials. */
  readonly description: string;
  /** What works, and may not be as it should. */
  readonly warnings?: readonly StorageWarning[];
  /** Milliseconds until a call counts as failed. Undefined where calls cannot hang. */
  readonly deadlineMs?: number;
  adapter(namespace: string): RecordAdapter;
  /**
   * Deletes what has expired, and what deleted records have left. Absent where the server does so itself.
   * @param longestLives Milliseconds, for each namespace. What would live longer than all of them gets its own again.
   */
  sweep?(longestLives?: ReadonlyMap<string, number>): Promise<void>;
  close(): Promise<void>;
}
