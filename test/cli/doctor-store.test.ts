import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { programPath, startRedis } from '../../sandbox/store-servers.ts';
import { diskSpaceCheck } from '../../src/health/checks/disk-space-check.ts';
import { redisDurabilityCheck } from '../../src/health/checks/redis-durability-check.ts';
import { newKey, startExamined, useStore } from '../support/examined.ts';
import { NO_SMALL_DISK, smallDisk } from '../support/small-disk.ts';

test('a key that cannot read the store fails, as the start would', async () => {
  const { storeFile, examine } = await startExamined();
  const [right, wrong] = [newKey(), newKey()];
  await rm(storeFile);
  await useStore({ url: `sqlite:${storeFile}`, keys: [right] });
  const { code, said } = await examine({ STORAGE_KEY: wrong.toString('base64') });
  expect(said).toMatch(/✗ Records +1 of 1 records cannot be read with STORAGE_KEY\.\n +> Put the key with which/);
  expect(said).toContain('The bot cannot do its work yet.');
  expect(code).toBe(1);
  const without = await examine();
  expect(without.said).toMatch(/✗ Records +1 of 1 records cannot be read.*\n +> Set STORAGE_KEY/);
  const both = await examine({ STORAGE_KEY: `${wrong.toString('base64')},${right.toString('base64')}` });
  expect(both.said).toMatch(/✓ Records +The 1 record can be read, with encryption\. With an older key: 1\. Keep it/);
});

test('a store that is half encrypted is not called encrypted', async () => {
  const { examine } = await startExamined();
  const { code, said } = await examine({ STORAGE_KEY: newKey().toString('base64') });
  expect(said).toMatch(/! Records +1 of 1 records stand in plain text.*\n +> Encrypt them: npm run store -- rekey/);
  expect(said).not.toMatch(/are encrypted/);
  expect(code).toBe(0);
});

test('a mistyped path of the store is said to be a new one, and nothing is made there', async () => {
  const { folder, storeFile, examineAsProcess } = await startExamined();
  const before = await readdir(folder);
  const mistyped = join(folder, 'dta', 'openticket.sqlite');
  const { code, said } = await examineAsProcess({ STORAGE_URL: `sqlite:${mistyped}` });
  expect(said).toContain(`No store is there yet: the bot will make one at ${mistyped}.`);
  expect(said).toMatch(/! Storage .*\n +> Right for a first start.*STORAGE_URL/);
  expect(said).toMatch(/– Records +There are no records yet/);
  expect(code).toBe(0);
  expect(await readdir(folder)).toEqual(before);

  await examineAsProcess({ STORAGE_URL: `sqlite:${storeFile}` });
  expect(await readdir(folder)).toEqual(before);
});

test.skipIf(process.getuid?.() === 0)('a folder in which the bot may not make its store fails', async () => {
  const { folder, examine } = await startExamined();
  const locked = join(folder, 'locked');
  await mkdir(locked, { mode: 0o500 });
  onTestFinished(() => chmod(locked, 0o700));
  const { code, said } = await examine({ STORAGE_URL: `sqlite:${join(locked, 'openticket.sqlite')}` });
  expect(said).toMatch(/✗ Storage +There is no store at .* may not make one in .*locked\.\n +> Give that folder/);
  expect(code).toBe(1);
});

test('a path from the root of the disk whose folder is missing fails, as the start does', async () => {
  const { examine } = await startExamined();
  const { code, said } = await examine({ STORAGE_URL: 'sqlite:///no-such-folder-here/openticket.sqlite' });
  expect(said).toMatch(/✗ Storage +STORAGE_URL begins with three slashes/);
  expect(code).toBe(1);
});

test('settings and records that others can read are named with what to run', async () => {
  const { folder, storeFile, envFile, examine } = await startExamined();
  expect((await examine()).said).toMatch(/✓ Private files/);
  await writeFile(envFile, '');
  await chmod(envFile, 0o644);
  expect((await examine()).said).toContain(`> Run: chmod 600 ${envFile}\n`);
  await chmod(envFile, 0o600);
  await chmod(folder, 0o755);
  expect((await examine()).said).toContain(`> Run: chmod 700 ${folder}\n`);
  await chmod(folder, 0o700);
  await chmod(storeFile, 0o640);
  const { code, said } = await examine();
  expect(said).toMatch(/! Private files +Others on this machine can look into .*openticket\.sqlite\./);
  expect(said).toContain(`> Run: chmod 600 ${storeFile}\n`);
  expect(code).toBe(0);
});

test('a small disk that has too little room fails', async (context) => {
  const disk = await smallDisk();
  if (disk === undefined) return context.skip(NO_SMALL_DISK);
  const { examine } = await startExamined();
  const { code, said } = await examine({ STORAGE_URL: `sqlite:${join(disk, 'openticket.sqlite')}` });
  expect(said).toMatch(/✗ Disk space +The disk of .*openticket\.sqlite has [01] MB free\.\n +> Make room/);
  expect(code).toBe(1);
});

test('a disk that is nearly full is named with what is left', async () => {
  const { folder, examine } = await startExamined();
  expect((await examine()).said).toMatch(/✓ Disk space +The disk of .*openticket\.sqlite has \d+ MB free/);
  const storeFile = join(folder, 'not', 'made', 'openticket.sqlite');
  const more = Number.MAX_SAFE_INTEGER;
  expect(await diskSpaceCheck({ storeFile, warnBelowBytes: more }).run()).toMatchObject({
    kind: 'warn',
    message: expect.stringMatching(/has \d+ MB free/),
  });
  expect(await diskSpaceCheck({ storeFile, failBelowBytes: more }).run()).toMatchObject({ kind: 'fail' });
});

describe.runIf(programPath('redis-server') !== undefined)('a Redis server', () => {
  test.each([
    ['in memory alone', ['save ""'], 'warn', 'keeps its records in memory alone'],
    ['with snapshots', ['save 900 1'], 'warn', 'only from time to time'],
    ['with a log', ['appendonly yes'], 'ok', 'writes each change'],
    ['that evicts', ['appendonly yes', 'maxmemory-policy allkeys-lru'], 'fail', 'evicts records'],
  ])('%s is told as that', async (_, settings, kind, message) => {
    const server = await startRedis(settings);
    onTestFinished(() => server.stop());
    const url = `redis://127.0.0.1:${server.port}`;
    const finding = await redisDurabilityCheck({ url, place: '127.0.0.1' }).run();
    expect(finding).toMatchObject({ kind, message: expect.stringContaining(message) });
  });
});
