import { execFileSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { connectSqlite } from '../../src/storage/backends/sqlite-driver.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { StorageError } from '../../src/storage/record-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** What stands where the store should be, and what the refusal says about it. `make` gets the path of the file. */
const FOREIGN: Record<string, { make: (file: string) => Promise<unknown>; refusal: RegExp }> = {
  "another program's SQLite file": {
    make: (file) => makeDatabase(file, 'CREATE TABLE notes (text); INSERT INTO notes VALUES (1)'),
    refusal: /not a store of this bot.*backup/,
  },
  "another program's SQLite file that has a table of the same name": {
    make: (file) =>
      makeDatabase(file, `CREATE TABLE marker (text TEXT PRIMARY KEY); INSERT INTO marker VALUES ('red')`),
    refusal: /not a store of this bot/,
  },
  "another program's SQLite file with a text that looks like ours": {
    make: (file) => makeDatabase(file, `CREATE TABLE t (x); INSERT INTO t VALUES ('openticket records, format 1')`),
    refusal: /not a store of this bot/,
  },
  "another program's SQLite file in WAL mode": {
    make: (file) => makeDatabase(file, 'PRAGMA journal_mode = WAL; CREATE TABLE notes (text)'),
    refusal: /not a store of this bot/,
  },
  "another program's SQLite file whose program was killed, with the log that it left": {
    async make(file) {
      const elsewhere = join(await temporaryFolder(), 'used.sqlite');
      const connection = await connectSqlite(elsewhere);
      connection.exec('PRAGMA journal_mode = WAL; CREATE TABLE notes (text); INSERT INTO notes VALUES (1)');
      await cp(elsewhere, file);
      await cp(`${elsewhere}-wal`, `${file}-wal`);
      connection.close();
    },
    refusal: /not a store of this bot/,
  },
  "another program's SQLite file with large pages": {
    make: (file) => makeDatabase(file, 'PRAGMA page_size = 65536; CREATE TABLE notes (text)'),
    refusal: /not a store of this bot/,
  },
  'a SQLite file without a table': {
    make: (file) => makeDatabase(file, 'PRAGMA user_version = 3'),
    refusal: /not a store of this bot/,
  },
  'a store of a later version of this bot': {
    async make(file) {
      await makeStore(file);
      await makeDatabase(file, `UPDATE marker SET text = 'openticket records, format 12'`);
    },
    refusal: /newer version.*format 12.*format 1\./,
  },
  'a file without contents': { make: (file) => writeFile(file, ''), refusal: /emptied.*backup/ },
  'a text': {
    make: (file) => writeFile(file, 'Dear diary, '.repeat(1000)),
    refusal: /no SQLite file, or damaged.*backup/,
  },
  'a short text': { make: (file) => writeFile(file, 'Dear diary'), refusal: /no SQLite file, or damaged/ },
  'the beginning of a SQLite file': { make: (file) => writeFile(file, 'SQLite format 3\0'), refusal: /damaged/ },
  'a folder': { make: (file) => mkdir(file), refusal: /is a folder.*STORAGE_URL/ },
  'a link to a disk that is not mounted': {
    make: (file) => symlink('/folder-that-nobody-has/records.sqlite', file),
    refusal: /link to a file that is not there.*Mount/,
  },
  'a pipe': { make: async (file) => execFileSync('mkfifo', [file]), refusal: /device or a pipe/ },
};

async function makeDatabase(file: string, sql: string): Promise<void> {
  const connection = await connectSqlite(file);
  connection.exec(sql);
  connection.close();
}

async function makeStore(file: string): Promise<void> {
  const storage = await openStorage({ url: `sqlite:${file}`, keys: [] });
  await storage.records('texts', z.string()).save('a', 'first');
  await storage.close();
}

/** Every file of a folder with its bytes. */
async function contentsOf(folder: string): Promise<Record<string, string>> {
  const contents: Record<string, string> = {};
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    contents[entry.name] = entry.isFile() ? await readFile(join(folder, entry.name), 'base64') : 'no file';
  }
  return contents;
}

describe.each(Object.entries(FOREIGN))('%s', (_what, { make, refusal }) => {
  test('is refused, and not a byte of it or beside it is changed', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'records.sqlite');
    await make(file);
    const before = await contentsOf(folder);
    const opening = openStorage({ url: `sqlite:${file}`, keys: [] });
    await expect(opening).rejects.toThrow(StorageError);
    await expect(opening).rejects.toThrow(refusal);
    await expect(opening).rejects.toThrow(file);
    expect(await contentsOf(folder)).toEqual(before);
  });
});

test.each(['-wal', '-journal'])('a %s without its file is left for whoever repairs it', async (ending) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, `records.sqlite${ending}`), 'the last writes');
  await expect(openStorage({ url: `sqlite:${folder}/records.sqlite`, keys: [] })).rejects.toThrow(/missing.*backup/);
  expect(await readdir(folder)).toEqual([`records.sqlite${ending}`]);
});

test('a file beside the store that ends in .new belongs to somebody else', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'records.sqlite.new'), 'mine');
  await makeStore(join(folder, 'records.sqlite'));
  expect(await readFile(join(folder, 'records.sqlite.new'), 'utf8')).toBe('mine');
});

test.each([
  ['as a kill leaves it', 'PRAGMA journal_mode = WAL'],
  ['that was compacted', 'VACUUM'],
  ['that was given larger pages', 'PRAGMA page_size = 16384; VACUUM'],
  ['that was given the smallest pages', 'PRAGMA page_size = 1024; VACUUM'],
  ['whose file says who writes to it', 'PRAGMA application_id = 1; PRAGMA user_version = 2'],
])('a store of ours %s is opened', async (_what, sql) => {
  const file = join(await temporaryFolder(), 'records.sqlite');
  await makeStore(file);
  await makeDatabase(file, sql);
  const storage = await openStorage({ url: `sqlite:${file}`, keys: [] });
  expect(await storage.records('texts', z.string()).find('a')).toBe('first');
  await storage.close();
});

test('a store that was written out as statements and read in again is opened', async () => {
  const folder = await temporaryFolder();
  await makeStore(join(folder, 'records.sqlite'));
  const connection = await connectSqlite(join(folder, 'records.sqlite'));
  const [schema, rows] = [
    connection.all('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL'),
    connection.all('SELECT * FROM records'),
  ];
  connection.close();
  const copy = await connectSqlite(join(folder, 'copy.sqlite'));
  for (const { sql } of schema) copy.exec(String(sql));
  copy.run('INSERT INTO marker VALUES (?)', 'openticket records, format 1');
  for (const { namespace, key, value } of rows) {
    copy.run('INSERT INTO records VALUES (?, ?, ?, NULL)', String(namespace), String(key), String(value));
  }
  copy.close();
  const storage = await openStorage({ url: `sqlite:${folder}/copy.sqlite`, keys: [] });
  expect(await storage.records('texts', z.string()).find('a')).toBe('first');
  await storage.close();
});
