import type { RecordName } from './backend.ts';

/** One statement, with a question mark for each value. None stands in a text within it. */
export interface SqlStatement {
  readonly sql: string;
  readonly values: readonly (string | number | null)[];
}

export type SqlRow = Record<string, unknown>;

/** What one SQL database says in other words than another. */
export interface SqlDialect {
  readonly table: string;
  /** The table, read by its index of expiries. */
  readonly tableByExpiry: string;
  /** The key, in the order of its bytes. */
  readonly key: string;
  /** What names a row within one statement. */
  readonly row: string;
  /** The condition that this is one of what a small query finds, by whose result the rows are then looked up. */
  isOneOf(what: string, query: string): string;
  /** At the end of a query: keeps the rows for this transaction. */
  readonly keepRows: string;
  /** As `keepRows`, without those that somebody else keeps. */
  readonly keepFreeRows: string;
}

/** How SQL gets to a database. */
export interface SqlDriver {
  readonly dialect: SqlDialect;
  /** For one statement that changes nothing. */
  read(statement: SqlStatement): Promise<SqlRow[]>;
  /**
   * For one statement that writes.
   * @param records What it writes, as far as that is known. It comes before or after a change of these, and not in between.
   */
  write(statement: SqlStatement, records?: readonly RecordName[]): Promise<SqlRow[]>;
  /**
   * Runs a query and the statements that are decided on by what it finds, in one transaction. Nobody else changes these records
   * meanwhile, whether they are there or not.
   * @param query Called when nobody else can change the records any more.
   * @param decide May run again. Nothing is written, and nothing committed, when it throws or gives no statements.
   * @param isTooLate Whether nothing may be committed any more.
   */
  change(
    records: readonly RecordName[],
    query: () => SqlStatement,
    decide: (rows: SqlRow[]) => readonly SqlStatement[],
    isTooLate: () => boolean,
  ): Promise<void>;
}
