import type { Backend } from './backend.ts';
import { exerciseTexts } from './exercise-texts.ts';
import { createPostgresDriver, numbered, POSTGRES_DIALECT, TABLE } from './postgres-driver.ts';
import { postgresError } from './postgres-failure.ts';
import {
  createPostgresPool,
  lockStatements,
  POSTGRES_DEADLINE_MS,
  type PostgresPool,
  type PostgresQueries,
} from './postgres-pool.ts';
import type { RawRecord, RecordSource } from './raw-records.ts';
import { checkServerAddress } from './server-address.ts';
import { codeOf, StorageServerError } from './server-failure.ts';
import { readRows, replaceRows } from './sql-raw-records.ts';
import { sweepTable } from './sql-sweep.ts';
import { createSqlTexts } from './sql-texts.ts';

/** Keys sort by bytes (collation C), so that a prefix is a range of the index. `expires`: milliseconds since 1970. */
const CREATE_TABLE = `CREATE TABLE IF NOT EXISTS ${TABLE} (
  namespace TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  value TEXT NOT NULL,
  expires BIGINT,
  PRIMARY KEY (namespace, key)
)`;
const CREATE_INDEX = `CREATE INDEX IF NOT EXISTS ${TABLE}_by_expiry ON ${TABLE} (expires) WHERE expires IS NOT NULL`;
/** What the bot does with the table. */
const RIGHTS = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];

/**
 * Connects to a server, makes sure of the table and tries all that the bot will do with it.
 * @param onError Hears of lost connections that nobody was using.
 * @throws {StorageServerError} within {@link POSTGRES_DEADLINE_MS} milliseconds where nobody answers.
 */
export async function openPostgresBackend(
  url: string,
  now: () => number,
  onError: (error: Error) => void,
): Promise<Backend> {
  const pool = createPostgresPool(checkedAddress(url), onError);
  let isNew = false;
  try {
    await createTable(pool);
    await checkRights(pool);
    isNew = (await pool.read(`SELECT 1 FROM ${TABLE} WHERE namespace = 'secret' LIMIT 1`)).length === 0;
    // Undone at the end: whoever may not delete leaves nothing behind either.
    await pool.transaction([], async (query) => {
      const withinThis: PostgresQueries = {
        read: query,
        write: query,
        async transaction(records, run) {
          await query(`SELECT 1${lockStatements(records)}`);
          await run(query);
        },
      };
      await exerciseTexts(createSqlTexts(createPostgresDriver(withinThis), now));
      return { end: 'ROLLBACK' };
    });
  } catch (cause) {
    await pool.close();
    throw postgresError(cause, { isTls: /[?&]ssl/.test(url) });
  }
  const driver = createPostgresDriver(pool);
  return {
    description: 'postgres',
    isShared: true,
    isNew,
    deadlineMs: POSTGRES_DEADLINE_MS,
    ...createSqlTexts(driver, now),
    sweep: (longestLives = new Map()) => sweepTable(driver, longestLives, now),
    allRecords: () => readSnapshot(pool),
    replaceAll: (pages) =>
      pool.transaction([], async (query) => {
        // Records come from a file or another server, which may be slow. Who starts a bot meanwhile is told that it waits too long.
        await query(`SET LOCAL idle_in_transaction_session_timeout = 0; LOCK TABLE ${TABLE} IN ACCESS EXCLUSIVE MODE`);
        await replaceRows(POSTGRES_DIALECT, ({ sql, values }) => query(numbered(sql), values), pages);
        return { end: 'COMMIT' };
      }),
    close: () => pool.close(),
  };
}

/** @throws {StorageServerError} */
function checkedAddress(url: string): string {
  // As its client library does: a % that begins no code is a %.
  const address = url.replace(/%(?![0-9a-f]{2})/gi, '%25');
  checkServerAddress(address);
  return address;
}

/**
 * Opens a store for reading. Makes nothing where there is none.
 * @throws {StorageServerError}
 */
export async function openPostgresSource(url: string): Promise<RecordSource> {
  const pool = createPostgresPool(checkedAddress(url), () => {});
  const explain = (cause: unknown) => postgresError(cause, { isTls: /[?&]ssl/.test(url) });
  try {
    const [found] = await pool.read('SELECT to_regclass($1) IS NOT NULL AS table', [TABLE]);
    if (found?.table !== true) {
      throw new StorageServerError({
        problem: `There is no store in this database: it has no table ${TABLE}.`,
        remedy: 'Look at the name of the database.',
      });
    }
  } catch (cause) {
    await pool.close();
    throw explain(cause);
  }
  return {
    description: 'postgres',
    isOneMoment: true,
    async *pages() {
      try {
        yield* readSnapshot(pool);
      } catch (cause) {
        throw explain(cause);
      }
    },
    close: () => pool.close(),
  };
}

function readSnapshot(pool: PostgresPool): AsyncIterable<readonly RawRecord[]> {
  return pool.snapshot((query) => readRows(POSTGRES_DIALECT, ({ sql, values }) => query(numbered(sql), values)));
}

/** Skipped where the table is there: who may use it may not create one in every installation. */
async function createTable({ read, transaction }: PostgresPool): Promise<void> {
  const [found] = await read('SELECT to_regclass($1) IS NOT NULL AS table, to_regclass($2) IS NOT NULL AS index', [
    TABLE,
    `${TABLE}_by_expiry`,
  ]);
  if (found?.table === true && found.index === true) return;
  try {
    await transaction([], async (query) => {
      // Two that create the same table at the same time end in a duplicate key of the catalogue.
      await query('SELECT pg_advisory_xact_lock(727420)');
      await query(CREATE_TABLE);
      await query(CREATE_INDEX);
      return { end: 'COMMIT' };
    });
  } catch (cause) {
    if (codeOf(cause) !== '42501') throw cause;
    throw new StorageServerError(
      {
        problem: 'The role of STORAGE_URL may not create the table openticket_records and its index (42501).',
        remedy:
          'Let an administrator run: GRANT USAGE, CREATE ON SCHEMA public TO <role>; or create both as docs/storage.md shows.',
      },
      { cause },
    );
  }
}

/** @throws {StorageServerError} naming every right that is missing; the server names none. */
async function checkRights({ read }: PostgresPool): Promise<void> {
  const rows = await read('SELECT name FROM unnest($1::text[]) AS name WHERE NOT has_table_privilege($2, name)', [
    RIGHTS,
    TABLE,
  ]);
  const missing = rows.map(({ name }) => String(name)).join(', ');
  if (missing === '') return;
  throw new StorageServerError({
    problem: `The role of STORAGE_URL lacks rights on the table openticket_records: ${missing} (42501).`,
    remedy: `Let its owner run: GRANT ${missing} ON openticket_records TO <role>;`,
  });
}
