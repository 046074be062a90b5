import type { ZodType } from 'zod';
import type { RecordChange, RecordOf, RecordRef, RecordStore } from './record-store.ts';

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

/** What stands under several references, in their order; undefined where there is nothing, or it has expired. */
export type CurrentRecords<R extends readonly RecordRef<unknown>[]> = { [I in keyof R]: RecordOf<R[I]> | undefined };

/** What a change comes to. */
export interface Decision<R extends readonly RecordRef<unknown>[], D> {
  /** What to do with each record, in the order of the references. A shorter list leaves the rest as it is. */
  readonly changes?: { readonly [I in keyof R]?: RecordChange<RecordOf<R[I]>> } | undefined;
  /** What the change gives back. */
  readonly result: D;
}

/** One backend, opened. Each kind of record has a namespace and a keyv of its own. */
export interface Storage {
  /** What is running, for people: "sqlite ./data/openticket.sqlite", "redis", without credentials. */
  readonly description: string;
  /** Whether several processes may use it at the same time. A file belongs to one. */
  readonly isShared: boolean;
  /** What the operator should look at. None where all is well. */
  readonly warnings?: readonly StorageWarning[];
  /** Opens one kind of record. Call it once for each namespace. */
  records<T>(namespace: string, schema: ZodType<T>, options?: RecordOptions): RecordStore<T>;
  /**
   * Reads several records of any kinds in one way to the backend and back, as they stand at one moment.
   * @throws {StorageError} when one of them cannot be read.
   */
  read<const R extends readonly RecordRef<unknown>[]>(refs: R): Promise<CurrentRecords<R>>;
  /**
   * Reads several records of any kinds and writes what `decide` makes of them: all of it or nothing, in one durable commit, and
   * only while everything that was read still stands, also what is not written. Where nothing is to be written, nothing is
   * committed. Changes of the same record run one after the other, whichever process asks for them.
   * @param refs Each record once.
   * @param decide Gets what stands there. Pure: it runs again when another process was faster. What it throws changes nothing.
   * @returns The `result` of the decision that was written.
   * @throws {StorageError} Nothing is written then; except after a time-out, when that is unknown.
   */
  change<const R extends readonly RecordRef<unknown>[], D>(
    refs: R,
    decide: (current: CurrentRecords<R>) => Decision<R, D>,
  ): Promise<D>;
  /** Writes and reads one record. @throws {StorageError} when the backend does not work. */
  check(): Promise<void>;
  /** Deletes what has expired, and overwrites what deleted records have left in a file. Done every 10 minutes in any case. @throws {StorageError} */
  sweep(): Promise<void>;
  /** Writes what is waiting and lets go of the backend. May be called again. */
  close(): Promise<void>;
}
