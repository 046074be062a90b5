import type { Backend } from './backend.ts';
import { exerciseTexts } from './exercise-texts.ts';
import { createPostgresDriver, TABLE } from './postgres-driver.ts';
import { postgresError } from './postgres-failure.ts';
import {
  createPostgresPool,
  lockStatements,
  POSTGRES_DEADLINE_MS,
  type PostgresPool,
  type PostgresQueries,
} from './postgres-pool.ts';
import { checkServerAddress } from './server-address.ts';
import { codeOf, StorageServerError } from './server-failure.ts';
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
  // As its client library does: a % that begins no code is a %.
  const address = url.replace(/%(?![0-9a-f]{2})/gi, '%25');
  checkServerAddress(address);
  const pool = createPostgresPool(address, onError);
  try {
    await createTable(pool);
    await checkRights(pool);
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
    deadlineMs: POSTGRES_DEADLINE_MS,
    ...createSqlTexts(driver, now),
    sweep: (longestLives = new Map()) => sweepTable(driver, longestLives, now),
    close: () => pool.close(),
  };
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
