import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { openSqliteFile } from '../../src/storage/backends/sqlite-database.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { buildBot } from '../support/build.ts';
import { runStore } from '../support/store-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const HOUR_MS = 3_600_000;

interface Store {
  readonly folder: string;
  readonly file: string;
  readonly env: { readonly STORAGE_URL: string; readonly STORAGE_KEY: string };
}

/** A store in a folder of its own that is not made yet. */
async function storeForTest(key = ''): Promise<Store> {
  const folder = await temporaryFolder();
  const file = join(folder, 'records.sqlite');
  return { folder, file, env: { STORAGE_URL: `sqlite:${file}`, STORAGE_KEY: key } };
}

async function use<R>(
  { env }: Pick<Store, 'env'>,
  run: (storage: Storage) => Promise<R>,
  now?: () => number,
): Promise<R> {
  const keys = env.STORAGE_KEY.split(',').flatMap((key) => (key === '' ? [] : [Buffer.from(key, 'base64')]));
  const storage = await openStorage({ url: env.STORAGE_URL, keys, ...(now && { now }) });
  try {
    return await run(storage);
  } finally {
    await storage.close();
  }
}

const texts = (storage: Storage) => storage.records('texts', z.string());
const newKey = () => randomBytes(32).toString('base64');

/** Every row of a store as it stands in the file. */
async function rowsOf(file: string): Promise<unknown[]> {
  const database = await openSqliteFile(file);
  try {
    return await database.read((connection) =>
      connection.all('SELECT namespace, key, value, expires FROM records ORDER BY namespace, key'),
    );
  } finally {
    await database.close();
  }
}

/** A process that has a store open, as the bot has, and writes without a pause. */
async function startWriter(
  url: string,
): Promise<{ process: ChildProcess; written: string[]; wrote(more: number): Promise<void> }> {
  const program = fileURLToPath(new URL('./write-until-killed.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', program, url, 'run'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const written: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (key) => written.push(key));
  return {
    process: child,
    written,
    async wrote(more) {
      const wanted = written.length + more;
      while (written.length < wanted) await once(lines, 'line');
    },
  };
}

test('a backup gives back every record with its lifetime, and without what has expired', async () => {
  const store = await storeForTest(newKey());
  await use(store, async (storage) => {
    await texts(storage).save('for ever', 'é 🙏\n"x"');
    await texts(storage).save('an hour', 'text', HOUR_MS);
    await storage.records('others', z.number()).save('a/b:c', 7);
    await storage.records('processes', z.string()).save('mine', 'lease');
  });
  const rows = await rowsOf(store.file);
  await use(store, async (storage) => {
    await texts(storage).save('over', 'text', 1);
  });

  const backup = join(store.folder, 'backup.jsonl');
  const backedUp = await runStore(['backup', backup], store.env);
  expect(backedUp).toMatchObject({
    code: 0,
    said: expect.stringMatching(/✓ 3 records of sqlite .* which only you can read/),
  });
  expect(((await stat(backup)).mode & 0o777).toString(8)).toBe('600');
  expect(await readFile(backup, 'utf8')).not.toContain('🙏');

  const other = await storeForTest(store.env.STORAGE_KEY);
  const restored = await runStore(['restore', backup], other.env);
  expect(restored).toMatchObject({ code: 0, said: expect.stringContaining('✓ 3 records of 20') });
  expect(await rowsOf(other.file)).toEqual(
    rows.filter((row) => (row as { namespace: string }).namespace !== 'processes'),
  );
  expect(await use(other, (storage) => texts(storage).find('for ever'))).toBe('é 🙏\n"x"');
  expect((await readdir(other.folder)).filter((name) => name !== 'records.sqlite')).toEqual([]);
});

test('what has expired since the backup is left out of a restore', async () => {
  const store = await storeForTest();
  await use(store, async (storage) => {
    await texts(storage).save('an hour', 'text', HOUR_MS);
    await texts(storage).save('for ever', 'text');
  });
  const backup = join(store.folder, 'backup.jsonl');
  await runStore(['backup', backup], store.env);
  const other = await storeForTest();
  const later = { now: () => Date.now() + 2 * HOUR_MS, elapsed: () => 0, after: () => () => {} };
  expect((await runStore(['restore', backup], other.env, later)).said).toContain('1 record had expired');
  expect(await rowsOf(other.file)).toHaveLength(1);
});

test('a backup, a check and a copy work beside a bot that writes, and have all that was acknowledged before', async () => {
  const store = await storeForTest();
  const writer = await startWriter(store.env.STORAGE_URL);
  await writer.wrote(300);
  const before = [...writer.written];
  const backup = join(await temporaryFolder(), 'backup.jsonl');
  expect(await runStore(['backup', backup], store.env)).toMatchObject({ code: 0 });
  expect(await runStore(['check'], store.env)).toMatchObject({
    code: 0,
    said: expect.stringContaining('0 that cannot be read'),
  });
  const copied = await storeForTest();
  expect(await runStore(['copy', 'STORAGE_URL', copied.env.STORAGE_URL], store.env)).toMatchObject({ code: 0 });
  // It was not disturbed, and nothing is left beside its store.
  await writer.wrote(300);
  expect((await readdir(store.folder)).sort()).toEqual(['records.sqlite', 'records.sqlite-wal']);

  const restored = await storeForTest();
  await runStore(['restore', backup], restored.env);
  for (const { file } of [restored, copied]) {
    const keys = new Set((await rowsOf(file)).map((row) => (row as { key: string }).key));
    expect(before.filter((key) => !keys.has(key))).toEqual([]);
  }
});

test('a backup has what a killed bot left in the log, and leaves the log as it is', async () => {
  const store = await storeForTest();
  const writer = await startWriter(store.env.STORAGE_URL);
  await writer.wrote(50);
  writer.process.kill('SIGKILL');
  await once(writer.process, 'close');
  const log = await readFile(`${store.file}-wal`);
  const backup = join(await temporaryFolder(), 'backup.jsonl');
  expect(await runStore(['backup', backup], store.env)).toMatchObject({ code: 0 });
  const lines = await readFile(backup, 'utf8');
  expect(writer.written.filter((key) => !lines.includes(JSON.stringify(key)))).toEqual([]);
  expect(log.equals(await readFile(`${store.file}-wal`))).toBe(true);
});

test('a restore, a rekey and a copy into a store are refused while a bot has it open', async () => {
  const store = await storeForTest(newKey());
  const other = await storeForTest();
  await use(other, (storage) => texts(storage).save('a', 'first'));
  const backup = join(store.folder, 'backup.jsonl');
  await runStore(['backup', backup], other.env);
  const writer = await startWriter(store.env.STORAGE_URL);
  await writer.wrote(1);
  for (const args of [
    ['restore', backup, '--replace'],
    ['rekey'],
    ['copy', other.env.STORAGE_URL, store.env.STORAGE_URL, '--replace'],
  ]) {
    const { code, said } = await runStore(args, store.env);
    expect(said).toMatch(/open in another process.*Stop/);
    expect(code).toBe(1);
  }
  await writer.wrote(50);
});

test('a restore leaves records alone unless it is told to replace them', async () => {
  const [store, other] = [await storeForTest(), await storeForTest()];
  await use(store, (storage) => texts(storage).save('a', 'of the backup'));
  await use(other, async (storage) => {
    await texts(storage).save('a', 'newer');
    await texts(storage).save('b', 'newer');
  });
  const backup = join(store.folder, 'backup.jsonl');
  await runStore(['backup', backup], store.env);
  const refused = await runStore(['restore', backup], other.env);
  expect(refused).toMatchObject({
    code: 1,
    said: expect.stringMatching(/records in .* already. Nothing was changed.*--replace/),
  });
  expect(await rowsOf(other.file)).toHaveLength(2);
  expect(await runStore(['restore', backup, '--replace'], other.env)).toMatchObject({ code: 0 });
  expect(await rowsOf(other.file)).toEqual(await rowsOf(store.file));
});

test('a backup that is cut off, changed, newer or none at all is refused before anything is made', async () => {
  const store = await storeForTest();
  await use(store, async (storage) => {
    for (const key of ['a', 'b', 'c']) await texts(storage).save(key, 'text');
  });
  const backup = join(store.folder, 'backup.jsonl');
  await runStore(['backup', backup], store.env);
  const whole = await readFile(backup, 'utf8');
  const lines = whole.split('\n');
  const broken: Record<string, [contents: string, refusal: RegExp]> = {
    'cut off in a line': [whole.slice(0, -20), /cut off or was changed/],
    'cut off after a line': [`${lines.slice(0, 3).join('\n')}\n`, /cut off or was changed/],
    'without a record': [[...lines.slice(0, 1), ...lines.slice(2)].join('\n'), /cut off or was changed/],
    'with another text': [whole.replace('text', 'tex7'), /cut off or was changed/],
    newer: [whole.replace('"version":1', '"version":2'), /newer version/],
    empty: ['', /cut off or was changed/],
    'something else': ['Dear diary\n', /no backup of this bot/],
  };
  const other = await storeForTest();
  for (const [name, [contents, refusal]] of Object.entries(broken)) {
    const file = join(store.folder, name);
    await writeFile(file, contents);
    const { code, said } = await runStore(['restore', file], other.env);
    expect(said, name).toMatch(refusal);
    expect(code).toBe(1);
  }
  expect((await runStore(['restore', store.file], other.env)).said).toMatch(/is a SQLite file.*copy sqlite:/);
  expect((await runStore(['restore', join(store.folder, 'none')], other.env)).said).toMatch(/cannot be read/);
  expect(await readdir(other.folder)).toEqual([]);
});

test('a backup is not written over another file, nor of a store that is not there, which is not made', async () => {
  const store = await storeForTest();
  const backup = join(store.folder, 'backup.jsonl');
  for (const args of [['backup', backup], ['check'], ['rekey'], ['copy', store.env.STORAGE_URL, 'sqlite::memory:']]) {
    const { code, said } = await runStore(args, { ...store.env, STORAGE_KEY: newKey() });
    expect(said).toMatch(/There is no store at .*nothing was made/);
    expect(code).toBe(1);
  }
  expect(await readdir(store.folder)).toEqual([]);
  await use(store, (storage) => texts(storage).save('a', 'first'));
  await writeFile(backup, 'mine');
  expect(await runStore(['backup', backup], store.env)).toMatchObject({
    code: 1,
    said: expect.stringContaining('there already'),
  });
  expect(await readFile(backup, 'utf8')).toBe('mine');
});

test('a check counts what is fine, has an old key, has none, cannot be read, and is over', async () => {
  const [first, second, lost] = [newKey(), newKey(), newKey()];
  const store = await storeForTest();
  const put = (key: string, name: string, ttlMs?: number) =>
    use(
      { env: { ...store.env, STORAGE_KEY: key } },
      (storage) => texts(storage).save(name, name, ttlMs),
      () => 0,
    );
  await put('', 'plain 1');
  await put(second, 'old 1');
  await put(second, 'old 2');
  for (const name of ['new 1', 'new 2', 'new 3']) await put(first, name);
  await put(lost, 'lost');
  await put(first, 'moved');
  await put(first, 'over', 1000);
  const database = await openSqliteFile(store.file);
  await database.write((connection) => connection.exec(`UPDATE records SET key = 'elsewhere' WHERE key = 'moved'`));
  await database.close();
  const { code, said } = await runStore(['check'], { ...store.env, STORAGE_KEY: `${first},${second}` });
  expect(said).toContain('✗ 9 records in sqlite');
  for (const line of ['3 fine', '2 encrypted with a key', '1 not encrypted', '2 that cannot be read', '1 expired']) {
    expect(said).toContain(`\n  ${line}`);
  }
  expect(said).toContain('✗ 2 records of "texts" cannot be read.');
  expect(said).toContain('npm run store -- rekey');
  expect(code).toBe(1);
});

test('a rekey ends plain and old-key records and keeps their lifetimes; the old key is not needed after it', async () => {
  const [oldKey, newOne] = [newKey(), newKey()];
  const store = await storeForTest();
  await use(store, async (storage) => {
    for (let index = 0; index < 120; index += 1) await texts(storage).save(`plain ${index}`, 'a text', HOUR_MS);
  });
  await use({ env: { ...store.env, STORAGE_KEY: oldKey } }, (storage) => texts(storage).save('old', 'a text'));
  const lifetimes = async () => (await rowsOf(store.file)).map((row) => (row as { expires: unknown }).expires);
  const before = await lifetimes();

  const both = { ...store.env, STORAGE_KEY: `${newOne},${oldKey}` };
  expect(await runStore(['rekey'], both)).toMatchObject({ code: 0, said: expect.stringContaining('✓ 121 records') });
  expect((await runStore(['rekey'], both)).said).toContain('✓ 0 records');
  expect(await lifetimes()).toEqual(before);
  const alone = { ...store.env, STORAGE_KEY: newOne };
  expect((await runStore(['check'], alone)).said).toContain('121 fine');
  expect(await use({ env: alone }, (storage) => texts(storage).find('old'))).toBe('a text');
  expect((await readFile(store.file)).includes('a text')).toBe(false);
});

test('a rekey without the old key leaves what it cannot read, and says so; without any key it does nothing', async () => {
  const store = await storeForTest(newKey());
  await use(store, (storage) => texts(storage).save('a', 'first'));
  const rows = await rowsOf(store.file);
  const { code, said } = await runStore(['rekey'], { ...store.env, STORAGE_KEY: newKey() });
  expect(said).toContain('✗ 1 record cannot be read');
  expect(code).toBe(1);
  expect((await runStore(['rekey'], { ...store.env, STORAGE_KEY: '' })).said).toContain('STORAGE_KEY is not set');
  expect(await rowsOf(store.file)).toEqual(rows);
});

test('a damaged store is named damaged, and no backup is made of it', async () => {
  const store = await storeForTest();
  await use(store, async (storage) => {
    for (let index = 0; index < 200; index += 1) await texts(storage).save(`${index}`, 'x'.repeat(500));
  });
  const half = join(store.folder, 'half.sqlite');
  await copyFile(store.file, half);
  await truncate(half, 5 * 4096);
  const backup = join(store.folder, 'backup.jsonl');
  expect(await runStore(['backup', backup], { STORAGE_URL: `sqlite:${half}` })).toMatchObject({
    code: 1,
    said: expect.stringMatching(/damaged.*backup/),
  });
  expect((await readdir(store.folder)).sort()).toEqual(['half.sqlite', 'records.sqlite']);
});

test.each([
  [[], 'Which command?'],
  [['chekc'], 'There is no command chekc.'],
  [['toString'], 'There is no command toString.'],
  [['restore'], 'restore needs FILE behind it.'],
  [['copy'], 'copy needs FROM and TO behind it.'],
  [['copy', 'sqlite:./a.sqlite'], 'copy needs TO behind it.'],
  [['backup', 'a', 'b', 'c'], 'backup FILE takes nothing more, and 2 more stood behind it.'],
  [['check', '--replace'], 'check has no option --replace.'],
  [['backup', '--key=secret'], 'backup has no option --key.'],
])('the command line %j is told what is wrong with it, and what can be done, and ends with 2', async (args, wrong) => {
  const { code, said } = await runStore(args, {});
  expect(code).toBe(2);
  expect(said).toMatch(
    new RegExp(`^${wrong.replaceAll(/[.?]/g, '\\$&')}\\n\\nWorks on the records.*store -- rekey`, 's'),
  );
});

test.each([
  [['foo', 'sqlite:./b.sqlite'], /^FROM is no address of a store: it must begin with sqlite:.*environment variable/],
  [['', 'sqlite:./b.sqlite'], /^FROM is no address of a store/],
  [['sqlite::memory:', 'hunter2'], /^TO is no address of a store: it must begin with sqlite:/],
  [
    ['sqlite::memory:', 'SOMEWHERE'],
    /^SOMEWHERE is no address of a store: it must begin with sqlite:.*\. Nothing was changed\.$/,
  ],
  [['sqlite::memory:', 'NOWHERE'], /^There is no environment variable NOWHERE\./],
  [['sqlite:~/a.sqlite', 'sqlite:./b.sqlite'], /^FROM cannot be read\./],
  [['redis://127.0.0.1:1', 'sqlite:./b.sqlite'], /^FROM: .*ECONNREFUSED.*Look at FROM/],
  [['SERVER', 'sqlite:./b.sqlite'], /^SERVER: .*ECONNREFUSED.*Look at SERVER/],
])('a copy of %j names the argument that cannot be used', async (operands, said) => {
  const env = { SOMEWHERE: 'hunter2', SERVER: 'redis://127.0.0.1:1', STORAGE_URL: 'sqlite:./c.sqlite' };
  const result = await runStore(['copy', ...operands], env);
  expect(result).toEqual({ code: 1, said: expect.stringMatching(said) });
  expect(result.said).not.toMatch(/STORAGE_URL|hunter2/);
});

test('the program needs no other setting, and ends with the code of its command', async () => {
  buildBot();
  const store = await storeForTest();
  await use(store, (storage) => texts(storage).save('a', 'first'));
  const run = (...args: string[]) =>
    new Promise<{ code: number; said: string }>((resolve) => {
      execFile(
        process.execPath,
        ['dist/src/cli/store.js', ...args],
        { env: { PATH: process.env.PATH, ...store.env } },
        (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), said: stdout + stderr }),
      );
    });
  expect(await run('check')).toMatchObject({ code: 0, said: expect.stringMatching(/^✓ 1 record in sqlite/) });
  expect(await run('restore', 'nowhere')).toMatchObject({
    code: 1,
    said: expect.stringMatching(/cannot be read.*\n$/),
  });
  expect(await run('help')).toMatchObject({ code: 0 });
});
