import { execFileSync } from 'node:child_process';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import {
  freePort,
  type OwnServer,
  programPath,
  selfSignedCertificate,
  startPgBouncer,
  startPostgres,
  startPostgresStandby,
} from '../../sandbox/store-servers.ts';
import { storageCheck } from '../../src/health/checks/storage-check.ts';
import { createPostgresDriver } from '../../src/storage/backends/postgres-driver.ts';
import { createPostgresPool, type PostgresQueries } from '../../src/storage/backends/postgres-pool.ts';
import { createSqlTexts } from '../../src/storage/backends/sql-texts.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { StorageError } from '../../src/storage/record-store.ts';
import type { Storage } from '../../src/storage/storage.ts';

const isThere = programPath('initdb') !== undefined;
if (!isThere) it.skip('PostgreSQL in many forms: install postgresql to run these tests', () => {});
const hasPooler = isThere && programPath('pgbouncer') !== undefined;
if (!hasPooler) it.skip('PgBouncer: install pgbouncer and postgresql to run these tests', () => {});
const hasOpenssl = isThere && programPath('openssl') !== undefined;
if (!hasOpenssl) it.skip('PostgreSQL over TLS: install openssl and postgresql to run these tests', () => {});

let server: OwnServer;
beforeAll(async () => {
  if (isThere) server = await startPostgres();
});
afterAll(() => server?.stop());

/** Runs statements as the administrator of the server. */
async function administer<R = Record<string, unknown>>(sql: string, database = 'postgres', on = server): Promise<R[]> {
  const client = new pg.Client({ host: on.folder, port: on.port, user: 'openticket', database });
  await client.connect();
  try {
    const result: unknown = await client.query(sql);
    return (Array.isArray(result) ? result.at(-1) : result).rows;
  } finally {
    await client.end();
  }
}

let databases = 0;
/** Makes a database of its own, with a role who may do nothing there but connect. @returns Its address. */
async function databaseForTest(options = ''): Promise<{ url: string; database: string }> {
  databases += 1;
  const database = `tickets_${databases}`;
  await administer(`CREATE DATABASE ${database} ${options}`);
  return { url: urlOf(database), database };
}

function urlOf(database: string, credentials = 'ada:hunter2'): string {
  return `postgres://${credentials}@127.0.0.1:${server.port}/${database}`;
}

/** What a failed start says last, and what the doctor says. */
async function expectRefusal(url: string, pattern: RegExp): Promise<void> {
  const error = await openStorage({ url, keys: [] }).then(
    (storage) => storage.close(),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StorageError);
  const result = await storageCheck({ open: () => openStorage({ url, keys: [] }), place: 'the server' }).run();
  if (result.kind !== 'fail') throw new Error(`the doctor is content: ${result.message}`);
  for (const text of [(error as StorageError).message, `${result.message} > ${result.remedy}`]) {
    expect(text).toMatch(/STORAGE_URL/);
    expect(text).toMatch(pattern);
    expect(text).not.toMatch(/\n|127\.0\.0\.1|hunter2|100%|\bada\b|tickets_/);
  }
}

async function open(url: string): Promise<Storage> {
  const storage = await openStorage({ url, keys: [] });
  onTestFinished(() => storage.close());
  return storage;
}

beforeAll(async () => {
  if (isThere) await administer("CREATE ROLE ada LOGIN PASSWORD 'hunter2'");
});

describe.runIf(isThere)('a PostgreSQL that does not do all that the bot asks of it is refused, by name:', () => {
  it('a role who may not create tables', async () => {
    const { url } = await databaseForTest();
    await expectRefusal(url, /may not create.*42501.*GRANT USAGE, CREATE ON SCHEMA public/);
  });

  it.each(['SELECT', 'INSERT', 'UPDATE', 'DELETE'])('a role who lacks %s', async (right) => {
    const { url, database } = await databaseForTest();
    await administer('GRANT USAGE, CREATE ON SCHEMA public TO ada', database);
    await (await openStorage({ url, keys: [] })).close();
    await administer('ALTER TABLE openticket_records OWNER TO openticket', database);
    const rights = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'].filter((other) => other !== right);
    await administer(`GRANT ${rights.join(', ')} ON openticket_records TO ada`, database);
    await expectRefusal(url, new RegExp(`lacks rights .*: ${right} \\(42501\\).*GRANT ${right} ON`));
    await administer(`GRANT ${right} ON openticket_records TO ada`, database);
    await (await open(url)).check();
  });

  it('read-only transactions', async () => {
    const { url, database } = await databaseForTest('OWNER ada');
    await (await openStorage({ url, keys: [] })).close();
    await administer(`ALTER DATABASE ${database} SET default_transaction_read_only = on`);
    await expectRefusal(url, /read-only.*25006/);
  });

  it('a standby, with and without the table', async () => {
    const { url } = await databaseForTest('OWNER ada');
    const { url: used } = await databaseForTest('OWNER ada');
    await (await openStorage({ url: used, keys: [] })).close();
    const standby = await startPostgresStandby(server);
    onTestFinished(() => standby.stop());
    for (const address of [url, used]) {
      await expectRefusal(address.replace(`:${server.port}/`, `:${standby.port}/`), /standby.*25006.*primary/);
    }
  });

  it('a database that cannot keep every character', async () => {
    const { url } = await databaseForTest("OWNER ada ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
    await expectRefusal(url, /every character \(22P05\).*ENCODING 'UTF8'/);
  });

  it('a table of somebody else with the same name', async () => {
    const { url, database } = await databaseForTest();
    await administer(
      `CREATE TABLE openticket_records (namespace text, key text, value text, expires bigint);
       CREATE INDEX openticket_records_by_expiry ON openticket_records (expires); GRANT ALL ON openticket_records TO ada`,
      database,
    );
    await expectRefusal(url, /openticket_records is not as the bot makes it \(42P10\)/);
  });

  it('a search path that leads nowhere', async () => {
    const { url, database } = await databaseForTest('OWNER ada');
    await administer(`ALTER DATABASE ${database} SET search_path = nowhere`);
    await expectRefusal(url, /search_path.*3F000/);
  });

  it('and what was tried leaves nothing behind', async () => {
    const { url, database } = await databaseForTest('OWNER ada');
    await (await openStorage({ url, keys: [] })).close();
    expect(await administer('SELECT * FROM openticket_records', database)).toEqual([]);
  });
});

describe.runIf(isThere)('what an operator got wrong is named with its cause:', () => {
  it('a wrong password', () => expectRefusal(urlOf('postgres', 'ada:wrong'), /28P01.*% as %25/));
  it('a wrong role', () => expectRefusal(urlOf('postgres', 'nobody:hunter2'), /28P01/));
  it('no password', () => expectRefusal(urlOf('postgres', 'ada'), /password, and STORAGE_URL has none/));
  it('a database that does not exist', () => expectRefusal(urlOf('tickets_none'), /3D000.*CREATE DATABASE/));
  it('TLS to a server without it', () =>
    expectRefusal(`${urlOf('postgres')}?sslmode=verify-full`, /asks for TLS.*take sslmode out/));
  it('a certificate file that is not there', () =>
    expectRefusal(`${urlOf('postgres')}?sslmode=verify-full&sslrootcert=/none/authority.pem`, /file.*TLS.*ENOENT/));

  it('a role who may not log in', async () => {
    await administer("CREATE ROLE sleeper NOLOGIN PASSWORD 'hunter2'");
    await expectRefusal(urlOf('postgres', 'sleeper:hunter2'), /28000.*CREATE ROLE/);
  });

  it('no connection left', async () => {
    await administer("CREATE ROLE crowd LOGIN CONNECTION LIMIT 0 PASSWORD 'hunter2'");
    await expectRefusal(urlOf('postgres', 'crowd:hunter2'), /too many connections \(53300\)/);
  });

  it('a port on which nobody listens', async () => {
    await expectRefusal(`postgres://ada:hunter2@127.0.0.1:${await freePort()}/x`, /ECONNREFUSED.*host and port/);
  });

  it('a host that does not exist', () => expectRefusal('postgres://ada:hunter2@db.invalid/x', /ENOTFOUND|EAI_AGAIN/));
  it('a socket that does not exist', () => expectRefusal('postgres://ada:hunter2@/x?host=/none', /socket.*ENOENT/));
});

describe('an address that is not encoded is refused with the way to write it:', () => {
  it.each([
    'postgres://ada:hunter2#1@127.0.0.1/tickets',
    'postgres://ada:hunter2/1@127.0.0.1/tickets',
    'postgres://ada:hunter2?1@127.0.0.1/tickets',
    'postgres://ada:12/hunter2@127.0.0.1/tickets',
    'postgres://ada:hunter2%ff@127.0.0.1/tickets',
    'postgresql://ada:hunter2@127.0.0.1:port/tickets',
  ])('%s', (url) => expectRefusal(url, /STORAGE_URL.*% as %25/));
});

describe.runIf(isThere)('a password with special characters works', () => {
  it.each([
    ['encoded', 'ben:100%25sure%40%2F%23'],
    ['with an @ that is not', 'ben:100%25sure@%2F%23'],
    ['with a % that is not, where it can only be meant', 'ben:100%sure%40%2F%23'],
  ])('%s', async (_, credentials) => {
    await administer("DROP ROLE IF EXISTS ben; CREATE ROLE ben LOGIN PASSWORD '100%sure@/#'");
    const { database } = await databaseForTest();
    await administer('GRANT USAGE, CREATE ON SCHEMA public TO ben', database);
    await (await openStorage({ url: urlOf(database, credentials), keys: [] })).close();
    await administer('DROP OWNED BY ben', database);
  });
});

describe.runIf(hasOpenssl)('a PostgreSQL over TLS', () => {
  it('whose certificate nobody vouches for is named so, with the code; and one that wants TLS says so', async () => {
    const { key, certificate } = await selfSignedCertificate(server.folder);
    const secured = await startPostgres(['ssl=on', `ssl_key_file=${key}`, `ssl_cert_file=${certificate}`]);
    onTestFinished(() => secured.stop());
    const url = `postgres://openticket:hunter2@127.0.0.1:${secured.port}/postgres`;
    await expectRefusal(`${url}?sslmode=verify-full`, /DEPTH_ZERO_SELF_SIGNED_CERT.*NODE_EXTRA_CA_CERTS/);

    const [file] = await administer<{ hba_file: string }>('SHOW hba_file', 'postgres', secured);
    execFileSync('sed', ['-i', 's/^host /hostssl /', String(file?.hba_file)]);
    await administer('SELECT pg_reload_conf()', 'postgres', secured);
    await administer("ALTER ROLE openticket PASSWORD 'hunter2'", 'postgres', secured);
    await expectRefusal(url, /without TLS \(28000\).*sslmode=verify-full/);
    await (await open(`${url}?sslmode=verify-full&sslrootcert=${certificate}`)).check();
  });
});

describe.runIf(hasPooler)('PgBouncer in transaction mode', () => {
  let pooler: OwnServer;
  let url: string;
  beforeAll(async () => {
    pooler = await startPgBouncer(server);
    url = `postgres://openticket:pooled@127.0.0.1:${pooler.port}/postgres`;
  });
  afterAll(() => pooler?.stop());

  it('works with its defaults, also with many at once', async () => {
    const storage = await open(url);
    const counters = storage.records('counters', z.number());
    await counters.removeAll('');
    await Promise.all(Array.from({ length: 30 }, () => counters.update('a', (count = 0) => count + 1, 60_000)));
    expect(await counters.find('a')).toBe(30);
    expect(await counters.removeAll('')).toBe(1);
  });

  it('gets its connections back as they were', async () => {
    const storage = await open(url);
    await storage.check();
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    const { rows } = await other.query('SHOW statement_timeout');
    await other.end();
    expect(rows).toEqual([{ statement_timeout: '0' }]);
  });

  it('names a parameter that it refuses', () =>
    expectRefusal(`${url}?statement_timeout=5000`, /statement_timeout.*08P01/));
  it('names a wrong password', () => expectRefusal(url.replace('pooled', 'hunter2'), /08P01|28P01/));
  it('names a database that it does not know', () =>
    expectRefusal(url.replace(/postgres$/, 'tickets_x'), /does not exist \((3D000|08P01)\)/));

  it('that pools statements is refused by name', async () => {
    const statements = await startPgBouncer(server, ['pool_mode = statement']);
    onTestFinished(() => statements.stop());
    await expectRefusal(
      `postgres://openticket:pooled@127.0.0.1:${statements.port}/postgres`,
      /pools statements \(08P01\).*pool_mode = transaction/,
    );
  });

  it('that does not reach its server is named as such', async () => {
    const lost = await startPgBouncer({ ...server, port: await freePort() }, ['server_login_retry = 1']);
    onTestFinished(() => lost.stop());
    await expectRefusal(
      `postgres://openticket:pooled@127.0.0.1:${lost.port}/postgres`,
      /pooler|does not answer in time/,
    );
  });
});

describe.runIf(isThere)('a write', () => {
  it('has a limit on the server, after which it is undone there, and leaves none on the connection', async () => {
    const pool = createPostgresPool(
      `postgres:///postgres?host=${server.folder}&port=${server.port}&user=openticket`,
      () => {},
    );
    onTestFinished(() => pool.close());
    expect(await pool.write('SHOW statement_timeout')).toEqual([{ statement_timeout: '1900ms' }]);
    expect(await pool.read('SHOW statement_timeout')).toEqual([{ statement_timeout: '0' }]);
    await expect(pool.write('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' });
    expect(await pool.write('SHOW statement_timeout')).toEqual([{ statement_timeout: '1900ms' }]);
  });

  it('whose connection is lost in the middle fails, and the next one works', async () => {
    const pool = createPostgresPool(
      `postgres:///postgres?host=${server.folder}&port=${server.port}&user=openticket`,
      () => {},
    );
    onTestFinished(() => pool.close());
    await expect(pool.write('SELECT pg_terminate_backend(pg_backend_pid())')).rejects.toMatchObject({ code: '57P01' });
    expect(await pool.write('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe.runIf(isThere)("one person's records are found by an index", () => {
  let url: string;
  let database: string;
  beforeEach(async () => {
    ({ url, database } = await databaseForTest('OWNER ada'));
  });

  /** The plans of all that the bot asks the server for meanwhile. */
  async function plansOf(run: (queries: PostgresQueries) => Promise<void>): Promise<string[]> {
    const client = new pg.Client({ host: server.folder, port: server.port, user: 'openticket', database });
    await client.connect();
    const found: string[] = [];
    const query = async (sql: string, values: readonly unknown[] = []) => {
      const { rows } = await client.query(`EXPLAIN ${sql}`, [...values]);
      found.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
      return (await client.query(sql, [...values])).rows;
    };
    try {
      await client.query('ANALYZE openticket_records');
      await run({ read: query, write: query, transaction: (_, within) => within(query).then(() => {}) });
      return found;
    } finally {
      await client.end();
    }
  }

  async function listAndRemove(queries: PostgresQueries): Promise<void> {
    const texts = createSqlTexts(createPostgresDriver(queries), Date.now);
    const keys: string[] = [];
    for await (const [key] of texts.entries('texts', 'ada/')) keys.push(key);
    expect(keys).toEqual(Array.from({ length: 450 }, (_, index) => `ada/${1000 + index}`));
    expect(await texts.removeAll('texts', 'ada/')).toBe(450);
  }

  async function fill(): Promise<void> {
    await administer(
      `INSERT INTO openticket_records SELECT 'texts', 'person-' || (i % 500) || '/' || i, 'text', NULL FROM generate_series(1, 20000) i;
       INSERT INTO openticket_records SELECT 'texts', 'ada/' || (1000 + i), 'text', NULL FROM generate_series(0, 449) i`,
      database,
    );
  }

  it('with one lower bound for each page', async () => {
    await (await openStorage({ url, keys: [] })).close();
    await fill();
    const all = await plansOf(listAndRemove);
    expect(all).toHaveLength(4);
    for (const plan of all) {
      expect(plan).toMatch(
        /Index Cond: \(\(namespace = 'texts'::text\) AND \(key >=? '[^']+'::text\) AND \(key < 'ada\/.*'::text\)\)/,
      );
      expect(plan).not.toMatch(/Seq Scan/);
    }
  });

  it('and so are several records of any kinds, with one statement to read them and one to write them', async () => {
    await (await openStorage({ url, keys: [] })).close();
    await fill();
    const records = ['ada/1000', 'person-1/1', 'nobody'].map((key) => ({ namespace: 'texts', key }));
    const plans = await plansOf(async (queries) => {
      const { read, change } = createSqlTexts(createPostgresDriver(queries), Date.now);
      expect(await read(records)).toEqual(['text', 'text', undefined]);
      const changes = () => [{ text: 'other' }, 'remove' as const, { text: 'new' }];
      await change(records, changes, () => false);
      expect(await read(records)).toEqual(['other', undefined, 'new']);
    });
    expect(plans).toHaveLength(4);
    for (const plan of plans) {
      expect(plan).toMatch(/Index Cond: \(\(namespace = 'texts'::text\) AND \(key = '[^']+'::text\)\)/);
      expect(plan).not.toMatch(/Seq Scan/);
    }
  });

  it('also where the database sorts in another way', async () => {
    const [icu] = await administer("SELECT 1 FROM pg_collation WHERE collname = 'en-x-icu'");
    if (!icu) return;
    databases += 1;
    database = `tickets_${databases}`;
    await administer(
      `CREATE DATABASE ${database} OWNER ada TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en' LOCALE 'C.UTF-8'`,
    );
    await (await openStorage({ url: urlOf(database), keys: [] })).close();
    await fill();
    for (const plan of await plansOf(listAndRemove)) expect(plan).toMatch(/Index Cond: .*key >=? /);
  });

  it('and in the right order in a table that was made without a collation', async () => {
    await administer(
      `CREATE TABLE openticket_records (namespace text COLLATE "en-x-icu", key text COLLATE "en-x-icu", value text NOT NULL, expires bigint,
       PRIMARY KEY (namespace, key)); CREATE INDEX openticket_records_by_expiry ON openticket_records (expires);
       GRANT ALL ON openticket_records TO ada`,
      database,
    );
    const storage = await open(url);
    const texts = storage.records('texts', z.string());
    for (const key of ['a', 'B', 'ä', 'a/1', 'A/1', 'a-1', 'b/1']) await texts.save(key, 'text');
    const found: string[] = [];
    for await (const [key] of texts.entries('a')) found.push(key);
    expect(found).toEqual(['a', 'a-1', 'a/1']);
    expect(await texts.removeAll('a')).toBe(3);
  });
});

describe.runIf(isThere)('a sweep', () => {
  it('removes what has expired in slices, and nothing else', async () => {
    const { url, database } = await databaseForTest('OWNER ada');
    await (await openStorage({ url, keys: [] })).close();
    await administer(
      `INSERT INTO openticket_records SELECT 'texts', 'short/' || i, 'text', 1000 + i FROM generate_series(1, 2500) i;
       INSERT INTO openticket_records VALUES ('texts', 'kept/ever', 'text', NULL), ('texts', 'kept/long', 'text', 9000000000000);
       CREATE TABLE slices (deleted int);
       CREATE FUNCTION slice() RETURNS trigger AS 'BEGIN INSERT INTO slices SELECT count(*) FROM old; RETURN NULL; END' LANGUAGE plpgsql SECURITY DEFINER;
       CREATE TRIGGER slices AFTER DELETE ON openticket_records REFERENCING OLD TABLE AS old EXECUTE FUNCTION slice()`,
      database,
    );
    const storage = await open(url);
    await storage.sweep();
    const kept = await administer('SELECT key FROM openticket_records ORDER BY key', database);
    expect(kept).toEqual([{ key: 'kept/ever' }, { key: 'kept/long' }]);
    const slices = await administer<{ deleted: number }>('SELECT deleted FROM slices WHERE deleted > 0', database);
    expect(slices.reduce((sum, { deleted }) => sum + deleted, 0)).toBe(2500);
    expect(Math.max(...slices.map(({ deleted }) => deleted))).toBe(1000);
  });
});
