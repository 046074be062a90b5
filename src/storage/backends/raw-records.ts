/** A record as it is stored, encrypted or not: for backups and moves, which never look inside. */
export interface RawRecord {
  readonly namespace: string;
  readonly key: string;
  readonly text: string;
  /** Milliseconds since 1970; undefined lives for ever. What is over has expired, and was not swept yet. */
  readonly expires: number | undefined;
}

/** Every record of a store, for reading alone: opening one makes and changes nothing. */
export interface RecordSource {
  /** Without credentials. */
  readonly description: string;
  /** Whether all records are as they stood at one moment, also while a bot writes. */
  readonly isOneMoment: boolean;
  /** All records once, a page at a time. @throws {StorageError} */
  pages(): AsyncIterable<readonly RawRecord[]>;
  close(): Promise<void>;
}
