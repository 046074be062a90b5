import { StorageError } from '../record-store.ts';
import type { RecordSource } from './raw-records.ts';
import { readRows } from './sql-raw-records.ts';
import { SQLITE_DIALECT } from './sqlite-backend.ts';
import { connectSqlite, type SqliteConnection } from './sqlite-driver.ts';
import { sqliteFileError } from './sqlite-error.ts';
import { refuseForeignFile } from './sqlite-file-refusal.ts';
import { refuseForeignLog } from './sqlite-log.ts';
import { copySqliteStore } from './sqlite-snapshot.ts';

/**
 * Opens a store for reading, also one that a bot has open. Reads from a copy, which goes with `close`.
 * @throws {StorageError} also where there is no store: none is made.
 */
export async function openSqliteSource(file: string): Promise<RecordSource> {
  if (!refuseForeignFile(file)) {
    throw new StorageError(`There is no store at ${file}. Look at the path; nothing was made there.`);
  }
  const snapshot = await copySqliteStore(file);
  let connection: SqliteConnection | undefined;
  try {
    refuseForeignLog(snapshot.file, file);
    const opened = await connectSqlite(snapshot.file);
    connection = opened;
    const damage = opened.all('PRAGMA integrity_check(1)').map((row) => String(Object.values(row)[0]));
    if (damage[0] !== 'ok') throw new Error('database disk image is malformed');
    return {
      description: `sqlite ${file}`,
      isOneMoment: true,
      pages: () => readRows(SQLITE_DIALECT, async ({ sql, values }) => opened.all(sql, ...values)),
      async close() {
        opened.close();
        await snapshot.close();
      },
    };
  } catch (cause) {
    connection?.close();
    await snapshot.close();
    throw cause instanceof StorageError ? cause : sqliteFileError(file, cause);
  }
}
