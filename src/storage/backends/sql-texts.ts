import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import { LAST_CODE_POINT } from '../record-key.ts';
import type { RecordName, StoredTexts, TextChange } from './backend.ts';
import type { SqlDriver, SqlRow, SqlStatement } from './sql-driver.ts';

/** Records that are read at once while walking through a namespace. Everybody else has a turn between two pages. */
const PAGE_SIZE = 200;
/** Records that are deleted in one transaction; about 10 ms. Everybody else has a turn between two slices. */
export const SLICE_SIZE = 1000;

const IS_LIVE = '(expires IS NULL OR expires > ?)';

/** Keeps texts in one table, `(namespace, key, value, expires)`, of any SQL database. `expires`: milliseconds since 1970. */
export function createSqlTexts(driver: SqlDriver, now: () => number): StoredTexts {
  const { dialect } = driver;
  const { table } = dialect;

  // Made once: SQLite keeps a statement that it has prepared under its text.
  const select = once((count) => `SELECT namespace, key, value FROM ${table} WHERE ${anyOf(count)} AND ${IS_LIVE}`);
  // In the order in which those who remove a whole prefix keep rows, too: no two ever wait for each other.
  const selectAndKeep = once((count) => `${select(count)} ORDER BY namespace, ${dialect.key} ${dialect.keepRows}`);
  const remove = once((count) => `DELETE FROM ${table} WHERE ${anyOf(count)} AND ${IS_LIVE}`);
  const save = `INSERT INTO ${table} (namespace, key, value, expires) VALUES (?, ?, ?, ?)
    ON CONFLICT (namespace, key) DO UPDATE SET value = excluded.value, expires = excluded.expires`;
  /** Leaves the expiry alone, and so its index. */
  const replaceText = `UPDATE ${table} SET value = ? WHERE namespace = ? AND key = ?`;

  function saveStatement({ namespace, key }: RecordName, text: string, ttlMs: number | undefined, at: number) {
    return { sql: save, values: [namespace, key, text, ttlMs === undefined ? null : at + ttlMs] };
  }
  function writeStatements(
    record: RecordName,
    current: string | undefined,
    change: TextChange,
    at: number,
  ): SqlStatement[] {
    if (change === undefined) return [];
    if (change === 'remove') return [{ sql: remove(1), values: [...namesOf([record]), at] }];
    const { text, ttlMs } = change;
    if (ttlMs !== undefined || current === undefined) return [saveStatement(record, text, ttlMs, at)];
    return [{ sql: replaceText, values: [text, ...namesOf([record])] }];
  }

  return {
    async read(records) {
      return textsOf(records, await driver.read({ sql: select(records.length), values: [...namesOf(records), now()] }));
    },
    async save(record, text, ttlMs) {
      await driver.write(saveStatement(record, text, ttlMs, now()), [record]);
    },
    async remove(records) {
      const statement = { sql: `${remove(records.length)} RETURNING 1`, values: [...namesOf(records), now()] };
      return (await driver.write(statement, records)).length;
    },
    async change(records, decide, isTooLate) {
      let at = 0;
      const query = () => {
        at = now();
        return { sql: selectAndKeep(records.length), values: [...namesOf(records), at] };
      };
      const decideStatements = (rows: SqlRow[]) => {
        const current = textsOf(records, rows);
        const changes = decide(current);
        return records.flatMap((record, index) => writeStatements(record, current[index], changes[index], at));
      };
      await driver.change(records, query, decideStatements, isTooLate);
    },
    async *entries(namespace, prefix) {
      for await (const rows of pages(dialect.key, prefix, PAGE_SIZE, (range, bounds) => {
        // What has expired is skipped afterwards, so that a page has an end also where a million records have.
        const sql = `SELECT key, CASE WHEN ${IS_LIVE} THEN value END AS value FROM ${table}
          WHERE namespace = ? AND ${range} ORDER BY ${dialect.key} LIMIT ${PAGE_SIZE}`;
        return driver.read({ sql, values: [now(), namespace, ...bounds] });
      })) {
        for (const row of rows) if (row.value !== null) yield [String(row.key), String(row.value)];
      }
    },
    async removeAll(namespace, prefix) {
      let live = 0;
      for await (const rows of pages(dialect.key, prefix, SLICE_SIZE, (range, bounds) => {
        const slice = `SELECT key FROM ${table} WHERE namespace = ? AND ${range}
          ORDER BY ${dialect.key} LIMIT ${SLICE_SIZE} ${dialect.keepRows}`;
        const sql = `DELETE FROM ${table} WHERE namespace = ? AND ${dialect.isOneOf('key', slice)}
          RETURNING key, ${IS_LIVE} AS live`;
        return driver.write({ sql, values: [namespace, namespace, ...bounds, now()] });
      })) {
        live += rows.filter((row) => row.live).length;
      }
      return live;
    },
  };
}

/** An alternative for each: of all ways to ask for several, the one for which both databases use the primary key. */
function anyOf(count: number): string {
  return `(${Array.from({ length: count }, () => 'namespace = ? AND key = ?').join(' OR ')})`;
}

/** The values for {@link anyOf}. */
function namesOf(records: readonly RecordName[]): string[] {
  return records.flatMap(({ namespace, key }) => [namespace, key]);
}

/** Remembers what was made for each number of records. */
function once(make: (count: number) => string): (count: number) => string {
  const made = new Map<number, string>();
  return (count) => {
    const sql = made.get(count) ?? make(count);
    made.set(count, sql);
    return sql;
  };
}

function textsOf(records: readonly RecordName[], rows: readonly SqlRow[]): (string | undefined)[] {
  // A namespace has no colon.
  const texts = new Map(rows.map((row) => [`${row.namespace}:${row.key}`, String(row.value)]));
  return records.map(({ namespace, key }) => texts.get(`${namespace}:${key}`));
}

type Bounds = readonly [start: string, end: string];

/**
 * Asks for one page after the other of what begins with the prefix, each in a turn of the event loop of its own.
 *
 * Each page has one lower bound: of two, a database takes the first for its search and goes through all keys between them,
 * for every page again.
 * @param column The key, in the order of its bytes.
 * @param ask Gets the condition for the key and its two values.
 */
async function* pages(
  column: string,
  prefix: string,
  size: number,
  ask: (range: string, bounds: Bounds) => Promise<SqlRow[]>,
): AsyncGenerator<SqlRow[]> {
  const end = prefix + LAST_CODE_POINT;
  let rows = await ask(`${column} >= ? AND ${column} < ?`, [prefix, end]);
  while (true) {
    yield rows;
    if (rows.length < size) return;
    await turnOfEventLoop();
    rows = await ask(`${column} > ? AND ${column} < ?`, [greatestKey(rows), end]);
  }
}

/** Rows that were deleted come in no order. By bytes, as both databases sort. */
function greatestKey(rows: readonly SqlRow[]): string {
  const isAfter = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other)) > 0;
  return rows.map((row) => String(row.key)).reduce((one, other) => (isAfter(one, other) ? one : other));
}
