import { KeyvPostgres } from '@keyv/postgres';
import pg, { type Pool } from 'pg';
import { LAST_CODE_POINT } from '../record-key.ts';
import { StorageError } from '../record-store.ts';
import type { Backend, RecordAdapter } from './record-adapter.ts';

const TABLE = 'openticket_records';
/** Records that are read at once while walking through a namespace. */
const PAGE_SIZE = 200;
/** Milliseconds for getting a connection. */
const CONNECT_TIMEOUT_MS = 1500;
/** Milliseconds for one statement on the server; it is undone after that. */
const STATEMENT_TIMEOUT_MS = 1900;
/** Milliseconds until we stop waiting for an answer: a little more, so that the server speaks first if it can. */
const QUERY_TIMEOUT_MS = 2000;
/** Milliseconds for a whole call. */
const DEADLINE_MS = 2500;

/** Keys sort by bytes (collation C), so that a prefix is a range of the index. `expires`: milliseconds since 1970. */
const CREATE_TABLE = `CREATE TABLE IF NOT EXISTS ${TABLE} (
  namespace TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  value TEXT NOT NULL,
  expires BIGINT,
  PRIMARY KEY (namespace, key)
)`;
const CREATE_INDEX = `CREATE INDEX IF NOT EXISTS ${TABLE}_by_expiry ON ${TABLE} (expires) WHERE expires IS NOT NULL`;

type Rows = Record<string, unknown>[];
type Query = (sql: string, values?: unknown[]) => Promise<Rows>;

/**
 * A keyv adapter for one namespace of a PostgreSQL table. Of @keyv/postgres it keeps the shape and replaces what would
 * lose or mix records: its pool (a server restart ends the process), its table (no expiry, one namespace) and so
 * every statement.
 */
export class PostgresAdapter extends KeyvPostgres implements RecordAdapter {
  readonly #query: Query;
  readonly #records: string;
  readonly #now: () => number;

  constructor(query: Query, records: string, now: () => number) {
    super({ table: TABLE });
    this.on('error', () => {});
    this.#query = query;
    this.#records = records;
    this.#now = now;
  }

  /** Called by the base class, which then wants to create its own table: there is nothing for it to talk to. */
  override async connect(): Promise<Query> {
    return async () => [];
  }

  override async disconnect(): Promise<void> {}

  async read(key: string): Promise<string | undefined> {
    const [text] = await this.getMany([key]);
    return text;
  }

  // biome-ignore lint/suspicious/noExplicitAny: keyv's generic parameter promises a type that no adapter can know.
  override get(key: string): Promise<any> {
    return this.read(key);
  }

  // biome-ignore lint/suspicious/noExplicitAny: as in get().
  override async getMany(keys: string[]): Promise<any[]> {
    const rows = await this.#query(
      `SELECT key, value FROM ${TABLE} WHERE namespace = $1 AND key = ANY($2) AND (expires IS NULL OR expires > $3)`,
      [this.#records, keys, this.#now()],
    );
    const texts = new Map(rows.map((row) => [row.key, String(row.value)]));
    return keys.map((key) => texts.get(key));
  }

  override async has(key: string): Promise<boolean> {
    return (await this.read(key)) !== undefined;
  }

  override async set(key: string, text: string, ttlMs?: number): Promise<void> {
    await this.#query(
      `INSERT INTO ${TABLE} (namespace, key, value, expires) VALUES ($1, $2, $3, $4)
       ON CONFLICT (namespace, key) DO UPDATE SET value = excluded.value, expires = excluded.expires`,
      [this.#records, key, text, this.#expires(ttlMs)],
    );
  }

  override async setMany(entries: { key: string; value: string; ttl?: number }[]): Promise<void> {
    for (const { key, value, ttl } of entries) await this.set(key, value, ttl);
  }

  override async delete(key: string): Promise<boolean> {
    return this.deleteMany([key]);
  }

  override async deleteMany(keys: string[]): Promise<boolean> {
    const rows = await this.#query(
      `DELETE FROM ${TABLE} WHERE namespace = $1 AND key = ANY($2) AND (expires IS NULL OR expires > $3) RETURNING 1`,
      [this.#records, keys, this.#now()],
    );
    return rows.length > 0;
  }

  override async clear(): Promise<void> {
    await this.removeAll('');
  }

  override async *iterator(): AsyncGenerator<[string, string], void, unknown> {
    yield* this.entries('');
  }

  async insert(key: string, text: string, ttlMs?: number): Promise<boolean> {
    const rows = await this.#query(
      `INSERT INTO ${TABLE} AS stored (namespace, key, value, expires) VALUES ($1, $2, $3, $4)
       ON CONFLICT (namespace, key) DO UPDATE SET value = excluded.value, expires = excluded.expires
       WHERE stored.expires <= $5 RETURNING 1`,
      [this.#records, key, text, this.#expires(ttlMs), this.#now()],
    );
    return rows.length === 1;
  }

  async replace(key: string, expected: string, text: string, ttlMs?: number): Promise<boolean> {
    const rows = await this.#query(
      `UPDATE ${TABLE} SET value = $4, expires = CASE WHEN $6 THEN $5 ELSE expires END
       WHERE namespace = $1 AND key = $2 AND value = $3 AND (expires IS NULL OR expires > $7) RETURNING 1`,
      [this.#records, key, expected, text, this.#expires(ttlMs), ttlMs !== undefined, this.#now()],
    );
    return rows.length === 1;
  }

  async take(key: string): Promise<string | undefined> {
    const [row] = await this.#query(
      `DELETE FROM ${TABLE} WHERE namespace = $1 AND key = $2 AND (expires IS NULL OR expires > $3) RETURNING value`,
      [this.#records, key, this.#now()],
    );
    return row === undefined ? undefined : String(row.value);
  }

  async *entries(prefix: string): AsyncGenerator<[string, string], void, unknown> {
    let last = '';
    while (true) {
      const page = await this.#query(
        `SELECT key, value FROM ${TABLE}
         WHERE namespace = $1 AND key >= $2 AND key > $3 AND key < $4 AND (expires IS NULL OR expires > $5)
         ORDER BY key LIMIT ${PAGE_SIZE}`,
        [this.#records, prefix, last, prefix + LAST_CODE_POINT, this.#now()],
      );
      for (const row of page) yield [String(row.key), String(row.value)];
      if (page.length < PAGE_SIZE) return;
      last = String(page.at(-1)?.key);
    }
  }

  async removeAll(prefix: string): Promise<number> {
    const [row] = await this.#query(
      `WITH deleted AS (DELETE FROM ${TABLE} WHERE namespace = $1 AND key >= $2 AND key < $3 RETURNING expires)
       SELECT count(*) AS live FROM deleted WHERE expires IS NULL OR expires > $4`,
      [this.#records, prefix, prefix + LAST_CODE_POINT, this.#now()],
    );
    return Number(row?.live);
  }

  #expires(ttlMs: number | undefined): number | null {
    return ttlMs === undefined ? null : this.#now() + ttlMs;
  }
}

/**
 * Connects to a server and makes sure of the table.
 * @param onError Hears of lost connections that nobody was using.
 * @throws {StorageError} within {@link DEADLINE_MS} milliseconds.
 */
export async function openPostgresBackend(
  url: string,
  now: () => number,
  onError: (error: Error) => void,
): Promise<Backend> {
  const pool = new pg.Pool({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
  });
  // Without a listener, a connection that breaks while idle ends the process.
  pool.on('error', onError);
  const query: Query = async (sql, values) => (await pool.query(sql, values)).rows;
  try {
    await createTable(pool);
  } catch (cause) {
    await pool.end();
    throw new StorageError(
      'PostgreSQL cannot be used. Check STORAGE_URL, the server, and the right to create tables.',
      {
        cause,
      },
    );
  }
  return {
    description: 'postgres',
    deadlineMs: DEADLINE_MS,
    adapter: (namespace) => new PostgresAdapter(query, namespace, now),
    async sweep() {
      await query(`DELETE FROM ${TABLE} WHERE expires <= $1`, [now()]);
    },
    async close() {
      await pool.end();
    },
  };
}

/** Skipped where the table is there: who may use it may not create one in every installation. */
async function createTable(pool: Pool): Promise<void> {
  const { rows } = await pool.query('SELECT to_regclass($1) IS NOT NULL AS exists', [`${TABLE}_by_expiry`]);
  if (rows[0]?.exists === true) return;
  // The lock: two that create the same table at the same time end in a duplicate key of the catalogue.
  await pool.query(`BEGIN; SELECT pg_advisory_xact_lock(727420); ${CREATE_TABLE}; ${CREATE_INDEX}; COMMIT`);
}
