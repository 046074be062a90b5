import { chmod, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { openStorage } from '../../src/storage/open-storage.ts';
import { makePrivateFolder } from '../../src/storage/private-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** The rights of a file or folder, as chmod writes them. */
async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

async function modesIn(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).sort();
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await modeOf(join(folder, name))])));
}

/** Sets the umask of the process until the test ends. */
function useUmask(mask: number): void {
  const before = process.umask(mask);
  onTestFinished(() => void process.umask(before));
}

test.each([
  ['that lets everybody do everything', 0o000],
  ['that is usual', 0o022],
  ['that takes rights of the owner away, too', 0o277],
])('with a umask %s, the store and its folders are private', async (_what, mask) => {
  const folder = await temporaryFolder();
  useUmask(mask);
  const data = join(folder, 'above', 'data');
  const url = `sqlite:${join(data, 'records.sqlite')}`;
  const storage = await openStorage({ url, keys: [] });
  await storage.records('texts', z.string()).save('a', 'first');
  expect(await modesIn(data)).toEqual({ 'records.sqlite': '600', 'records.sqlite-wal': '600' });
  await storage.close();
  expect(await modesIn(data)).toEqual({ 'records.sqlite': '600' });
  expect([await modeOf(data), await modeOf(join(folder, 'above'))]).toEqual(['700', '700']);
});

test('a store that others can read becomes private when it is opened', async () => {
  const folder = await temporaryFolder();
  const url = `sqlite:${join(folder, 'records.sqlite')}`;
  await (await openStorage({ url, keys: [] })).close();
  await chmod(join(folder, 'records.sqlite'), 0o664);
  useUmask(0);
  const storage = await openStorage({ url, keys: [] });
  await storage.records('texts', z.string()).save('a', 'first');
  expect(await modesIn(folder)).toEqual({ 'records.sqlite': '600', 'records.sqlite-wal': '600' });
  await storage.close();
});

test('a folder that is there keeps its rights: others may use it, too', async () => {
  const folder = await temporaryFolder();
  await chmod(folder, 0o777);
  await (await openStorage({ url: `sqlite:${join(folder, 'records.sqlite')}`, keys: [] })).close();
  expect(await modeOf(folder)).toBe('777');
});

test.runIf(process.platform === 'linux')(
  'a folder in which nothing can be made is named at once, with what to do',
  async () => {
    await expect(openStorage({ url: 'sqlite:/proc/openticket/records.sqlite', keys: [] })).rejects.toThrow(
      /^The storage folder \/proc\/openticket cannot be written\. Create it .* or set STORAGE_URL to another one\.$/,
    );
  },
);

test('processes that make the same folder at the same time both have it', async () => {
  const folder = join(await temporaryFolder(), 'above', 'data');
  await Promise.all(Array.from({ length: 5 }, () => makePrivateFolder(folder)));
  expect(await modeOf(folder)).toBe('700');
});
