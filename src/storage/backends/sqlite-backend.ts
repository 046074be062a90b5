import type { Backend } from './backend.ts';
import type { SqlDialect, SqlDriver, SqlStatement } from './sql-driver.ts';
import { readRows, replaceRows } from './sql-raw-records.ts';
import { sweepTable } from './sql-sweep.ts';
import { createSqlTexts } from './sql-texts.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import { NOTHING_WRITTEN } from './sqlite-writes.ts';

export const SQLITE_DIALECT: SqlDialect = {
  table: 'records',
  // Otherwise it looks through all records of a namespace for those that expire late.
  tableByExpiry: 'records INDEXED BY records_by_expiry',
  key: 'key',
  row: 'namespace, key',
  isOneOf: (what, query) => `(${what}) IN (${query})`,
  // A transaction has the whole file.
  keepRows: '',
  keepFreeRows: '',
};

/** Keeps records in an open SQLite database. */
export function createSqliteBackend(database: SqliteDatabase, description: string, now: () => number): Backend {
  const driver = createSqliteDriver(database);
  return {
    description,
    isShared: false,
    ...createSqlTexts(driver, now),
    async sweep(longestLives = new Map()) {
      await sweepTable(driver, longestLives, now);
      // The log next to the file keeps what rows were before, until it is written over.
      await database.read((connection) => connection.all('PRAGMA wal_checkpoint(TRUNCATE)'));
    },
    allRecords: () => readRows(SQLITE_DIALECT, driver.read),
    replaceAll: (pages) =>
      database.transaction((connection) =>
        replaceRows(SQLITE_DIALECT, async ({ sql, values }) => connection.all(sql, ...values), pages),
      ),
    close: () => database.close(),
  };
}

function createSqliteDriver(database: SqliteDatabase): SqlDriver {
  return {
    dialect: SQLITE_DIALECT,
    read: ({ sql, values }) => database.read((connection) => connection.all(sql, ...values)),
    write: ({ sql, values }) => database.write((connection) => connection.all(sql, ...values)),
    /** Nothing can come in between: all of it is one step of the transaction that the writes of this turn share. */
    async change(_records, query, decide) {
      let failure: { readonly cause: unknown } | undefined;
      await database.write((connection) => {
        const { sql, values } = query();
        const rows = connection.all(sql, ...values);
        let statements: readonly SqlStatement[] = [];
        failure = undefined;
        try {
          statements = decide(rows);
        } catch (cause) {
          // Kept until later: nothing was written yet, and the other writes of this turn need not be undone for it.
          failure = { cause };
        }
        for (const { sql, values } of statements) connection.run(sql, ...values);
        return statements.length === 0 ? NOTHING_WRITTEN : undefined;
      });
      if (failure) throw failure.cause;
    },
  };
}
