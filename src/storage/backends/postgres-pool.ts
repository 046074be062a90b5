import pg, { type PoolClient } from 'pg';

/** Milliseconds for getting a connection. */
const CONNECT_TIMEOUT_MS = 1500;
/** Milliseconds for one statement that writes, on the server; it is undone after that. */
const STATEMENT_TIMEOUT_MS = 1900;
/** Milliseconds that the server keeps a transaction open for a bot that has stopped in the middle of it. */
const IDLE_TIMEOUT_MS = 5000;
/** Milliseconds until we stop waiting for an answer: a little more, so that the server speaks first if it can. */
const QUERY_TIMEOUT_MS = 2000;
/** Milliseconds for a whole call. */
export const POSTGRES_DEADLINE_MS = 2500;

/**
 * The limits hold for one transaction. As parameters of the connection, PgBouncer refuses them; set after connecting, they would
 * stay on a connection that it gives to others.
 */
const BEGIN = `BEGIN; SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}; SET LOCAL idle_in_transaction_session_timeout = ${IDLE_TIMEOUT_MS}`;

export type Rows = Record<string, unknown>[];
/** Runs one statement. */
export type Query = (sql: string, values?: unknown[]) => Promise<Rows>;

/** How the adapter reaches the server. */
export interface PostgresQueries {
  /** For what changes nothing: no transaction, one way to the server and back. */
  readonly read: Query;
  /** For one statement that writes, which is undone on the server when it takes too long. */
  readonly write: Query;
}

/** Connections to a server. */
export interface PostgresPool extends PostgresQueries {
  /** Runs several statements on one connection, in a transaction. @param end What to do with it when all went well. */
  transaction<R>(end: 'COMMIT' | 'ROLLBACK', run: (query: Query) => Promise<R>): Promise<R>;
  close(): Promise<void>;
}

/** @param onError Hears of lost connections that nobody was using. */
export function createPostgresPool(url: string, onError: (error: Error) => void): PostgresPool {
  const pool = new pg.Pool({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
  });
  // Without a listener, a connection that breaks ends the process: the first is for those that are idle, the second for those in use.
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', () => {}));

  async function transaction<R>(end: 'COMMIT' | 'ROLLBACK', run: (query: Query) => Promise<R>): Promise<R> {
    const client = await pool.connect();
    let isUsable = false;
    try {
      await client.query(BEGIN);
      const result = await run(async (sql, values) => (await client.query(sql, values)).rows);
      await client.query(end);
      isUsable = true;
      return result;
    } catch (error) {
      isUsable = await rolledBack(client, error);
      throw error;
    } finally {
      client.release(!isUsable);
    }
  }
  return {
    read: async (sql, values) => (await pool.query(sql, values)).rows,
    write: (sql, values) => transaction('COMMIT', (query) => query(sql, values)),
    transaction,
    close: () => pool.end(),
  };
}

/** @returns Whether the connection can be used again. One that did not answer, or is lost, is given up. */
async function rolledBack(client: PoolClient, error: unknown): Promise<boolean> {
  if (!(error instanceof pg.DatabaseError)) return false;
  try {
    await client.query('ROLLBACK');
    return true;
  } catch {
    return false;
  }
}
