import { loadClient } from './client-packages.ts';

/** What SQLite can hold of ours. Nothing else may be bound: libsql ends the whole process over a boolean. */
export type SqliteValue = string | number | null;
export type SqliteRow = Record<string, unknown>;

/** One connection, the same over both drivers. Synchronous; errors are the driver's own. */
export interface SqliteConnection {
  readonly driver: 'node:sqlite' | 'libsql';
  exec(sql: string): void;
  /** @throws {TypeError} before binding, when a value is none of {@link SqliteValue} or a text holds NUL. */
  all(sql: string, ...values: SqliteValue[]): SqliteRow[];
  /** @returns How many rows were inserted, changed or deleted. @throws {TypeError} as `all`. */
  run(sql: string, ...values: SqliteValue[]): number;
  close(): void;
}

/** The part of their interface that node:sqlite and libsql share. */
interface Driver {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  close(): unknown;
}
interface Statement {
  all(...values: SqliteValue[]): unknown[];
  run(...values: SqliteValue[]): { changes: number | bigint };
}
type DriverClass = new (file: string) => Driver;

/**
 * Node's own SQLite where Node has one without a flag (22.13 and newer), otherwise libsql.
 * @throws {MissingClientError} when there is neither.
 */
export async function loadSqlite(): Promise<{ driver: SqliteConnection['driver']; Database: DriverClass }> {
  const builtIn = builtInSqlite();
  if (builtIn) return { driver: 'node:sqlite', Database: builtIn.DatabaseSync };
  return { driver: 'libsql', Database: (await loadClient('sqlite', () => import('libsql'))).default };
}

/** Opens a file. @throws {MissingClientError} */
export async function connectSqlite(file: string): Promise<SqliteConnection> {
  const { driver, Database } = await loadSqlite();
  const database = new Database(file);
  const statements = new Map<string, Statement>();

  function prepared(sql: string, values: SqliteValue[]): Statement {
    for (const value of values) checkValue(value);
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = database.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  }

  return {
    driver,
    exec: (sql) => void database.exec(sql),
    all: (sql, ...values) => prepared(sql, values).all(...values) as SqliteRow[],
    run: (sql, ...values) => Number(prepared(sql, values).run(...values).changes),
    close() {
      statements.clear();
      database.close();
    },
  };
}

/** Node 22 announces at its first use that it is experimental. An operator should read on stderr what is about this bot. */
function builtInSqlite(): { DatabaseSync: DriverClass } | undefined {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule('node:sqlite') as { DatabaseSync: DriverClass } | undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}

function checkValue(value: unknown): void {
  if (value === null || Number.isSafeInteger(value)) return;
  if (typeof value !== 'string') throw new TypeError(`SQLite was handed a ${typeof value}.`);
  if (value.includes('\0')) throw new TypeError('SQLite was handed a text with NUL in it, and would cut it there.');
}
