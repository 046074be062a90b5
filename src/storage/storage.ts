import type { ZodType } from 'zod';
import type { RecordStore } from './record-store.ts';

/** Something that works, and may not be as it should. */
export interface StorageWarning {
  readonly problem: string;
  readonly remedy: string;
}

export interface RecordOptions {
  /**
   * Milliseconds that no record of this kind lives longer than. One that would was written while the clock was ahead; the
   * next sweep shortens its life to this. Without it, nothing is shortened.
   */
  readonly longestMs?: number;
}

/** One backend, opened. One namespace for each kind of record, each a keyv over its own adapter. */
export interface Storage {
  /** What is running, for people: "sqlite ./data/openticket.sqlite", "redis", without credentials. */
  readonly description: string;
  /** What the operator should look at. None where all is well. */
  readonly warnings?: readonly StorageWarning[];
  /** Opens one kind of record. Call it once for each namespace. */
  records<T>(namespace: string, schema: ZodType<T>, options?: RecordOptions): RecordStore<T>;
  /** Writes and reads one record. @throws {StorageError} when the backend does not work. */
  check(): Promise<void>;
  /** Deletes what has expired, and overwrites what deleted records have left in a file. Done every 10 minutes in any case. @throws {StorageError} */
  sweep(): Promise<void>;
  /** Writes what is waiting and lets go of the backend. May be called again. */
  close(): Promise<void>;
}
