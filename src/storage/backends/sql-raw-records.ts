import type { RawRecord } from './raw-records.ts';
import type { SqlDialect, SqlRow, SqlStatement } from './sql-driver.ts';

const PAGE_SIZE = 500;

/** Runs one statement, with a question mark for each value. */
type RunStatement = (statement: SqlStatement) => Promise<SqlRow[]>;

/** Every record of the table, by its primary key. Of one moment when all statements run in one transaction that keeps to it. */
export async function* readRows(dialect: SqlDialect, run: RunStatement): AsyncGenerator<readonly RawRecord[]> {
  const order = `namespace, ${dialect.key}`;
  let last: RawRecord | undefined;
  while (true) {
    const where = last ? `WHERE (${order}) > (?, ?)` : '';
    const rows = await run({
      sql: `SELECT namespace, key, value, expires FROM ${dialect.table} ${where} ORDER BY ${order} LIMIT ${PAGE_SIZE}`,
      values: last ? [last.namespace, last.key] : [],
    });
    const records = rows.map(recordIn);
    if (records.length > 0) yield records;
    last = records.at(-1);
    if (records.length < PAGE_SIZE) return;
  }
}

/** Puts other records in the place of all that are there. Run it in one transaction. */
export async function replaceRows(
  dialect: SqlDialect,
  run: RunStatement,
  pages: AsyncIterable<readonly RawRecord[]>,
): Promise<void> {
  await removeRows(dialect, run);
  for await (const records of pages) {
    if (records.length === 0) continue;
    await run({
      sql: `INSERT INTO ${dialect.table} (namespace, key, value, expires) VALUES ${records.map(() => '(?, ?, ?, ?)').join(', ')}`,
      values: records.flatMap(({ namespace, key, text, expires }) => [namespace, key, text, expires ?? null]),
    });
  }
}

/** In slices: a statement of a server has a time limit. */
async function removeRows({ table, key, row, isOneOf }: SqlDialect, run: RunStatement): Promise<void> {
  const order = `namespace, ${key}`;
  let last: SqlRow | undefined;
  while (true) {
    // From the last one on: the database would go through all that is deleted already, each time again.
    const where = last ? `WHERE (${order}) > (?, ?)` : '';
    const values = last ? [String(last.namespace), String(last.key)] : [];
    const slice = `FROM ${table} ${where} ORDER BY ${order} LIMIT ${PAGE_SIZE}`;
    const names = await run({ sql: `SELECT namespace, key ${slice}`, values });
    if (names.length === 0) return;
    await run({ sql: `DELETE FROM ${table} WHERE ${isOneOf(row, `SELECT ${row} ${slice}`)}`, values });
    last = names.at(-1);
  }
}

function recordIn({ namespace, key, value, expires }: SqlRow): RawRecord {
  return {
    namespace: String(namespace),
    key: String(key),
    text: String(value),
    expires: expires === null ? undefined : Number(expires),
  };
}
