import { StorageError } from '../record-store.ts';
import { createChangeQueue } from './change-queue.ts';
import type { PostgresQueries } from './postgres-pool.ts';
import type { SqlDialect, SqlDriver, SqlStatement } from './sql-driver.ts';

export const TABLE = 'openticket_records';

export const POSTGRES_DIALECT: SqlDialect = {
  table: TABLE,
  tableByExpiry: TABLE,
  // Written out, so that a prefix is a range in a table that somebody made with another collation, too.
  key: 'key COLLATE "C"',
  row: 'ctid',
  // With IN, it may read the whole table and compare.
  isOneOf: (what, query) => `${what} = ANY(ARRAY(${query}))`,
  keepRows: 'FOR UPDATE',
  keepFreeRows: 'FOR UPDATE SKIP LOCKED',
};

/** @param queries Those of a pool, or of one transaction. */
export function createPostgresDriver(queries: PostgresQueries): SqlDriver {
  // Otherwise the changes that wait for the same record would take all connections.
  const queue = createChangeQueue();
  return {
    dialect: POSTGRES_DIALECT,
    read: (statement) => queries.read(numbered(statement.sql), statement.values),
    write: (statement, records) => queries.write(numbered(statement.sql), statement.values, records),
    /** The transaction keeps the records from its beginning on, so that what it reads stands until it ends. */
    change: (records, query, decide, isTooLate) =>
      queue(records, () =>
        queries.transaction(records, async (run) => {
          const { sql, values } = query();
          const statements = decide(await run(numbered(sql), values));
          if (statements.length === 0) return { end: 'ROLLBACK' };
          const all = inOne(statements);
          await run(numbered(all.sql), all.values);
          if (isTooLate()) throw new StorageError('The storage took too long to change records.');
          return { end: 'COMMIT' };
        }),
      ),
  };
}

/** One statement that does what several do: one way to the server and back. */
function inOne(statements: readonly SqlStatement[]): SqlStatement {
  const parts = statements.map(({ sql }, index) => `part_${index} AS (${sql})`);
  return { sql: `WITH ${parts.join(', ')} SELECT 1`, values: statements.flatMap(({ values }) => values) };
}

/** The same statement with $1, $2, … for its values. */
export function numbered(sql: string): string {
  let count = 0;
  return sql.replaceAll('?', () => {
    count += 1;
    return `$${count}`;
  });
}
