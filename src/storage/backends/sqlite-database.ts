import { existsSync } from 'node:fs';
import { access, constants, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StorageError, StorageInUseError } from '../record-store.ts';
import { connectSqlite, type SqliteConnection } from './sqlite-driver.ts';

/** Written into every store when it is made. A file without it is no store, or one that lost its contents. */
const MARKER = 'openticket records, format 1';

/** Milliseconds to wait at the start for a predecessor that is just closing the file. */
const LOCK_WAIT_MS = 1500;

const SCHEMA = `
  CREATE TABLE marker (text TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE records (
    namespace TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    expires INTEGER, -- milliseconds since 1970; NULL lives for ever
    PRIMARY KEY (namespace, key)
  ) WITHOUT ROWID;
  CREATE INDEX records_by_expiry ON records (expires) WHERE expires IS NOT NULL;
  INSERT INTO marker VALUES ('${MARKER}');
`;

/** An open SQLite file, or a database in memory. */
export interface SqliteDatabase {
  /** Runs at once and sees what is committed. */
  read<T>(query: (connection: SqliteConnection) => T): Promise<T>;
  /**
   * Runs at the end of this turn of the event loop, in one transaction with all other writes of the turn: one sync of
   * the disk serves them all. Settles after the commit. A write that fails leaves the others of its turn untouched.
   * @param change May run twice; must touch nothing but the database.
   */
  write<T>(change: (connection: SqliteConnection) => T): Promise<T>;
  /** Writes what is waiting, and lets go of the file. */
  close(): Promise<void>;
}

export interface SqliteOptions {
  /** Lets other processes open the file too. For looking into a running store; slower, and off by default. */
  shared?: boolean;
}

/** Opens a file and makes it when it is missing. @throws {StorageError} that says what to do about it. */
export async function openSqliteFile(file: string, options: SqliteOptions = {}): Promise<SqliteDatabase> {
  await makeWritableFolder(dirname(file));
  if (!existsSync(file)) await createStore(file);
  await access(file, constants.R_OK | constants.W_OK).catch((cause) => {
    throw new StorageError(`The storage file ${file} cannot be written. Give it to the user who runs the bot.`, {
      cause,
    });
  });
  let connection: SqliteConnection | undefined;
  try {
    connection = await connectSqlite(file);
    connection.all(`PRAGMA busy_timeout = ${LOCK_WAIT_MS}`);
    if (!options.shared) connection.all('PRAGMA locking_mode = EXCLUSIVE');
    connection.all('PRAGMA journal_mode = WAL');
    // With NORMAL, the last writes before a power cut are gone although they were acknowledged.
    connection.exec('PRAGMA synchronous = FULL');
    // What was removed or encrypted anew must not stay readable in the file.
    connection.all('PRAGMA secure_delete = ON');
    connection.exec('BEGIN IMMEDIATE');
    const hasMarkerTable = connection.all(`SELECT 1 FROM sqlite_schema WHERE name = 'marker'`).length === 1;
    const isStore = hasMarkerTable && connection.all('SELECT 1 FROM marker WHERE text = ?', MARKER).length === 1;
    connection.exec('COMMIT');
    if (!isStore) throw new StorageError(`${file} is not a store of this bot, or was emptied. ${RESTORE}`);
  } catch (cause) {
    closeQuietly(connection);
    throw cause instanceof StorageError ? cause : openingError(file, cause);
  }
  return createDatabase(connection, () => releaseFile(connection));
}

/** Opens a store that is gone with its process. */
export async function openSqliteMemory(): Promise<SqliteDatabase> {
  const connection = await connectSqlite(':memory:');
  connection.exec(SCHEMA);
  return createDatabase(connection, () => connection.close());
}

const RESTORE = 'Restore it from a backup, or move it away to begin with an empty store.';

/**
 * Makes a whole store under another name and renames it: a process that is killed meanwhile leaves no file that looks
 * like an emptied store.
 */
async function createStore(file: string): Promise<void> {
  if (existsSync(`${file}-wal`)) {
    throw new StorageError(`${file} is missing although its log ${file}-wal is there. ${RESTORE}`);
  }
  const unfinished = `${file}.new`;
  try {
    for (const leftover of [unfinished, `${unfinished}-journal`]) await rm(leftover, { force: true });
    const connection = await connectSqlite(unfinished);
    connection.exec('PRAGMA synchronous = FULL');
    connection.exec(`BEGIN; ${SCHEMA} COMMIT`);
    connection.close();
    await rename(unfinished, file);
    const folder = await open(dirname(file));
    // Windows cannot sync a folder, and need not.
    await folder.sync().catch(() => {});
    await folder.close();
  } catch (cause) {
    throw openingError(file, cause);
  }
}

async function makeWritableFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const remedy = 'Create it and give it to the user who runs the bot, or set STORAGE_URL to another one.';
    throw new StorageError(`The storage folder ${folder} cannot be written. ${remedy}`, { cause });
  }
}

function openingError(file: string, cause: unknown): StorageError {
  const said = cause instanceof Error ? cause.message : '';
  if (/locked|busy/i.test(said)) {
    const remedy = 'Stop the other one: a storage file belongs to one bot at a time.';
    return new StorageInUseError(`The storage file ${file} is open in another process. ${remedy}`, { cause });
  }
  if (/not a database|malformed|encrypted/i.test(said)) {
    return new StorageError(`The storage file ${file} is damaged. ${RESTORE}`, { cause });
  }
  return new StorageError(`The storage file ${file} cannot be opened. Check the disk and its permissions.`, { cause });
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

interface WaitingWrite {
  change(connection: SqliteConnection): unknown;
  resolve(result: unknown): void;
  reject(cause: unknown): void;
}

function createDatabase(connection: SqliteConnection, release: () => void): SqliteDatabase {
  let waiting: WaitingWrite[] = [];
  let isClosed = false;

  function flush(): void {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    try {
      const results = inTransaction(connection, batch);
      for (const [index, write] of batch.entries()) write.resolve(results[index]);
    } catch (cause) {
      if (batch.length === 1) batch[0]?.reject(cause);
      else for (const write of batch) settleAlone(write);
    }
  }

  /** One of a batch failed and all were rolled back: each in a transaction of its own shows which. */
  function settleAlone(write: WaitingWrite): void {
    try {
      write.resolve(inTransaction(connection, [write])[0]);
    } catch (cause) {
      write.reject(cause);
    }
  }

  return {
    async read(query) {
      if (isClosed) throw new StorageError('The storage is closed.');
      return query(connection);
    },
    write<T>(change: (connection: SqliteConnection) => T) {
      if (isClosed) return Promise.reject(new StorageError('The storage is closed.'));
      if (waiting.length === 0) setImmediate(flush);
      return new Promise<T>((resolve, reject) => {
        waiting.push({ change, resolve: resolve as (result: unknown) => void, reject });
      });
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      flush();
      release();
    },
  };
}

/** Written out by hand: libsql's own `transaction()` replaces the error of a statement by that of its rollback. */
function inTransaction(connection: SqliteConnection, writes: WaitingWrite[]): unknown[] {
  connection.exec('BEGIN IMMEDIATE');
  try {
    const results = writes.map((write) => write.change(connection));
    connection.exec('COMMIT');
    return results;
  } catch (cause) {
    try {
      connection.exec('ROLLBACK');
    } catch {
      // SQLite rolls back by itself on a full or failing disk; the first error is the one that tells.
    }
    throw cause;
  }
}
