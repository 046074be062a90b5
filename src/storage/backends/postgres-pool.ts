import { createHash } from 'node:crypto';
import pg, { type PoolClient } from 'pg';
import type { RecordName } from './backend.ts';

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
const BEGIN = `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}; SET LOCAL idle_in_transaction_session_timeout = ${IDLE_TIMEOUT_MS}`;

/** Somebody who writes a long file may take longer between two statements. */
const BEGIN_SNAPSHOT = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}; SET LOCAL idle_in_transaction_session_timeout = 0`;

export type Rows = Record<string, unknown>[];
/** Runs one statement. */
export type Query = (sql: string, values?: readonly unknown[]) => Promise<Rows>;

/** How statements reach the server. */
export interface PostgresQueries {
  /** For what changes nothing: no transaction, one way to the server and back. */
  readonly read: Query;
  /**
   * For one statement that writes, which is undone on the server when it takes too long.
   * @param records Those that it may write, as far as they are known. It waits for changes of them that others have begun.
   */
  write(sql: string, values?: readonly unknown[], records?: readonly RecordName[]): Promise<Rows>;
  /** Runs several statements in a transaction. @param records Kept for this transaction until it ends, also those that are not there. */
  transaction(
    records: readonly RecordName[],
    run: (query: Query) => Promise<{ readonly end: 'COMMIT' | 'ROLLBACK' }>,
  ): Promise<void>;
}

/** Connections to a server. */
export interface PostgresPool extends PostgresQueries {
  /** Runs several statements, which see the server as it stands at one moment and may change nothing. */
  snapshot<T>(run: (query: Query) => AsyncIterable<T>): AsyncIterable<T>;
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

  async function transaction(...[records, run]: Parameters<PostgresQueries['transaction']>): Promise<void> {
    const client = await pool.connect();
    let isUsable = true;
    const query: Query = async (sql, values) => {
      try {
        return (await client.query(sql, values && [...values])).rows;
      } catch (error) {
        // A connection that did not answer, or is lost, is given up.
        isUsable &&= error instanceof pg.DatabaseError;
        throw error;
      }
    };
    try {
      await query(BEGIN + lockStatements(records));
      const { end } = await run(query);
      await query(end);
    } catch (error) {
      isUsable &&= await isRolledBack(client);
      throw error;
    } finally {
      client.release(!isUsable);
    }
  }
  return {
    read: async (sql, values) => (await pool.query(sql, values && [...values])).rows,
    async write(sql, values, records = []) {
      let rows: Rows = [];
      await transaction(records, async (query) => {
        rows = await query(sql, values);
        return { end: 'COMMIT' };
      });
      return rows;
    },
    transaction,
    async *snapshot(run) {
      const client = await pool.connect();
      let isDone = false;
      try {
        await client.query(BEGIN_SNAPSHOT);
        yield* run(async (sql, values) => (await client.query(sql, values && [...values])).rows);
        await client.query('COMMIT');
        isDone = true;
      } finally {
        // A connection that is still in the transaction is given up.
        client.release(!isDone);
      }
    },
    close: () => pool.end(),
  };
}

async function isRolledBack(client: PoolClient): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return true;
  } catch {
    return false;
  }
}

/**
 * Locks that the server keeps until the end of the transaction, one for each record, whether it is there or not. All take them in
 * the same order, so that no two ever wait for each other. Without parameters, to go along with the beginning.
 */
export function lockStatements(records: readonly RecordName[]): string {
  const numbers = records.map(({ namespace, key }) =>
    createHash('sha256').update(`openticket:${namespace}:${key}`).digest().readBigInt64BE(),
  );
  const inOrder = [...new Set(numbers)].sort((one, other) => (one < other ? -1 : 1));
  return inOrder.map((number) => `; SELECT pg_advisory_xact_lock(${number})`).join('');
}
