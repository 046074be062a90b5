import { existsSync } from 'node:fs';
import { access, constants, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createPrivateFile, makePrivate, makePrivateFolder } from '../private-files.ts';
import { StorageError } from '../record-store.ts';
import { type Commit, commitWithoutNumber, startNumberingCommits } from './sqlite-commits.ts';
import { connectSqlite, type SqliteConnection } from './sqlite-driver.ts';
import { RESTORE, roomError, sqliteFileError } from './sqlite-error.ts';
import { MARKER } from './sqlite-file-kind.ts';
import { foreignError, refuseForeignFile } from './sqlite-file-refusal.ts';
import { hasLog, refuseForeignLog } from './sqlite-log.ts';
import { rollBack, SqliteWrites } from './sqlite-writes.ts';

/** Bytes that a start writes to see whether the disk takes them. */
const TRIED_BYTES = 8192;
/** Milliseconds to wait at the start for a predecessor that is just closing the file. */
const LOCK_WAIT_MS = 1500;

/**
 * The records are a table with row IDs: there, a row of up to about 4,000 bytes stands in one page. WITHOUT ROWID it is only
 * 1,000, and the rest stands in pages that each write frees and fills anew: a third of what a ticket wrote to the disk.
 */
const SCHEMA = `
  CREATE TABLE marker (text TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE records (
    namespace TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    expires INTEGER, -- milliseconds since 1970; NULL lives for ever
    PRIMARY KEY (namespace, key)
  );
  CREATE INDEX records_by_expiry ON records (expires) WHERE expires IS NOT NULL;
  INSERT INTO marker VALUES ('${MARKER}');
`;

/** An open SQLite file, or a database in memory. */
export interface SqliteDatabase {
  /** Runs at once and sees what is committed. */
  read<T>(query: (connection: SqliteConnection) => T): Promise<T>;
  /**
   * Runs at the end of this turn of the event loop, or soon after where the disk is slow, in one transaction with all other
   * writes that wait: one sync of the disk serves them all. Settles after the commit. A write that fails leaves the others
   * untouched.
   * @param change May run twice; must touch nothing but the database. Where all give `NOTHING_WRITTEN`, nothing is committed.
   */
  write<T>(change: (connection: SqliteConnection) => T): Promise<T>;
  /** Runs in one transaction, over several turns of the event loop. Nobody may use the database in between: for tools alone. */
  transaction(run: (connection: SqliteConnection) => Promise<void>): Promise<void>;
  /** Writes what is waiting, and lets go of the file. */
  close(): Promise<void>;
}

/**
 * Opens a file and makes it when it is missing. What is no store of this bot is refused before anything is written into it.
 * @throws {StorageError} that says what to do about it.
 */
export async function openSqliteFile(file: string): Promise<SqliteDatabase> {
  await makeWritableFolderFor(file);
  await makeSureOfStore(file);
  // A store that an older version made, or a copy.
  for (const one of [file, `${file}-wal`, `${file}-shm`]) await makePrivate(one);
  let connection: SqliteConnection | undefined;
  let commit: Commit;
  try {
    refuseForeignLog(file);
    const wasClosed = !hasLog(file) && !existsSync(`${file}-journal`);
    connection = await connectSqlite(file);
    connection.all(`PRAGMA busy_timeout = ${LOCK_WAIT_MS}`);
    connection.all('PRAGMA locking_mode = EXCLUSIVE');
    // The log may have taken away what the bytes of the file still show.
    const hasMarkerTable = connection.all(`SELECT 1 FROM sqlite_schema WHERE name = 'marker'`).length === 1;
    const isStore = hasMarkerTable && connection.all('SELECT 1 FROM marker WHERE text = ?', MARKER).length === 1;
    if (!isStore) throw foreignError(file);
    refuseDamaged(connection, file, wasClosed);
    // With NORMAL, the last writes before a power cut are gone although they were acknowledged.
    connection.exec('PRAGMA synchronous = FULL');
    // What was removed or encrypted anew must not stay readable in the file.
    connection.all('PRAGMA secure_delete = ON');
    commit = startNumberingCommits(connection);
    tryDisk(connection, commit);
  } catch (cause) {
    closeQuietly(connection);
    throw cause instanceof StorageError ? cause : sqliteFileError(file, cause);
  }
  return createDatabase(
    connection,
    () => releaseFile(connection),
    commit,
    (cause) => roomError(file, cause) ?? cause,
  );
}

/**
 * Looks whether the pages of the store fit together, before anybody is served from it: a damaged one answers for a while, and then
 * takes people for not linked.
 * @param wasClosed Otherwise indexes are compared with the records, too, which takes longer.
 */
function refuseDamaged(connection: SqliteConnection, file: string, wasClosed: boolean): void {
  const [row] = connection.all(wasClosed ? 'PRAGMA quick_check(1)' : 'PRAGMA integrity_check(1)');
  if (Object.values(row ?? {})[0] === 'ok') return;
  throw new StorageError(`The storage file ${file} is damaged. ${RESTORE}`);
}

/** Writes as much as a long text needs, so that a start on a full disk says so. */
function tryDisk(connection: SqliteConnection, commit: Commit): void {
  connection.exec('BEGIN IMMEDIATE');
  connection.run(`INSERT OR REPLACE INTO records VALUES ('storage-check', 'start', ?, 0)`, 'x'.repeat(TRIED_BYTES));
  connection.run(`DELETE FROM records WHERE namespace = 'storage-check' AND key = 'start'`);
  commit(connection);
}

/** Opens a store that is gone with its process. */
export async function openSqliteMemory(): Promise<SqliteDatabase> {
  const connection = await connectSqlite(':memory:');
  connection.exec(SCHEMA);
  return createDatabase(connection, () => connection.close(), commitWithoutNumber);
}

/** @throws {StorageError} when there is something else in its place. */
async function makeSureOfStore(file: string): Promise<void> {
  if (!refuseForeignFile(file)) return createStore(file);
  await access(file, constants.R_OK | constants.W_OK).catch((cause) => {
    throw new StorageError(`The storage file ${file} cannot be written. Give it to the user who runs the bot.`, {
      cause,
    });
  });
}

/**
 * Makes a whole store under another name and renames it: a process that is killed meanwhile leaves no file that looks
 * like an emptied store.
 * @param fill Puts records into it before it gets its name.
 */
export async function createStore(
  file: string,
  fill: (connection: SqliteConnection) => Promise<void> = async () => {},
): Promise<void> {
  for (const rest of [`${file}-wal`, `${file}-journal`]) {
    // SQLite would take it for what belongs to the new file.
    if (existsSync(rest)) throw new StorageError(`${file} is missing although its log ${rest} is there. ${RESTORE}`);
  }
  // A name that nobody else gives to a file: what stands there is from a start that was killed.
  const unfinished = `${file}.openticket-unfinished`;
  const leftovers = [unfinished, `${unfinished}-journal`];
  try {
    for (const leftover of leftovers) await rm(leftover, { force: true });
    // SQLite gives its log and its journal the rights that the file has.
    await createPrivateFile(unfinished);
    const connection = await connectSqlite(unfinished);
    try {
      connection.exec('PRAGMA synchronous = FULL');
      connection.exec(`BEGIN; ${SCHEMA}`);
      await fill(connection);
      connection.exec('COMMIT');
    } finally {
      connection.close();
    }
    await rename(unfinished, file);
    const folder = await open(dirname(file));
    // Windows cannot sync a folder, and need not.
    await folder.sync().catch(() => {});
    await folder.close();
  } catch (cause) {
    for (const leftover of leftovers) await rm(leftover, { force: true }).catch(() => {});
    throw cause instanceof StorageError ? cause : sqliteFileError(file, cause);
  }
}

export async function makeWritableFolderFor(file: string): Promise<void> {
  const folder = dirname(file);
  try {
    await makePrivateFolder(folder);
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const noRoom = roomError(file, cause);
    if (noRoom) throw noRoom;
    const remedy = 'Create it and give it to the user who runs the bot, or set STORAGE_URL to another one.';
    throw new StorageError(`The storage folder ${folder} cannot be written. ${remedy}`, { cause });
  }
}

/** A libsql handle keeps an exclusive lock after close(), until the process ends, unless it has left both modes before. */
function releaseFile(connection: SqliteConnection): void {
  try {
    connection.all('PRAGMA journal_mode = DELETE');
    connection.all('PRAGMA locking_mode = NORMAL');
    connection.all('SELECT 1 FROM sqlite_schema');
  } finally {
    connection.close();
  }
}

function closeQuietly(connection: SqliteConnection | undefined): void {
  try {
    connection?.all('PRAGMA busy_timeout = 0');
    connection?.all('PRAGMA locking_mode = NORMAL');
    connection?.all('SELECT 1 FROM sqlite_schema');
  } catch {
    // What is wrong with the file is being reported already.
  }
  try {
    connection?.close();
  } catch {
    // As above.
  }
}

/** @param explain Says of the error of a write what an operator can do about it, as far as there is something. */
function createDatabase(
  connection: SqliteConnection,
  release: () => void,
  commit: Commit,
  explain: (cause: unknown) => unknown = (cause) => cause,
): SqliteDatabase {
  const writes = new SqliteWrites({ connection, commit, explain });
  let isClosed = false;

  return {
    async read(query) {
      if (isClosed) throw new StorageError('The storage is closed.');
      return query(connection);
    },
    write(change) {
      if (isClosed) return Promise.reject(new StorageError('The storage is closed.'));
      return writes.add(change);
    },
    async transaction(run) {
      writes.flush();
      connection.exec('BEGIN IMMEDIATE');
      try {
        await run(connection);
        commit(connection);
      } catch (cause) {
        rollBack(connection);
        throw explain(cause);
      }
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      writes.flush();
      release();
    },
  };
}
