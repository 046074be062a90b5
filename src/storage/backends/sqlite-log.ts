import { closeSync, openSync, readSync } from 'node:fs';
import { StorageError } from '../record-store.ts';
import type { CommitNumber } from './sqlite-commits.ts';

/**
 * What a log (`-wal`) is to the file beside it. SQLite itself does not know: it puts the pages of the log over those of the file,
 * whichever file that is now.
 */
type LogKind = 'none' | 'belongs' | 'foreign' | 'unknown';

// https://www.sqlite.org/fileformat.html#the_database_header and #the_write_ahead_log
const FILE_HEADER_BYTES = 100;
const USER_VERSION_AT = 60;
const APPLICATION_ID_AT = 68;
const LOG_HEADER_BYTES = 32;
const LOG_MAGIC = 0x377f0682;
const PAGE_SIZE_AT = 8;
const SALTS_AT = 16;
const FRAME_HEADER_BYTES = 24;
const FRAME_COMMIT_AT = 4;
const FRAME_SALTS_AT = 8;
const SALTS_BYTES = 8;
/** A bot that writes at this moment is refused by its lock afterwards. */
const MAX_TRIES = 100;

/**
 * Refuses a file that was put in the place of another one whose log is still there, as when a copy is put back by hand after a kill.
 * SQLite would make one damaged store of both, or bring back what the copy was to undo. Reads bytes alone.
 * @param name How the file is called for people, where it is a copy of that one.
 * @throws {StorageError}
 */
export function refuseForeignLog(file: string, name = file): void {
  if (logKindOf(file) !== 'foreign') return;
  throw new StorageError(
    `The log ${name}-wal does not belong to ${name}: another file was put in the place of the one whose log it is, as when a copy is put back by hand. Nothing was changed. To use the file that is there, move ${name}-wal and ${name}-shm away; what that log holds is not in it. To have the log, put back the file that was there before. npm run store -- restore does all of this by itself.`,
  );
}

/** Whether SQLite has something left to put into the file: it was not closed, as after a kill. */
export function hasLog(file: string): boolean {
  return logKindOf(file) !== 'none';
}

function logKindOf(file: string): LogKind {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const before = headersOf(file);
    const kind = compare(file);
    if (headersOf(file) === before) return kind;
  }
  return 'unknown';
}

function compare(file: string): LogKind {
  const log = readLog(`${file}-wal`);
  if (log === undefined) return 'none';
  const main = commitNumberIn(bytesOf(file, 0, FILE_HEADER_BYTES));
  const { first, last } = log;
  // An older version of the bot does not number its commits.
  if (first === undefined || last === undefined || main === undefined) return 'unknown';
  const isOfThisStart = first.start === main.start && last.start === main.start;
  // The file has every commit before the first one of the log, and none after its last one.
  const isContinued = first.number <= main.number + 1 && main.number <= last.number;
  return isOfThisStart && isContinued ? 'belongs' : 'foreign';
}

/** What the first commit in a log, and the last one, say of themselves. Undefined where the first page is not among what they wrote. */
interface LogCommits {
  readonly first: CommitNumber | undefined;
  readonly last: CommitNumber | undefined;
}

/** @returns Undefined when there is no commit in it. */
function readLog(log: string): LogCommits | undefined {
  const header = bytesOf(log, 0, LOG_HEADER_BYTES);
  // The last bit says in which order checksums read their bytes.
  if (header.length < LOG_HEADER_BYTES || header.readUInt32BE(0) >>> 1 !== LOG_MAGIC >>> 1) return undefined;
  const pageSize = header.readUInt32BE(PAGE_SIZE_AT);
  const salts = header.subarray(SALTS_AT, SALTS_AT + SALTS_BYTES);
  const descriptor = openSync(log, 'r');
  try {
    let commits: LogCommits | undefined;
    let page: CommitNumber | undefined;
    for (let at = LOG_HEADER_BYTES; ; at += FRAME_HEADER_BYTES + pageSize) {
      const frame = readAt(descriptor, at, FRAME_HEADER_BYTES);
      // What follows was written before the log began anew.
      if (frame.length < FRAME_HEADER_BYTES) return commits;
      if (!frame.subarray(FRAME_SALTS_AT, FRAME_SALTS_AT + SALTS_BYTES).equals(salts)) return commits;
      if (frame.readUInt32BE(0) === 1) {
        page = commitNumberIn(readAt(descriptor, at + FRAME_HEADER_BYTES, FILE_HEADER_BYTES));
      }
      if (frame.readUInt32BE(FRAME_COMMIT_AT) === 0) continue;
      commits = { first: commits ? commits.first : page, last: page ?? commits?.last };
    }
  } finally {
    closeSync(descriptor);
  }
}

function commitNumberIn(page: Buffer): CommitNumber | undefined {
  if (page.length < FILE_HEADER_BYTES) return undefined;
  return { start: page.readInt32BE(APPLICATION_ID_AT), number: page.readInt32BE(USER_VERSION_AT) };
}

/** Changes with each commit that reaches the file, and each time when the log begins anew. */
function headersOf(file: string): string {
  return [bytesOf(file, 0, FILE_HEADER_BYTES), bytesOf(`${file}-wal`, 0, LOG_HEADER_BYTES)]
    .map((bytes) => bytes.toString('hex'))
    .join(' ');
}

function bytesOf(file: string, from: number, bytes: number): Buffer {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw cause;
  }
  try {
    return readAt(descriptor, from, bytes);
  } finally {
    closeSync(descriptor);
  }
}

function readAt(descriptor: number, from: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  return buffer.subarray(0, readSync(descriptor, buffer, 0, bytes, from));
}
