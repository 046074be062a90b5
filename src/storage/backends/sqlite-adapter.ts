import { EventEmitter } from 'node:events';
import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import { CLOCK_TOLERANCE_MS } from '../clock-ahead.ts';
import { LAST_CODE_POINT } from '../record-key.ts';
import type { Backend, DecideTexts, RecordAdapter, RecordName } from './record-adapter.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import type { SqliteConnection, SqliteRow, SqliteValue } from './sqlite-driver.ts';

/** Records that are read at once while walking through a namespace. Everybody else has a turn between two pages. */
const PAGE_SIZE = 200;
/** Records that are deleted in one transaction; about 10 ms. Everybody else has a turn between two slices. */
const SLICE_SIZE = 1000;

const IS_LIVE = '(expires IS NULL OR expires > ?)';
const UPSERT = `INSERT INTO records (namespace, key, value, expires) VALUES (?, ?, ?, ?)
  ON CONFLICT (namespace, key) DO UPDATE SET value = excluded.value, expires = excluded.expires`;
const UPDATE = 'UPDATE records SET value = ? WHERE namespace = ? AND key = ?';
const DELETE = `DELETE FROM records WHERE namespace = ? AND key = ? AND ${IS_LIVE}`;
/**
 * One lower bound: of two, SQLite takes the first for its search and goes through all keys between them, for every page
 * again. What has expired is skipped afterwards, so that a page has an end also where a million records have.
 */
const page = (lowerBound: '>=' | '>') => `SELECT key, CASE WHEN ${IS_LIVE} THEN value END AS value FROM records
  WHERE namespace = ? AND key ${lowerBound} ? AND key < ? ORDER BY key LIMIT ${PAGE_SIZE}`;
const FIRST_PAGE = page('>=');
const NEXT_PAGE = page('>');
const DELETE_SLICE = `DELETE FROM records WHERE namespace = ? AND key IN
  (SELECT key FROM records WHERE namespace = ? AND key >= ? AND key < ? ORDER BY key LIMIT ${SLICE_SIZE})
  RETURNING ${IS_LIVE} AS live`;
const SWEEP_SLICE = `DELETE FROM records WHERE (namespace, key) IN
  (SELECT namespace, key FROM records WHERE expires <= ? ORDER BY expires LIMIT ${SLICE_SIZE}) AND expires <= ?`;

const HAS_LATER = 'SELECT 1 FROM records WHERE expires > ? LIMIT 1';
/** By the index of expiries: nothing is looked at that expires when it may. */
const SHORTEN_SLICE = `UPDATE records SET expires = ? WHERE namespace = ? AND key IN
  (SELECT key FROM records INDEXED BY records_by_expiry WHERE namespace = ? AND expires > ? LIMIT ${SLICE_SIZE})
  AND expires > ?`;

/** A keyv adapter for one namespace of a SQLite database, over either driver. */
export class SqliteAdapter extends EventEmitter implements RecordAdapter {
  /** keyv wants one; nothing is read from it. */
  readonly opts: Record<string, unknown> = { dialect: 'sqlite' };
  /** Written by keyv when it prefixes keys itself, which ours never does; `clear()` then empties that prefix alone. */
  namespace?: string | undefined;
  readonly #database: SqliteDatabase;
  readonly #records: string;
  readonly #now: () => number;

  /** @param records The namespace that is this adapter's own, whatever keyv writes into `namespace`. */
  constructor(database: SqliteDatabase, records: string, now: () => number = () => Date.now()) {
    super();
    this.#database = database;
    this.#records = records;
    this.#now = now;
  }

  async read(key: string): Promise<string | undefined> {
    const [text] = await this.getMany([key]);
    return text;
  }

  // biome-ignore lint/suspicious/noExplicitAny: keyv's generic parameter promises a type that no adapter can know.
  async get(key: string): Promise<any> {
    return this.read(key);
  }

  // biome-ignore lint/suspicious/noExplicitAny: as in get().
  async getMany(keys: string[]): Promise<any[]> {
    if (keys.length === 0) return [];
    const records = keys.map((key) => ({ namespace: this.#records, key }));
    return this.#database.read((connection) => select(connection, records, this.#now()));
  }

  async has(key: string): Promise<boolean> {
    return (await this.read(key)) !== undefined;
  }

  async set(key: string, text: string, ttlMs?: number): Promise<boolean> {
    await this.#run(UPSERT, this.#records, key, text, this.#expires(ttlMs));
    return true;
  }

  async delete(key: string): Promise<boolean> {
    return (await this.#run(DELETE, this.#records, key, this.#now())) === 1;
  }

  async deleteMany(keys: string[]): Promise<boolean> {
    const deleted = await Promise.all(keys.map((key) => this.delete(key)));
    return deleted.includes(true);
  }

  async clear(): Promise<void> {
    await this.removeAll(this.namespace ? `${this.namespace}:` : '');
  }

  async *entries(prefix: string): AsyncGenerator<[string, string]> {
    const end = prefix + LAST_CODE_POINT;
    let rows = await this.#page(FIRST_PAGE, prefix, end);
    while (true) {
      for (const row of rows) if (row.value !== null) yield [String(row.key), String(row.value)];
      if (rows.length < PAGE_SIZE) return;
      await turnOfEventLoop();
      rows = await this.#page(NEXT_PAGE, String(rows.at(-1)?.key), end);
    }
  }

  async removeAll(prefix: string): Promise<number> {
    const range = [prefix, prefix + LAST_CODE_POINT] as const;
    let live = 0;
    while (true) {
      // Each slice is a write of its own, at the end of a turn of its own.
      const deleted = await this.#database.write((connection) =>
        connection.all(DELETE_SLICE, this.#records, this.#records, ...range, this.#now()),
      );
      live += deleted.filter((row) => row.live).length;
      if (deleted.length < SLICE_SIZE) return live;
    }
  }

  #page(sql: string, from: string, end: string): Promise<SqliteRow[]> {
    return this.#database.read((connection) => connection.all(sql, this.#now(), this.#records, from, end));
  }

  #run(sql: string, ...values: SqliteValue[]): Promise<number> {
    return this.#database.write((connection) => connection.run(sql, ...values));
  }

  #expires(ttlMs: number | undefined): number | null {
    return expiryOf(ttlMs, this.#now());
  }
}

/** One statement for all of them, each by the primary key. */
function select(connection: SqliteConnection, records: readonly RecordName[], now: number): (string | undefined)[] {
  const anyOf = records.map(() => 'namespace = ? AND key = ?').join(' OR ');
  const rows = connection.all(
    `SELECT namespace, key, value FROM records WHERE (${anyOf}) AND ${IS_LIVE}`,
    ...records.flatMap(({ namespace, key }) => [namespace, key]),
    now,
  );
  // A namespace has no colon.
  const texts = new Map(rows.map((row) => [`${row.namespace}:${row.key}`, String(row.value)]));
  return records.map(({ namespace, key }) => texts.get(`${namespace}:${key}`));
}

/** Nothing can come in between: all of it is one step of the transaction that this turn's writes share. */
async function change(
  database: SqliteDatabase,
  records: readonly RecordName[],
  decide: DecideTexts,
  now: () => number,
): Promise<void> {
  const failure = await database.write((connection) => {
    const at = now();
    const current = select(connection, records, at);
    let changes: ReturnType<DecideTexts>;
    try {
      changes = decide(current);
    } catch (cause) {
      // Handed on as a value: nothing was written yet, and the other writes of this turn need not be undone for it.
      return { cause };
    }
    for (const [index, { namespace, key }] of records.entries()) {
      const one = changes[index];
      if (one === 'remove') connection.run(DELETE, namespace, key, at);
      else if (one && one.ttlMs === undefined && current[index] !== undefined) {
        connection.run(UPDATE, one.text, namespace, key);
      } else if (one) connection.run(UPSERT, namespace, key, one.text, expiryOf(one.ttlMs, at));
    }
    return undefined;
  });
  if (failure) throw failure.cause;
}

function expiryOf(ttlMs: number | undefined, now: number): number | null {
  return ttlMs === undefined ? null : now + ttlMs;
}

/** Hands out adapters over one open database. */
export function createSqliteBackend(database: SqliteDatabase, description: string, now: () => number): Backend {
  return {
    description,
    adapter: (namespace) => new SqliteAdapter(database, namespace, now),
    read: (records) => database.read((connection) => select(connection, records, now())),
    change: (records, decide) => change(database, records, decide, now),
    async sweep(longestLives = new Map()) {
      await shortenLives(database, longestLives, now());
      // Each slice is one statement, so that a record which was written again meanwhile stays.
      const at = now();
      const slice = () => database.write((connection) => connection.run(SWEEP_SLICE, at, at));
      while ((await slice()) === SLICE_SIZE);
      // The log next to the file keeps what rows were before, until it is written over.
      await database.read((connection) => connection.all('PRAGMA wal_checkpoint(TRUNCATE)'));
    },
    close: () => database.close(),
  };
}

/** Gives what was written while the clock was ahead, and would live for as long as that was, the longest life of its kind. */
async function shortenLives(
  database: SqliteDatabase,
  longestLives: ReadonlyMap<string, number>,
  now: number,
): Promise<void> {
  const latest = now + Math.max(...longestLives.values()) + CLOCK_TOLERANCE_MS;
  if (
    longestLives.size === 0 ||
    (await database.read((connection) => connection.all(HAS_LATER, latest))).length === 0
  ) {
    return;
  }
  for (const [namespace, longestMs] of longestLives) {
    const values = [now + longestMs, namespace, namespace, latest, latest];
    const slice = () => database.write((connection) => connection.run(SHORTEN_SLICE, ...values));
    while ((await slice()) === SLICE_SIZE);
  }
}
