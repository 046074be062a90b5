import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type TestContext, test } from 'vitest';
import { z } from 'zod';
import { openStorage } from '../../src/storage/open-storage.ts';
import { StorageError } from '../../src/storage/record-store.ts';
import { NO_SMALL_DISK, smallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function diskFor({ skip }: TestContext): Promise<string> {
  return (await smallDisk()) ?? skip(NO_SMALL_DISK);
}

/** Writes until nothing more fits. @returns The file that takes the room. */
async function fillUp(disk: string): Promise<string> {
  const filler = join(disk, 'somebody-elses-file');
  for (let size = 64 * 1024; size >= 1; size = Math.floor(size / 4)) {
    while (
      await writeFile(filler, Buffer.alloc(size), { flag: 'a' }).then(
        () => true,
        () => false,
      )
    );
  }
  return filler;
}

async function refusalOf(url: string): Promise<Error> {
  const error = await openStorage({ url, keys: [] }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StorageError);
  return error as Error;
}

test('a first start on a full disk names the file and the disk, and leaves nothing behind', async (context) => {
  const disk = await diskFor(context);
  await mkdir(join(disk, 'data'));
  await fillUp(disk);
  const error = await refusalOf(`sqlite:${disk}/data/records.sqlite`);
  expect(error.message).toContain(
    `The disk of the storage file ${disk}/data/records.sqlite is full: ${disk} has 0 KB free`,
  );
  expect(error.message).toMatch(/Make room/);
  expect(await readdir(join(disk, 'data'))).toEqual([]);
});

test('a first start on a disk without an inode left says so', async (context) => {
  const disk = await diskFor(context);
  const makeFiles = async () => {
    for (let number = 0; ; number += 1) await writeFile(join(disk, `${number}`), '');
  };
  await makeFiles().catch(() => {});
  const error = await refusalOf(`sqlite:${disk}/data/records.sqlite`);
  expect(error.message).toContain(`${disk}/data/records.sqlite is full: ${disk} has no inodes left`);
});

test('a later start on a disk that is full by now names the file and the disk, and what is stored is safe', async (context) => {
  const disk = await diskFor(context);
  const url = `sqlite:${disk}/records.sqlite`;
  const before = await openStorage({ url, keys: [] });
  await before.records('texts', z.string()).save('a', 'first');
  await before.close();
  const filler = await fillUp(disk);
  const error = await refusalOf(url);
  expect(error.message).toContain(`${disk}/records.sqlite is full: ${disk} has 0 KB free`);
  await rm(filler);
  const after = await openStorage({ url, keys: [] });
  expect(await after.records('texts', z.string()).find('a')).toBe('first');
  await after.close();
});

test('a start after a kill on a disk that is full by now names the file and the disk', async (context) => {
  const disk = await diskFor(context);
  const folder = await temporaryFolder();
  const running = await openStorage({ url: `sqlite:${folder}/records.sqlite`, keys: [] });
  await running.records('texts', z.string()).save('a', 'first');
  // What a kill leaves.
  for (const name of ['records.sqlite', 'records.sqlite-wal']) await copyFile(join(folder, name), join(disk, name));
  await running.close();
  await fillUp(disk);
  const error = await refusalOf(`sqlite:${disk}/records.sqlite`);
  expect(error.message).toContain(`${disk}/records.sqlite is full: ${disk} has`);
  // Elsewhere: libsql keeps the lock of this one until the process ends, which a failed start does.
  const moved = await temporaryFolder();
  for (const name of ['records.sqlite', 'records.sqlite-wal']) await copyFile(join(disk, name), join(moved, name));
  const after = await openStorage({ url: `sqlite:${moved}/records.sqlite`, keys: [] });
  expect(await after.records('texts', z.string()).find('a')).toBe('first');
  await after.close();
});

test('a disk that becomes full while the bot runs is named by what cannot be written, and used again later', async (context) => {
  const disk = await diskFor(context);
  const storage = await openStorage({ url: `sqlite:${disk}/records.sqlite`, keys: [] });
  const texts = storage.records('texts', z.string());
  await texts.save('a', 'first');
  const filler = await fillUp(disk);
  const saving = texts.save('b', 'x'.repeat(100_000));
  await expect(saving).rejects.toThrow(StorageError);
  await expect(saving).rejects.toThrow(`${disk}/records.sqlite is full: ${disk} has`);
  expect(await texts.find('a')).toBe('first');
  await rm(filler);
  await texts.save('b', 'x'.repeat(100_000));
  expect(await texts.find('b')).toHaveLength(100_000);
  await storage.close();
});
