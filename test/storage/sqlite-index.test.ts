import { expect, it, onTestFinished } from 'vitest';
import { createSqliteBackend } from '../../src/storage/backends/sqlite-backend.ts';
import { openSqliteMemory, type SqliteDatabase } from '../../src/storage/backends/sqlite-database.ts';
import type { SqliteConnection, SqliteValue } from '../../src/storage/backends/sqlite-driver.ts';

/** One statement, and how many rows it gave back or changed. */
interface Asked {
  readonly sql: string;
  readonly values: readonly SqliteValue[];
  readonly rows: number;
}

/** A backend in memory, with many records of others, that tells what it asks the database. */
async function createBackend(others: number) {
  const database = await openSqliteMemory();
  onTestFinished(() => database.close());
  await database.write((connection) => {
    for (let row = 0; row < others; row += 1) {
      const key = `person-${row % 500}/${row}`;
      connection.run('INSERT INTO records VALUES (?, ?, ?, ?)', 'texts', key, 'text', row % 2 === 0 ? null : 5000);
    }
  });
  let asked: Asked[] = [];
  const observed = (connection: SqliteConnection): SqliteConnection => ({
    ...connection,
    all(sql, ...values) {
      const rows = connection.all(sql, ...values);
      asked.push({ sql, values, rows: rows.length });
      return rows;
    },
    run(sql, ...values) {
      const rows = connection.run(sql, ...values);
      asked.push({ sql, values, rows });
      return rows;
    },
  });
  const observedDatabase: SqliteDatabase = {
    ...database,
    read: (query) => database.read((connection) => query(observed(connection))),
    write: (change) => database.write((connection) => change(observed(connection))),
  };
  const backend = createSqliteBackend(observedDatabase, 'test', () => 1000);
  return {
    backend,
    /** What the backend asks the database meanwhile. */
    async askedBy(run: () => Promise<unknown>): Promise<Asked[]> {
      asked = [];
      await run();
      return asked;
    },
    /** How SQLite looks up what a statement is about. Afterwards nothing more can be written: libsql leaves it unfinished. */
    async planOf({ sql, values }: Asked): Promise<string> {
      const steps = await database.read((connection) => connection.all(`EXPLAIN QUERY PLAN ${sql}`, ...values));
      return steps.map(({ detail }) => detail).join('; ');
    },
  };
}

const names = (...keys: string[]) => keys.map((key) => ({ namespace: 'texts', key }));

async function lookUpOnePerson(others: number) {
  const { backend, askedBy, planOf } = await createBackend(others);
  for (const record of names('ada/1', 'ada/2', 'ada/3')) await backend.save(record, 'text', 9000);
  const listing = await askedBy(async () => {
    const keys: string[] = [];
    for await (const [key] of backend.entries('texts', 'ada/')) keys.push(key);
    expect(keys).toEqual(['ada/1', 'ada/2', 'ada/3']);
  });
  const reading = await askedBy(() => backend.read(names('ada/1', 'ada/3', 'ada/9')));
  const changing = await askedBy(() =>
    backend.change(
      names('ada/1', 'ada/2', 'bob/1'),
      () => [{ text: 'other' }, 'remove', { text: 'new' }],
      () => false,
    ),
  );
  const removing = await askedBy(async () => expect(await backend.removeAll('texts', 'ada/')).toBe(2));
  const rowsOf = (all: Asked[]) => all.map(({ rows }) => rows);
  const rows = [listing, reading, changing, removing].map(rowsOf);
  const plans: string[] = [];
  for (const one of [...listing, ...reading, ...changing, ...removing]) plans.push(await planOf(one));
  return { rows, plans };
}

it("one person's records are found by the primary key, at the cost of these alone, however many others there are", async () => {
  const amongMany = await lookUpOnePerson(10_000);
  expect(amongMany).toEqual(await lookUpOnePerson(0));
  // A change asks once for all, and writes each.
  expect(amongMany.rows).toEqual([[3], [2], [2, 1, 1, 1], [2]]);
  expect(amongMany.plans[0]).toBe(
    'SEARCH records USING INDEX sqlite_autoindex_records_1 (namespace=? AND key>? AND key<?)',
  );
  for (const plan of amongMany.plans) expect(plan).not.toMatch(/SCAN/);
});

it('what has expired, or would live too long, is found by the index of expiries', async () => {
  const { backend, askedBy, planOf } = await createBackend(10_000);
  await backend.save({ namespace: 'texts', key: 'a' }, 'text', 1);
  await backend.save({ namespace: 'texts', key: 'b' }, 'text', 1e9);
  const asked = await askedBy(() => backend.sweep(new Map([['texts', 10_000]])));
  expect(asked.map(({ rows }) => rows)).toEqual([1, 1, 0, 1]);
  for (const one of asked.slice(0, 3)) expect(await planOf(one)).toContain('INDEX records_by_expiry');
});
