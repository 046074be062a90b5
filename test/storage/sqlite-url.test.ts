import { existsSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseSqliteUrl } from '../../src/storage/backends/sqlite-url.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { StorageError } from '../../src/storage/record-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test.each([
  ['sqlite:./data/x.sqlite', './data/x.sqlite'],
  ['sqlite:data/x.sqlite', 'data/x.sqlite'],
  ['sqlite:x.sqlite', 'x.sqlite'],
  ['sqlite:../x.sqlite', '../x.sqlite'],
  ['sqlite:/var/lib/x.sqlite', '/var/lib/x.sqlite'],
  ['sqlite:./my data/100%/c#/x.sqlite', './my data/100%/c#/x.sqlite'],
  ['sqlite:./~/x.sqlite', './~/x.sqlite'],
  ['sqlite://data/x.sqlite', 'data/x.sqlite'],
  ['sqlite://x.sqlite', 'x.sqlite'],
  ['sqlite://./data/x.sqlite', './data/x.sqlite'],
  ['sqlite://../data/x.sqlite', '../data/x.sqlite'],
  ['sqlite://my%20data/100%25/a%3Fb%23c/x.sqlite', 'my data/100%/a?b#c/x.sqlite'],
  ['sqlite:///var/lib/x.sqlite', '/var/lib/x.sqlite'],
  ['sqlite:////var/lib/x.sqlite', '/var/lib/x.sqlite'],
  ['sqlite:///var/my%20lib/%C3%A9.sqlite', '/var/my lib/é.sqlite'],
  ['SQLite://Data/X.sqlite', 'Data/X.sqlite'],
])('%s is the file %s', (url, file) => {
  expect(parseSqliteUrl(url, 'linux')).toMatchObject({ kind: 'file', file });
});

test.each(['sqlite::memory:', 'sqlite://:memory:', 'sqlite:///:memory:', 'SQLITE::memory:'])(
  '%s is in memory',
  (url) => {
    expect(parseSqliteUrl(url)).toEqual({ kind: 'memory' });
  },
);

test.each([
  ['sqlite:', /names no file/],
  ['sqlite://', /names no file/],
  ['sqlite:///', /names a folder/],
  ['sqlite:.', /names a folder/],
  ['sqlite:./data/', /names a folder/],
  ['sqlite://data/..', /names a folder/],
  ['sqlite::memory', /sqlite::memory:/],
  ['sqlite::memory:?cache=shared', /sqlite::memory:/],
  ['sqlite:memory', /sqlite::memory:/],
  ['sqlite://memory:', /sqlite::memory:/],
  ['sqlite:./data/x.sqlite?mode=ro', /question mark/],
  ['sqlite://data/x.sqlite?busyTimeout=1', /question mark/],
  ['sqlite:///data/x.sqlite#main', /%23/],
  ['sqlite:./my%20data/x.sqlite', /percent-encoding/],
  ['sqlite://data/100%/x.sqlite', /%25/],
  ['sqlite://data/%FF.sqlite', /percent-encoded UTF-8/],
  ['sqlite://data/x%00.sqlite', /control character/],
  ['sqlite:~/x.sqlite', /~ and variables/],
  ['sqlite://~/x.sqlite', /~ and variables/],
  ['sqlite:///~ada/x.sqlite', /~ and variables/],
  ['sqlite:$HOME/x.sqlite', /~ and variables/],
  ['sqlite:./$DATA/x.sqlite', /~ and variables/],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what somebody writes who expects it to be replaced.
  ['sqlite:./${DATA}/x.sqlite', /~ and variables/],
  ['sqlite:%APPDATA%\\x.sqlite', /~ and variables/],
  ['sqlite:C:\\data\\x.sqlite', /not Windows/],
  ['sqlite:c:/data/x.sqlite', /not Windows/],
  ['sqlite:/C:/data/x.sqlite', /not Windows/],
  ['sqlite://C:/data/x.sqlite', /not Windows/],
  ['sqlite:///C:/data/x.sqlite', /not Windows/],
  ['sqlite:///C%3A/data/x.sqlite', /not Windows/],
  ['sqlite:.\\data\\x.sqlite', /separated by \//],
  ['sqlite:"./data/x.sqlite"', /quote/],
  ['sqlite: ./data/x.sqlite', /blank/],
  ['sqlite:file:data/x.sqlite', /second scheme/],
  ['sqlite:http://db.example.com/x', /second scheme/],
  ['sqlite:libsql://db.example.com', /second scheme/],
  ['sqlite://user:hunter2@host/x.sqlite', /without a host/],
  ['sqlite://localhost/data/x.sqlite', /without a host/],
  ['sqlite://host:5432/x.sqlite', /without a host/],
])('%s is refused, and the remedy quotes nothing of it', (url, remedy) => {
  const location = parseSqliteUrl(url, 'linux');
  expect(location).toEqual({ kind: 'refused', remedy: expect.stringMatching(remedy) });
  expect(JSON.stringify(location)).not.toMatch(/hunter2|example\.com|APPDATA/);
});

test.each([
  ['sqlite:C:\\data\\x.sqlite', 'C:\\data\\x.sqlite'],
  ['sqlite:C:/data/x.sqlite', 'C:/data/x.sqlite'],
  ['sqlite://C:/my%20data/x.sqlite', 'C:/my data/x.sqlite'],
  ['sqlite:///C:/data/x.sqlite', 'C:/data/x.sqlite'],
  ['sqlite:.\\data\\x.sqlite', '.\\data\\x.sqlite'],
])('on Windows %s is the file %s', (url, file) => {
  expect(parseSqliteUrl(url, 'win32')).toMatchObject({ kind: 'file', file });
});

test.each([
  ['sqlite:C:x.sqlite', /drive letter/],
  ['sqlite:\\\\server\\share\\x.sqlite', /network share/],
])('on Windows %s is refused', (url, remedy) => {
  expect(parseSqliteUrl(url, 'win32')).toMatchObject({ kind: 'refused', remedy: expect.stringMatching(remedy) });
});

describe('a storage', () => {
  test('is made where the address means it', async () => {
    const folder = await temporaryFolder();
    for (const url of [
      `sqlite://${folder}/a b/three.sqlite`,
      `sqlite:///${folder}/a%20b/four.sqlite`,
      `sqlite://${relative(process.cwd(), folder)}/a%20b/two.sqlite`,
    ]) {
      const storage = await openStorage({ url, keys: [] });
      await storage.check();
      await storage.close();
    }
    expect(readdirSync(join(folder, 'a b')).sort()).toEqual(['four.sqlite', 'three.sqlite', 'two.sqlite']);
  });

  test('is not made at the root of the disk, where three slashes may have been meant as a path in the working directory', async () => {
    const url = 'sqlite:///folder-that-nobody-has/x.sqlite';
    await expect(openStorage({ url, keys: [] })).rejects.toThrow(/three slashes.*sqlite:\.\/folder-that-nobody-has/);
    expect(existsSync('/folder-that-nobody-has')).toBe(false);
  });

  test('whose address is refused names the setting, and makes nothing', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'empty'));
    const opening = openStorage({ url: `sqlite:${folder}/empty/x.sqlite?mode=ro`, keys: [] });
    await expect(opening).rejects.toThrow(StorageError);
    await expect(opening).rejects.toThrow(/STORAGE_URL/);
    expect(readdirSync(join(folder, 'empty'))).toEqual([]);
  });
});
