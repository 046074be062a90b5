import { EventEmitter } from 'node:events';
import { LAST_CODE_POINT } from '../record-key.ts';
import type { PostgresQueries } from './postgres-pool.ts';
import type { RecordAdapter } from './record-adapter.ts';

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
      [this.#records, key, text, this.#expires(ttlMs)],
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
    );
    return rows.length > 0;
  }

  async clear(): Promise<void> {
    await this.removeAll(this.namespace ? `${this.namespace}:` : '');
  }

  async insert(key: string, text: string, ttlMs?: number): Promise<boolean> {
    const rows = await this.#queries.write(
      `INSERT INTO ${TABLE} AS stored (namespace, key, value, expires) VALUES ($1, $2, $3, $4)
       ON CONFLICT (namespace, key) DO UPDATE SET value = excluded.value, expires = excluded.expires
       WHERE stored.expires <= $5 RETURNING 1`,
      [this.#records, key, text, this.#expires(ttlMs), this.#now()],
    );
    return rows.length === 1;
  }

  async replace(key: string, expected: string, text: string, ttlMs?: number): Promise<boolean> {
    const rows = await this.#queries.write(
      `UPDATE ${TABLE} SET value = $4, expires = CASE WHEN $6 THEN $5 ELSE expires END
       WHERE namespace = $1 AND key = $2 AND value = $3 AND (expires IS NULL OR expires > $7) RETURNING 1`,
      [this.#records, key, expected, text, this.#expires(ttlMs), ttlMs !== undefined, this.#now()],
    );
    return rows.length === 1;
  }

  async take(key: string): Promise<string | undefined> {
    const [row] = await this.#queries.write(
      `DELETE FROM ${TABLE} WHERE namespace = $1 AND key = $2 AND (expires IS NULL OR expires > $3) RETURNING value`,
      [this.#records, key, this.#now()],
    );
    return row === undefined ? undefined : String(row.value);
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

  #expires(ttlMs: number | undefined): number | null {
    return ttlMs === undefined ? null : this.#now() + ttlMs;
  }
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
