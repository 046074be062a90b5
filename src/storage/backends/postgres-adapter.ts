import { EventEmitter } from 'node:events';
import { LAST_CODE_POINT } from '../record-key.ts';
import { StorageError } from '../record-store.ts';
import { createChangeQueue } from './change-queue.ts';
import type { PostgresQueries, Rows } from './postgres-pool.ts';
import type { Backend, RecordAdapter, RecordName, TextChange } from './record-adapter.ts';

export const TABLE = 'openticket_records';
/** Records that are read or removed at once while walking through a namespace. */
const PAGE_SIZE = 200;
/** Records that a sweep removes in one transaction: others get their turn in between. */
const SLICE_SIZE = 1000;

/** A keyv adapter for one namespace of a PostgreSQL table. */
export class PostgresAdapter extends EventEmitter implements RecordAdapter {
  /** keyv wants one; nothing is read from it. */
  readonly opts: Record<string, unknown> = { dialect: 'postgres' };
  /** Written by keyv when it prefixes keys itself, which ours never does; `clear()` then empties that prefix alone. */
  namespace?: string | undefined;
  readonly #queries: PostgresQueries;
  readonly #records: string;
  readonly #now: () => number;

  constructor(queries: PostgresQueries, records: string, now: () => number) {
    super();
    this.#queries = queries;
    this.#records = records;
    this.#now = now;
  }

  async read(key: string): Promise<string | undefined> {
    const [text] = await this.getMany([key]);
    return text;
  }

  // biome-ignore lint/suspicious/noExplicitAny: keyv's generic parameter promises a type that no adapter can know.
  get(key: string): Promise<any> {
    return this.read(key);
  }

  // biome-ignore lint/suspicious/noExplicitAny: as in get().
  async getMany(keys: string[]): Promise<any[]> {
    const rows = await this.#queries.read(
      `SELECT key, value FROM ${TABLE} WHERE namespace = $1 AND key = ANY($2) AND (expires IS NULL OR expires > $3)`,
      [this.#records, keys, this.#now()],
    );
    const texts = new Map(rows.map((row) => [row.key, String(row.value)]));
    return keys.map((key) => texts.get(key));
  }

  async has(key: string): Promise<boolean> {
    return (await this.read(key)) !== undefined;
  }

  async set(key: string, text: string, ttlMs?: number): Promise<boolean> {
    await this.#queries.write(
      `INSERT INTO ${TABLE} (namespace, key, value, expires) VALUES ($1, $2, $3, $4)
       ON CONFLICT (namespace, key) DO UPDATE SET value = excluded.value, expires = excluded.expires`,
      [this.#records, key, text, expiryOf(ttlMs, this.#now())],
      this.#names([key]),
    );
    return true;
  }

  async delete(key: string): Promise<boolean> {
    return this.deleteMany([key]);
  }

  async deleteMany(keys: string[]): Promise<boolean> {
    const rows = await this.#queries.write(
      `DELETE FROM ${TABLE} WHERE namespace = $1 AND key = ANY($2) AND (expires IS NULL OR expires > $3) RETURNING 1`,
      [this.#records, keys, this.#now()],
      this.#names(keys),
    );
    return rows.length > 0;
  }

  async clear(): Promise<void> {
    await this.removeAll(this.namespace ? `${this.namespace}:` : '');
  }

  async *entries(prefix: string): AsyncGenerator<[string, string], void, unknown> {
    for await (const page of pages(prefix, (range, values) =>
      this.#queries.read(
        `SELECT key, value FROM ${TABLE} WHERE namespace = $1 AND ${range} AND (expires IS NULL OR expires > $4)
         ORDER BY key COLLATE "C" LIMIT ${PAGE_SIZE}`,
        [this.#records, ...values, this.#now()],
      ),
    )) {
      for (const row of page) yield [String(row.key), String(row.value)];
    }
  }

  async removeAll(prefix: string): Promise<number> {
    let live = 0;
    for await (const page of pages(prefix, (range, values) =>
      this.#queries.write(
        `DELETE FROM ${TABLE} WHERE namespace = $1 AND key = ANY(ARRAY(
           SELECT key FROM ${TABLE} WHERE namespace = $1 AND ${range} ORDER BY key COLLATE "C" LIMIT ${PAGE_SIZE}))
         RETURNING key, expires IS NULL OR expires > $4 AS live`,
        [this.#records, ...values, this.#now()],
      ),
    )) {
      live += page.filter((row) => row.live === true).length;
    }
    return live;
  }

  #names(keys: readonly string[]): RecordName[] {
    return keys.map((key) => ({ namespace: this.#records, key }));
  }
}

/** One statement that is made of parts, and the values for its placeholders. */
class Statement {
  sql = '';
  readonly values: unknown[] = [];

  /** Appends a text, with a placeholder for each value in it. */
  add(parts: TemplateStringsArray, ...values: unknown[]): this {
    for (const [index, part] of parts.entries()) {
      this.sql += index === 0 ? part : `$${this.values.push(values[index - 1])}${part}`;
    }
    return this;
  }
}

/** All by the primary key, in its order. */
function select(records: readonly RecordName[], now: number): Statement {
  const statement = new Statement();
  statement.sql = `SELECT namespace, key, value FROM ${TABLE} WHERE (`;
  for (const [index, { namespace, key }] of records.entries()) {
    if (index > 0) statement.add` OR `;
    statement.add`namespace = ${namespace} AND key = ${key}`;
  }
  return statement.add`) AND (expires IS NULL OR expires > ${now}) ORDER BY namespace, key`;
}

function textsOf(records: readonly RecordName[], rows: Rows): (string | undefined)[] {
  // A namespace has no colon.
  const texts = new Map(rows.map((row) => [`${row.namespace}:${row.key}`, String(row.value)]));
  return records.map(({ namespace, key }) => texts.get(`${namespace}:${key}`));
}

/** @returns One statement for all changes, or undefined when there are none. */
function writeAll(
  records: readonly RecordName[],
  current: readonly (string | undefined)[],
  changes: readonly TextChange[],
  now: number,
): Statement | undefined {
  const statement = new Statement();
  for (const [index, { namespace, key }] of records.entries()) {
    const change = changes[index];
    if (change === undefined) continue;
    statement.sql += `${statement.sql === '' ? 'WITH' : '),'} change_${index} AS (`;
    if (change === 'remove') {
      statement.sql += `DELETE FROM ${TABLE}`;
      statement.add` WHERE namespace = ${namespace} AND key = ${key}`;
    } else if (change.ttlMs === undefined && current[index] !== undefined) {
      statement.sql += `UPDATE ${TABLE} SET`;
      statement.add` value = ${change.text} WHERE namespace = ${namespace} AND key = ${key}`;
    } else {
      statement.sql += `INSERT INTO ${TABLE} (namespace, key, value, expires)`;
      statement.add` VALUES (${namespace}, ${key}, ${change.text}, ${expiryOf(change.ttlMs, now)})
        ON CONFLICT (namespace, key) DO UPDATE SET value = excluded.value, expires = excluded.expires`;
    }
  }
  return statement.sql === '' ? undefined : statement.add`) SELECT 1`;
}

/**
 * Reads and changes several records at once. A change holds what it has read until it ends: the locks of the transaction keep
 * others from writing these records, also those that are not there yet, and the rows are kept from those who remove a whole prefix.
 */
export function createPostgresChanges(queries: PostgresQueries, now: () => number): Pick<Backend, 'read' | 'change'> {
  // Otherwise those that wait for the same record would take all connections.
  const queue = createChangeQueue();
  return {
    async read(records) {
      const { sql, values } = select(records, now());
      return textsOf(records, await queries.read(sql, values));
    },
    change: (records, decide, isTooLate) =>
      queue(records, () =>
        queries.transaction(records, async (query) => {
          const at = now();
          const { sql, values } = select(records, at);
          const current = textsOf(records, await query(`${sql} FOR UPDATE`, values));
          const write = writeAll(records, current, decide(current), at);
          if (write === undefined) return { end: 'ROLLBACK' };
          await query(write.sql, write.values);
          if (isTooLate()) throw new StorageError('The storage took too long to change records.');
          return { end: 'COMMIT' };
        }),
      ),
  };
}

function expiryOf(ttlMs: number | undefined, now: number): number | null {
  return ttlMs === undefined ? null : now + ttlMs;
}

/**
 * Asks for one page after the other of what begins with the prefix.
 *
 * Each page has one lower bound: with two of them, the server looks through everything from the first one on. The collation is
 * written out, so that a prefix is a range in a table that somebody made with another one, too.
 * @param read Gets the condition for the key, as $2 and $3, and its values.
 */
async function* pages(
  prefix: string,
  read: (range: string, values: [start: string, end: string]) => Promise<Record<string, unknown>[]>,
): AsyncGenerator<Record<string, unknown>[]> {
  const end = prefix + LAST_CODE_POINT;
  let page = await read('key COLLATE "C" >= $2 AND key COLLATE "C" < $3', [prefix, end]);
  while (page.length > 0) {
    yield page;
    if (page.length < PAGE_SIZE) return;
    // By bytes, as the collation C does; what was deleted comes in no order.
    const last = page.map((row) => String(row.key)).reduce((one, other) => (isAfter(one, other) ? one : other));
    page = await read('key COLLATE "C" > $2 AND key COLLATE "C" < $3', [last, end]);
  }
}

function isAfter(one: string, other: string): boolean {
  return Buffer.compare(Buffer.from(one), Buffer.from(other)) > 0;
}

/** Deletes what has expired, a slice at a time. */
export async function sweepRecords({ write }: PostgresQueries, now: number): Promise<void> {
  while (true) {
    // A record that was written again meanwhile has another time, and stays.
    const deleted = await write(
      `DELETE FROM ${TABLE} WHERE expires <= $1 AND ctid = ANY(ARRAY(
         SELECT ctid FROM ${TABLE} WHERE expires <= $1 ORDER BY expires LIMIT ${SLICE_SIZE} FOR UPDATE SKIP LOCKED))
       RETURNING 1`,
      [now],
    );
    if (deleted.length < SLICE_SIZE) return;
  }
}
