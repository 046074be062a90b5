import { statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { StorageError, StorageInUseError } from '../record-store.ts';

/** Bytes with which no start gets far: SQLite then reports some failed write or other. */
const HARDLY_ANYTHING = 64 * 1024;

export const RESTORE = 'Restore it from a backup, or move it away to begin with an empty store.';

/** Says of a failure of SQLite or the file system what an operator can do about it. */
export function sqliteFileError(file: string, cause: unknown): StorageError {
  return roomError(file, cause) ?? openingError(file, cause);
}

/** @returns The error with the disk in it, when a write failed for want of room or of the right to write. */
export function roomError(file: string, cause: unknown): StorageError | undefined {
  const said = wordsOf(cause);
  const disk = diskOf(file);
  const isFull = /disk is full|SQLITE_FULL|ENOSPC|EDQUOT/i.test(said);
  const isFailedWrite = /disk I\/O|SQLITE_IOERR|unable to open|SQLITE_CANTOPEN|: 14$/i.test(said);
  const isDiskFull = disk !== undefined && (disk.freeBytes < HARDLY_ANYTHING || !disk.hasInodes);
  if (isFull || (isFailedWrite && isDiskFull)) {
    const room = disk ? `${disk.folder} has ${roomOf(disk)}` : 'nothing more can be written there';
    const remedy = 'Make room, or raise the quota, and start again. What is stored is safe.';
    return new StorageError(`The disk of the storage file ${file} is full: ${room}. ${remedy}`, { cause });
  }
  if (/readonly database|SQLITE_READONLY|EROFS/i.test(said)) {
    const where = disk ? `, on the disk at ${disk.folder},` : '';
    const remedy = 'Give it to the user who runs the bot, and look whether the disk is mounted for writing.';
    return new StorageError(`The storage file ${file}${where} cannot be written. ${remedy}`, { cause });
  }
  return undefined;
}

function openingError(file: string, cause: unknown): StorageError {
  const said = wordsOf(cause);
  if (/locked|busy/i.test(said)) {
    const remedy = 'Stop the other one: a storage file belongs to one bot at a time.';
    return new StorageInUseError(`The storage file ${file} is open in another process. ${remedy}`, { cause });
  }
  if (/not a database|malformed|encrypted/i.test(said)) {
    return new StorageError(`The storage file ${file} is damaged. ${RESTORE}`, { cause });
  }
  return new StorageError(`The storage file ${file} cannot be opened. Check the disk and its permissions.`, { cause });
}

/** Both drivers put the code of SQLite elsewhere, and the file system has its own. */
function wordsOf(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  const { code } = cause as Error & { code?: unknown };
  return `${String(code ?? '')} ${cause.message}`;
}

interface Disk {
  /** Where it is mounted. */
  readonly folder: string;
  readonly freeBytes: number;
  readonly hasInodes: boolean;
}

/** @returns The file system that holds a file or would hold it; undefined where it cannot be asked. */
function diskOf(file: string): Disk | undefined {
  try {
    let folder = dirname(resolve(file));
    while (statSync(folder, { throwIfNoEntry: false }) === undefined) folder = dirname(folder);
    const { bavail, bsize, ffree, files } = statfsSync(folder);
    const { dev } = statSync(folder);
    while (dirname(folder) !== folder && statSync(dirname(folder)).dev === dev) folder = dirname(folder);
    return { folder, freeBytes: bavail * bsize, hasInodes: files === 0 || ffree > 0 };
  } catch {
    return undefined;
  }
}

function roomOf({ freeBytes, hasInodes }: Disk): string {
  if (!hasInodes) return 'no inodes left for another file';
  return freeBytes < 1024 * 1024
    ? `${Math.floor(freeBytes / 1024)} KB free`
    : `${Math.floor(freeBytes / 1024 ** 2)} MB free`;
}
