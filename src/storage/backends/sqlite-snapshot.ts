import { constants } from 'node:fs';
import { copyFile, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StorageError } from '../record-store.ts';
import { removedAtExit } from '../removed-at-exit.ts';
import { roomError, sqliteFileError } from './sqlite-error.ts';

/** A bot that writes without a pause empties its log every few megabytes; a copy takes a moment between two of these. */
const MAX_TRIES = 50;
const WAL_HEADER_BYTES = 32;

/** A copy of a SQLite store as it stood at one moment. */
export interface SqliteSnapshot {
  readonly file: string;
  /** Removes the copy. */
  close(): Promise<void>;
}

/**
 * Copies a store byte by byte, beside the bot that has it open: without a lock, and without a byte written near the store.
 *
 * SQLite writes to the log (`-wal`) alone, until a checkpoint copies pages from the log into the file. Only after that may the
 * log begin anew, with another header. So the file is copied first and the log after it; when the log had the same header all the
 * time, everything that a checkpoint has written meanwhile stands in the copied log, too, and SQLite takes it from there. Otherwise
 * the copy is made again. A transaction that is half in the copied log is left out by its checksum.
 *
 * @throws {StorageError}
 */
export async function copySqliteStore(file: string): Promise<SqliteSnapshot> {
  const folder = await makeFolderNear(file);
  const close = removedAtExit(folder);
  const copy = join(folder, 'copy.sqlite');
  try {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      if (await copyAtOneMoment(file, copy)) return { file: copy, close };
    }
  } catch (cause) {
    await close();
    throw roomError(copy, cause) ?? sqliteFileError(file, cause);
  }
  await close();
  throw new StorageError(
    `The bot writes so much to ${file} that it could not be copied at one moment. Nothing is wrong with it. Try again later.`,
  );
}

async function copyAtOneMoment(file: string, copy: string): Promise<boolean> {
  const before = await stateOf(file);
  await copyFile(file, copy, constants.COPYFILE_FICLONE);
  for (const ending of ['-wal', '-journal']) await copyIfThere(file + ending, copy + ending);
  const after = await stateOf(file);
  if (before.wal !== after.wal || before.journal !== after.journal) return false;
  // With a log the file may change, as it says above. Without one, it must not.
  return before.wal !== undefined || before.main === after.main;
}

/** What tells whether a store changed while it was copied. */
interface FileState {
  readonly main: string;
  /** The header of the log, which changes each time when the log begins anew. Undefined where it is empty. */
  readonly wal: string | undefined;
  /** Undefined where there is none, as while a bot works. */
  readonly journal: string | undefined;
}

async function stateOf(file: string): Promise<FileState> {
  const main = await stat(file, { bigint: true });
  const journal = await stat(`${file}-journal`, { bigint: true }).catch(orUndefined);
  return {
    main: `${main.mtimeNs} ${main.size}`,
    wal: await headerOf(`${file}-wal`),
    journal: journal && `${journal.mtimeNs} ${journal.size}`,
  };
}

async function headerOf(wal: string): Promise<string | undefined> {
  const handle = await open(wal).catch(orUndefined);
  if (!handle) return undefined;
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(WAL_HEADER_BYTES), 0, WAL_HEADER_BYTES, 0);
    return bytesRead < WAL_HEADER_BYTES ? undefined : buffer.toString('hex');
  } finally {
    await handle.close();
  }
}

async function copyIfThere(from: string, to: string): Promise<void> {
  await rm(to, { force: true });
  await copyFile(from, to, constants.COPYFILE_FICLONE).catch(orUndefined);
}

/** @throws What is no missing file. */
function orUndefined(cause: NodeJS.ErrnoException): undefined {
  if (cause.code !== 'ENOENT') throw cause;
  return undefined;
}

/** On the disk of the store, which has room and rights for it; where that cannot be written, among the temporary files. */
async function makeFolderNear(file: string): Promise<string> {
  return mkdtemp(`${file}.copy-`).catch(() => mkdtemp(join(tmpdir(), 'openticket-copy-')));
}
