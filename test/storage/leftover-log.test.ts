import { copyFile, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { connectSqlite } from '../../src/storage/backends/sqlite-driver.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { StorageError } from '../../src/storage/record-store.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { runStore } from '../support/store-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** What a kill leaves at one moment, and the records that are acknowledged then. */
interface Remains {
  readonly file: Buffer;
  readonly log: Buffer | undefined;
  readonly records: readonly string[];
}

const open = (file: string) => openStorage({ url: `sqlite:${file}`, keys: [] });
const texts = (storage: Storage) => storage.records('texts', z.string());

async function keysOf(storage: Storage): Promise<string[]> {
  const keys: string[] = [];
  for await (const [key] of texts(storage).entries()) keys.push(key);
  return keys.sort();
}

async function remainsOf(file: string, storage: Storage): Promise<Remains> {
  return {
    file: await readFile(file),
    log: await readFile(`${file}-wal`).catch(() => undefined),
    records: await keysOf(storage),
  };
}

async function save(storage: Storage, name: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await texts(storage).save(`${name}/${index}`, name.repeat(700));
}

/** Puts a file and a log where a store is looked for. */
async function putBack(file: Buffer, log: Buffer | undefined): Promise<string> {
  const path = join(await temporaryFolder(), 'records.sqlite');
  await writeFile(path, file);
  if (log) await writeFile(`${path}-wal`, log);
  return path;
}

/** Opens a store. @returns Its keys, or what the refusal says. */
async function keysOrRefusal(file: string): Promise<string[] | StorageError> {
  try {
    const storage = await open(file);
    const keys = await keysOf(storage);
    await storage.close();
    return keys;
  } catch (error) {
    if (error instanceof StorageError) return error;
    throw error;
  }
}

/** What kills would leave in the life of a store with two starts, logs that begin anew, and a checkpoint in the middle of many writes. */
async function manyRemains(): Promise<Remains[]> {
  const file = join(await temporaryFolder(), 'records.sqlite');
  const remains: Remains[] = [];
  for (const start of ['a', 'b']) {
    const storage = await open(file);
    const note = async () => remains.push(await remainsOf(file, storage));
    await note();
    await save(storage, `${start}1`, 3);
    await note();
    await storage.sweep();
    await note();
    await save(storage, `${start}2`, 3);
    await note();
    await texts(storage).removeAll(`${start}1`);
    await note();
    // Longer than a log gets before SQLite empties it by itself.
    await save(storage, `${start}3`, 300);
    await note();
    await save(storage, `${start}4`, 50);
    await note();
    await storage.close();
  }
  return remains;
}

describe('a file and a log', () => {
  test('of two moments are never taken for a store that was not, and of one moment always are taken', async () => {
    const remains = await manyRemains();
    const outcomes = { taken: 0, refused: 0 };
    for (const [ofFile, { file }] of remains.entries()) {
      for (const [ofLog, { log, records }] of remains.entries()) {
        if (log === undefined || log.length === 0) continue;
        const path = await putBack(file, log);
        const found = await keysOrRefusal(path);
        if (found instanceof StorageError) {
          expect(found.message).toMatch(/-wal does not belong to .*Nothing was changed/);
          expect(ofFile).not.toBe(ofLog);
          expect([file.equals(await readFile(path)), log.equals(await readFile(`${path}-wal`))]).toEqual([true, true]);
          outcomes.refused += 1;
        } else {
          expect(found, `the file of ${ofFile} with the log of ${ofLog}`).toEqual(records);
          outcomes.taken += 1;
        }
      }
    }
    expect(outcomes.refused).toBeGreaterThan(50);
    expect(outcomes.taken).toBeGreaterThanOrEqual(10);
  });

  test.each([
    ['few', 3],
    ['many', 120],
  ])(
    'are refused when an old copy is put back by hand over what a kill left after %s tickets; the documented way works',
    async (_many, count) => {
      const folder = await temporaryFolder();
      const file = join(folder, 'records.sqlite');
      const before = await open(file);
      await save(before, 'before', 20);
      await before.close();
      const copy = join(folder, 'copy.sqlite');
      await copyFile(file, copy);
      const bot = await open(file);
      await save(bot, 'after', count);
      const killed = await remainsOf(file, bot);
      await bot.close();

      await writeFile(`${file}-wal`, killed.log ?? '');
      await copyFile(copy, file);
      const refusal = await keysOrRefusal(file);
      expect(refusal).toBeInstanceOf(StorageError);
      expect(String(refusal)).toContain(`move ${file}-wal and ${file}-shm away`);
      const backup = await runStore(['backup', join(folder, 'backup.jsonl')], { STORAGE_URL: `sqlite:${file}` });
      expect(backup).toMatchObject({
        code: 1,
        said: expect.stringContaining(`${file}-wal does not belong to ${file}`),
      });
      expect((await readdir(folder)).sort()).toEqual(['copy.sqlite', 'records.sqlite', 'records.sqlite-wal']);

      await rename(`${file}-wal`, join(folder, 'log-of-the-other'));
      const keys = await keysOrRefusal(file);
      expect(keys).toHaveLength(20);
    },
  );

  test('that a version left which did not number its commits are taken when they fit together, and refused when not', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'records.sqlite');
    await (await open(file)).close();
    const older = await connectSqlite(file);
    older.all('PRAGMA journal_mode = WAL');
    const add = (from: number, to: number) => {
      for (let index = from; index < to; index += 1) {
        older.run(
          `INSERT INTO records VALUES ('texts', ?, ?, NULL)`,
          `${index}`,
          `plain1:{"value":{"key":"${index}","record":"${'x'.repeat(900)}"}}`,
        );
      }
    };
    add(0, 20);
    older.all('PRAGMA wal_checkpoint(TRUNCATE)');
    const earlier = await readFile(file);
    add(20, 400);
    older.all('PRAGMA wal_checkpoint(TRUNCATE)');
    const later = await readFile(file);
    add(400, 420);
    const log = await readFile(`${file}-wal`);
    older.close();
    expect(await keysOrRefusal(await putBack(later, log))).toHaveLength(420);
    expect(String(await keysOrRefusal(await putBack(earlier, log)))).toMatch(/is damaged.*backup/);
  });
});

test('a store whose pages do not fit together is refused when it is opened, before anybody is served from it', async () => {
  const file = join(await temporaryFolder(), 'records.sqlite');
  const storage = await open(file);
  await save(storage, 'a', 60);
  await storage.close();
  const bytes = await readFile(file);
  const pageSize = 4096;
  const pages = bytes.length / pageSize;
  // A page of a place where it does not belong, as a disk that wrote it elsewhere would have.
  bytes.copy(bytes, (pages - 2) * pageSize, (pages - 1) * pageSize);
  expect(String(await keysOrRefusal(await putBack(bytes, undefined)))).toMatch(/is damaged.*backup/);
});
