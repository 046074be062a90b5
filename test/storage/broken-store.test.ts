import { randomBytes } from 'node:crypto';
import { chmod, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openSqliteFile } from '../../src/storage/backends/sqlite-database.ts';
import { NOTHING_WRITTEN } from '../../src/storage/backends/sqlite-writes.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { StorageError } from '../../src/storage/record-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Opens a file, saves "a" = "first" in it, and closes it again. */
async function usedFile(keys: Buffer[] = []): Promise<string> {
  const file = join(await temporaryFolder(), 'records.sqlite');
  const storage = await openStorage({ url: `sqlite:${file}`, keys });
  await storage.records('texts', z.string()).save('a', 'first');
  await storage.close();
  return file;
}

/** Runs statements on the file, as somebody would who got hold of it. */
async function tamper(file: string, sql: string): Promise<void> {
  const database = await openSqliteFile(file);
  await database.write((connection) => connection.exec(sql));
  await database.close();
}

async function findAfterwards(file: string, keys: Buffer[], key = 'a'): Promise<unknown> {
  const storage = await openStorage({ url: `sqlite:${file}`, keys });
  try {
    return await storage.records('texts', z.string()).find(key);
  } finally {
    await storage.close();
  }
}

describe('a store that is broken says so, and never looks empty', () => {
  it('finds what was saved before it was closed and opened again in the same process', async () => {
    expect(await findAfterwards(await usedFile(), [])).toBe('first');
  });

  it('refuses a file that was emptied', async () => {
    const file = await usedFile();
    await truncate(file);
    await expect(openStorage({ url: `sqlite:${file}`, keys: [] })).rejects.toThrow(/emptied.*backup/);
  });

  it('refuses a file whose tables are gone', async () => {
    const file = await usedFile();
    await tamper(file, 'DROP TABLE records; DROP TABLE marker');
    await expect(openStorage({ url: `sqlite:${file}`, keys: [] })).rejects.toThrow(/not a store/);
  });

  it('refuses a file that is something else', async () => {
    const file = join(await temporaryFolder(), 'notes.txt');
    await writeFile(file, 'Dear diary, '.repeat(1000));
    await expect(openStorage({ url: `sqlite:${file}`, keys: [] })).rejects.toThrow(/damaged.*backup/);
    expect(await readFile(file, 'utf8')).toContain('Dear diary');
  });

  it('refuses a file whose pages were overwritten, when it is opened or when it is read', async () => {
    const file = await usedFile();
    const bytes = await readFile(file);
    await writeFile(file, bytes.fill(0xee, 100));
    await expect(findAfterwards(file, [])).rejects.toThrow(StorageError);
  });

  it('refuses to begin anew next to the log of a file that was lost', async () => {
    const file = join(await temporaryFolder(), 'records.sqlite');
    await writeFile(`${file}-wal`, 'the last writes');
    await expect(openStorage({ url: `sqlite:${file}`, keys: [] })).rejects.toThrow(/missing.*backup/);
  });

  it('begins anew after a first start that was killed halfway', async () => {
    const file = join(await temporaryFolder(), 'records.sqlite');
    await writeFile(`${file}.new`, 'half a stor');
    expect(await findAfterwards(file, [])).toBeUndefined();
  });

  it('names the folder that cannot be made', async () => {
    const file = join(await usedFile(), 'below-a-file', 'records.sqlite');
    const error = await openStorage({ url: `sqlite:${file}`, keys: [] }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StorageError);
    expect(String(error)).toMatch(/below-a-file cannot be written.*STORAGE_URL/);
  });

  it.skipIf(process.getuid?.() === 0)('names the file that is read-only', async () => {
    const file = await usedFile();
    await chmod(file, 0o400);
    await expect(openStorage({ url: `sqlite:${file}`, keys: [] })).rejects.toThrow(/cannot be written/);
  });

  it('refuses a file that another bot has open, and leaves that one at work', async () => {
    const file = await usedFile();
    const storage = await openStorage({ url: `sqlite:${file}`, keys: [] });
    await expect(openStorage({ url: `sqlite:${file}`, keys: [] })).rejects.toThrow(/another process/);
    await storage.records('texts', z.string()).save('b', 'second');
    await storage.close();
    expect(await findAfterwards(file, [], 'b')).toBe('second');
  });

  it('rejects with the wrong key, and without a key', async () => {
    const file = await usedFile([randomBytes(32)]);
    await expect(findAfterwards(file, [randomBytes(32)])).rejects.toThrow(/STORAGE_KEY/);
    await expect(findAfterwards(file, [])).rejects.toThrow(/STORAGE_KEY/);
  });

  it('rejects an encrypted record that was changed', async () => {
    const keys = [randomBytes(32)];
    const file = await usedFile(keys);
    await tamper(file, `UPDATE records SET value = substr(value, 1, 40) || 'AAAA' || substr(value, 45)`);
    await expect(findAfterwards(file, keys)).rejects.toThrow(StorageError);
  });

  it('rejects a record that was copied to another key or namespace', async () => {
    const keys = [randomBytes(32)];
    const file = await usedFile(keys);
    await tamper(file, `INSERT INTO records SELECT namespace, 'b', value, expires FROM records`);
    await tamper(file, `INSERT INTO records SELECT 'others', key, value, expires FROM records WHERE key = 'a'`);
    await expect(findAfterwards(file, keys, 'b')).rejects.toThrow(/not its own/);
    const storage = await openStorage({ url: `sqlite:${file}`, keys });
    await expect(storage.records('others', z.string()).find('a')).rejects.toThrow(StorageError);
    await storage.close();
  });

  it('rejects a readable record that is damaged, without quoting it', async () => {
    const file = await usedFile();
    await tamper(file, `UPDATE records SET value = 'plain1:secret{'`);
    const error = await findAfterwards(file, []).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StorageError);
    expect(String(error) + String((error as Error).cause)).not.toContain('secret');
  });

  it('encrypts what was readable with its next write', async () => {
    const keys = [randomBytes(32)];
    const file = await usedFile();
    const storage = await openStorage({ url: `sqlite:${file}`, keys });
    const texts = storage.records('texts', z.string());
    expect(await texts.update('a', (text) => `${text}, then another`)).toBe('first, then another');
    await storage.close();
    const bytes = await readFile(file);
    expect(bytes.includes('then another') || bytes.includes('first')).toBe(false);
    await expect(findAfterwards(file, [])).rejects.toThrow(/STORAGE_KEY/);
  });

  it('rejects an address of an unknown kind without quoting it', async () => {
    const error = await openStorage({ url: 'mysql://me:hunter2@db', keys: [] }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StorageError);
    expect(String(error)).not.toContain('hunter2');
  });
});

describe('writes of one turn share a transaction', () => {
  it('and one that fails leaves the others alone', async () => {
    const database = await openSqliteFile(join(await temporaryFolder(), 'records.sqlite'));
    const insert = (key: string | null) =>
      database.write((connection) => connection.run(`INSERT INTO records VALUES ('n', ?, 'v', NULL)`, key));
    const outcomes = await Promise.allSettled([insert('a'), insert(null), insert('a'), insert('b')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    const rows = await database.read((connection) => connection.all('SELECT key FROM records ORDER BY key'));
    expect(rows.map((row) => row.key)).toEqual(['a', 'b']);
    await database.close();
  });

  it('and are written when the store is closed in the same turn', async () => {
    const file = join(await temporaryFolder(), 'records.sqlite');
    const database = await openSqliteFile(file);
    const written = database.write((connection) => connection.run(`INSERT INTO records VALUES ('n', 'a', 'v', NULL)`));
    await database.close();
    expect(await written).toBe(1);
  });

  it('and so do changes of several records, while those that come to nothing write nothing', async () => {
    const file = join(await temporaryFolder(), 'records.sqlite');
    const storage = await openStorage({ url: `sqlite:${file}`, keys: [] });
    const counts = storage.records('counts', z.number());
    const change = (writes: boolean) =>
      storage.change([counts.at('a'), counts.at('b')], ([a = 0, b = 0]) => ({
        changes: writes ? [{ save: a + 1 }, { save: b + 1 }] : [],
        result: undefined,
      }));
    /** Bytes by which the log grows; each commit writes its pages anew. */
    const logged = async (run: () => Promise<unknown>) => {
      const before = (await stat(`${file}-wal`)).size;
      await run();
      return (await stat(`${file}-wal`)).size - before;
    };
    const fifty = Array.from({ length: 50 }, () => true);
    // It empties the log, and the next write begins that with a header.
    await storage.sweep();
    await change(true);
    expect(await logged(() => change(false))).toBe(0);
    const one = await logged(() => change(true));
    expect(one).toBeGreaterThan(0);
    expect(await logged(() => Promise.all(fifty.map(change)))).toBe(one);
    expect(await storage.read([counts.at('a'), counts.at('b')])).toEqual([52, 52]);
    await storage.close();
  });

  it('and a turn of those that say that they have written nothing is not committed', async () => {
    const database = await openSqliteFile(join(await temporaryFolder(), 'records.sqlite'));
    const insert = (key: string, result: unknown) =>
      database.write((connection) => {
        connection.run(`INSERT INTO records VALUES ('n', ?, 'v', NULL)`, key);
        return result;
      });
    await Promise.all([insert('a', NOTHING_WRITTEN), insert('b', NOTHING_WRITTEN)]);
    await Promise.all([insert('c', NOTHING_WRITTEN), insert('d', undefined)]);
    const rows = await database.read((connection) => connection.all('SELECT key FROM records ORDER BY key'));
    expect(rows.map((row) => row.key)).toEqual(['c', 'd']);
    await database.close();
  });

  it('and refuse a boolean and NUL before SQLite sees them', async () => {
    const database = await openSqliteFile(join(await temporaryFolder(), 'records.sqlite'));
    for (const value of [true as unknown as string, 'a\0b', Number.NaN]) {
      await expect(database.read((connection) => connection.all('SELECT ?', value))).rejects.toThrow(TypeError);
    }
    await database.close();
  });
});

describe('what has expired is swept', () => {
  it('when the store is opened', async () => {
    const file = join(await temporaryFolder(), 'records.sqlite');
    const before = await openStorage({ url: `sqlite:${file}`, keys: [] });
    await before.records('texts', z.string()).save('short', 'x', 1000);
    await before.records('texts', z.string()).save('long', 'x', 100_000);
    await before.close();
    await (await openStorage({ url: `sqlite:${file}`, keys: [], now: () => Date.now() + 5000 })).close();
    const database = await openSqliteFile(file);
    const rows = await database.read((connection) => connection.all('SELECT key FROM records'));
    expect(rows.map((row) => row.key)).toEqual(['long']);
    await database.close();
  });
});
