import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { createSqliteBackend } from '../../src/storage/backends/sqlite-backend.ts';
import { openSqliteFile, openSqliteMemory, type SqliteDatabase } from '../../src/storage/backends/sqlite-database.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Records in each of these stores: several pages, and several slices. */
const MANY = 3500;

async function fill(database: SqliteDatabase, expires: number | null): Promise<SqliteDatabase> {
  await database.write((connection) => {
    for (let row = 0; row < MANY; row += 1) {
      const key = `person/${String(row).padStart(6, '0')}`;
      connection.run('INSERT INTO records VALUES (?, ?, ?, ?)', 'texts', key, `text ${row}`, expires);
    }
  });
  return database;
}

async function openFilled(expires: number | null) {
  const database = await fill(await openSqliteMemory(), expires);
  onTestFinished(() => database.close());
  return { database, backend: createSqliteBackend(database, 'test', () => 1000) };
}

/** Runs something, and counts how often the event loop serves somebody else until it is done. */
async function turnsDuring<T>(run: () => Promise<T>): Promise<{ turns: number; result: T }> {
  let isDone = false;
  let turns = 0;
  const counting = (async () => {
    while (!isDone) {
      await turn();
      turns += 1;
    }
  })();
  const result = await run();
  isDone = true;
  await counting;
  return { turns, result };
}

async function count(database: SqliteDatabase): Promise<unknown> {
  return (await database.read((connection) => connection.all('SELECT count(*) AS n FROM records')))[0]?.n;
}

it('a walk through many records lets everybody else have a turn after each page', async () => {
  const { backend } = await openFilled(null);
  const { turns, result } = await turnsDuring(async () => {
    const keys: string[] = [];
    for await (const [key] of backend.entries('texts', 'person/')) keys.push(key);
    return keys;
  });
  expect(new Set(result).size).toBe(MANY);
  expect(turns).toBeGreaterThanOrEqual(10);
});

it('a walk through expired records alone lets everybody else have a turn, too', async () => {
  const { backend } = await openFilled(999);
  const { turns, result } = await turnsDuring(async () => {
    let found = 0;
    for await (const _ of backend.entries('texts', '')) found += 1;
    return found;
  });
  expect(result).toBe(0);
  expect(turns).toBeGreaterThanOrEqual(10);
});

it('a sweep deletes in slices, and others write in between', async () => {
  const { database, backend } = await openFilled(999);
  const left: unknown[] = [];
  const { turns } = await turnsDuring(async () => {
    const sweeping = backend.sweep();
    for (let writes = 0; writes < 3; writes += 1) {
      await backend.save({ namespace: 'texts', key: `somebody/${writes}` }, 'else');
      left.push(await count(database));
    }
    await sweeping;
  });
  expect(left).toEqual([MANY - 1000 + 1, MANY - 2000 + 2, MANY - 3000 + 3]);
  expect(turns).toBeGreaterThanOrEqual(4);
  expect(await count(database)).toBe(3);
});

it('removing what belongs to one person is done in slices, and counts what had not expired', async () => {
  const { database, backend } = await openFilled(null);
  await backend.save({ namespace: 'texts', key: 'person/expired' }, 'x', -1);
  await backend.save({ namespace: 'texts', key: 'person2/other' }, 'x');
  const { turns, result } = await turnsDuring(() => backend.removeAll('texts', 'person/'));
  expect(result).toBe(MANY);
  expect(turns).toBeGreaterThanOrEqual(4);
  expect(await count(database)).toBe(1);
});

it('a record that is written again while a sweep runs stays', async () => {
  const { database, backend } = await openFilled(999);
  const sweeping = backend.sweep();
  await backend.save({ namespace: 'texts', key: 'person/003499' }, 'again', 5000);
  await sweeping;
  expect(await count(database)).toBe(1);
});

it('a start waits for no sweep, and a stop in the middle of it fails nothing', async () => {
  const file = join(await temporaryFolder(), 'records.sqlite');
  await fill(await openSqliteFile(file), 999).then((database) => database.close());
  const warnings: unknown[] = [];
  const log = { warn: (...said: unknown[]) => void warnings.push(said) };
  const storage = await openStorage({ url: `sqlite:${file}`, keys: [], log: log as never });
  await storage.close();
  await turn();
  expect(warnings).toEqual([]);
  const database = await openSqliteFile(file);
  expect(await count(database)).toBe(MANY - 1000);
  await database.close();
});
