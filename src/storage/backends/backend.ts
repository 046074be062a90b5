import type { StorageWarning } from '../storage.ts';
import type { RawRecord } from './raw-records.ts';

/** Where one text stands. */
export interface RecordName {
  readonly namespace: string;
  readonly key: string;
}

/** What to do with one text; `undefined` leaves it. Without `ttlMs`, a text that is there ends when it would have, and a new one lives for ever. */
export type TextChange = { readonly text: string; readonly ttlMs?: number | undefined } | 'remove' | undefined;

/** Gets the texts that stand there, and says what to do with each. Pure: it may run again. */
export type DecideTexts = (current: readonly (string | undefined)[]) => readonly TextChange[];

/** Texts under names. The backend alone decides what has expired; an expired text is absent in every method. */
export interface StoredTexts {
  /** The texts under several names, as they stand at one moment. @param records One or more. */
  read(records: readonly RecordName[]): Promise<(string | undefined)[]>;
  /** Writes the text whatever was there. @param ttlMs Milliseconds to live; without it, for ever. */
  save(record: RecordName, text: string, ttlMs?: number): Promise<void>;
  /** @returns How many were there. */
  remove(records: readonly RecordName[]): Promise<number>;
  /**
   * Reads several texts and writes what `decide` makes of them, in one commit: all of it or nothing, and only while everything
   * that was read still stands.
   * @param records One or more, each once.
   * @param isTooLate Whether the caller has been told meanwhile that this failed. Nothing is written then.
   */
  change(records: readonly RecordName[], decide: DecideTexts, isTooLate: () => boolean): Promise<void>;
  /** All texts of a namespace whose key starts with `prefix`, at the cost of these alone. */
  entries(namespace: string, prefix: string): AsyncIterable<[key: string, text: string]>;
  /** Removes what {@link entries} would list, at the cost of that alone. @returns How many there were. */
  removeAll(namespace: string, prefix: string): Promise<number>;
}

/** An open database or a connection to a server. */
export interface Backend extends StoredTexts {
  /** Without credentials. */
  readonly description: string;
  /** Whether several processes may use it at the same time. */
  readonly isShared: boolean;
  /** Whether no bot has started with this store yet, as far as the server knows. */
  readonly isNew?: boolean;
  /** What works, and may not be as it should. */
  readonly warnings?: readonly StorageWarning[];
  /** Milliseconds until a call counts as failed. Undefined where calls cannot hang. */
  readonly deadlineMs?: number;
  /**
   * Deletes what has expired, and what deleted records have left.
   * @param longestLives Milliseconds, for each namespace. What would live longer than all of them gets its own again.
   */
  sweep(longestLives?: ReadonlyMap<string, number>): Promise<void>;
  /** Every record as it is stored, a page at a time, also what has expired and was not swept yet. */
  allRecords(): AsyncIterable<readonly RawRecord[]>;
  /**
   * Puts other records in the place of all that are there, for a restore. No bot may use the store meanwhile. Where the backend
   * cannot do it all at once, a store that was left in the middle is refused until it was done again.
   */
  replaceAll(pages: AsyncIterable<readonly RawRecord[]>): Promise<void>;
  close(): Promise<void>;
}

export interface BackendOptions {
  /** Opened to put other records in: what an unfinished restore has left may be there then. */
  readonly isRestore?: boolean;
}
