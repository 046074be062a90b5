import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import keyvTestSuite from '@keyv/test-suite';
import { Keyv } from 'keyv';
import * as vitest from 'vitest';
import { afterAll, beforeAll, describe } from 'vitest';
import { createSqliteBackend } from '../../src/storage/backends/sqlite-backend.ts';
import { openSqliteFile, type SqliteDatabase } from '../../src/storage/backends/sqlite-database.ts';
import { KeyvAdapter } from '../../src/storage/keyv-adapter.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { describeRecordStore, type StorageUnderTest } from '../contracts/record-store.ts';

async function underTest(
  url: string,
  keys: Buffer[],
  isFile: boolean,
  dispose: () => Promise<void>,
): Promise<StorageUnderTest> {
  let passedMs = 0;
  const storage = await openStorage({ url, keys, now: () => Date.now() + passedMs });
  return {
    storage,
    openAnother: isFile ? () => openStorage({ url, keys }) : 'its records are gone with its process',
    ttlMs: 60_000,
    passTime: async (ms) => {
      passedMs += ms;
    },
    async dispose() {
      await storage.close();
      await dispose();
    },
  };
}

describe.each([
  ['readable', []],
  ['encrypted', [randomBytes(32)]],
])('a SQLite file, %s', (_, keys: Buffer[]) => {
  describeRecordStore(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'openticket-storage-'));
    const url = `sqlite:${join(folder, 'made', 'here', 'records.sqlite')}`;
    return underTest(url, keys, true, () => rm(folder, { recursive: true }));
  });
});

describe('SQLite in memory', () => {
  describeRecordStore(() => underTest('sqlite::memory:', [], false, async () => {}));
});

describe('the test suite of keyv on SQLite', () => {
  let folder: string;
  let database: SqliteDatabase;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openticket-storage-'));
    database = await openSqliteFile(join(folder, 'suite.sqlite'));
  });
  afterAll(async () => {
    await database.close();
    await rm(folder, { recursive: true });
  });

  // Its declared type of the first argument is that of another vitest.
  keyvTestSuite(
    vitest as never,
    Keyv as never,
    () => new KeyvAdapter(createSqliteBackend(database, 'suite', Date.now), 'suite'),
  );
});
