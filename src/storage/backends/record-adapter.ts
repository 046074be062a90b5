import type { KeyvStoreAdapter } from 'keyv';
import type { StorageWarning } from '../storage.ts';

/** Where one text stands. */
export interface RecordName {
  readonly namespace: string;
  readonly key: string;
}

/** What to do with one text; `undefined` leaves it. Without `ttlMs`, a text that is there ends when it would have, and a new one lives for ever. */
export type TextChange = { readonly text: string; readonly ttlMs?: number | undefined } | 'remove' | undefined;

/** Gets the texts that stand there, and says what to do with each. Pure: it may run again. */
export type DecideTexts = (current: readonly (string | undefined)[]) => readonly TextChange[];

/**
 * One namespace of a backend: a keyv adapter, and the walks that keyv has no words for. The adapter alone decides what has
 * expired; an expired record is absent in every method.
 */
export interface RecordAdapter extends KeyvStoreAdapter {
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
  /** The texts under several names, as they stand at one moment. @param records One or more. */
  read(records: readonly RecordName[]): Promise<(string | undefined)[]>;
  /**
   * Reads several texts and writes what `decide` makes of them, in one commit: all of it or nothing, and only while everything
   * that was read still stands.
   * @param records One or more, each once.
   * @param isTooLate Whether the caller has been told meanwhile that this failed. Nothing is written then.
   */
  change(records: readonly RecordName[], decide: DecideTexts, isTooLate: () => boolean): Promise<void>;
  /**
   * Deletes what has expired, and what deleted records have left. Absent where the server does so itself.
   * @param longestLives Milliseconds, for each namespace. What would live longer than all of them gets its own again.
   */
  sweep?(longestLives?: ReadonlyMap<string, number>): Promise<void>;
  close(): Promise<void>;
}
