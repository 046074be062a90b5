import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { RawRecord } from '../backends/raw-records.ts';
import { roomError } from '../backends/sqlite-error.ts';
import { createPrivateFile, makePrivateFolder } from '../private-files.ts';
import { StorageError } from '../record-store.ts';
import { removedAtExit } from '../removed-at-exit.ts';

const FORMAT = 'openticket backup';
const VERSION = 1;
const PAGE_SIZE = 200;

/** The first line. */
const headSchema = z.object({ format: z.literal(FORMAT), version: z.number().int(), madeAt: z.iso.datetime() });
/** One line for each record. */
const recordSchema = z.object({
  namespace: z.string().min(1),
  key: z.string().min(1),
  text: z.string(),
  expires: z.number().optional(),
});
/** The last line: a file that was cut off has none, and one that was changed another sum. */
const endSchema = z.object({ records: z.number().int(), sha256: z.string() });

/** A backup that was read once and is whole. */
export interface Backup {
  readonly madeAt: string;
  readonly records: number;
  /** Its records, a page at a time. */
  pages(): AsyncIterable<readonly RawRecord[]>;
}

/**
 * Writes records into a file that only its owner can read: under another name until it is whole and on the disk.
 * @returns How many there were. @throws {StorageError} when there is a file of that name, or no room.
 */
export async function writeBackup(
  file: string,
  pages: AsyncIterable<readonly RawRecord[]>,
  now: number,
): Promise<number> {
  if (existsSync(file)) throw new StorageError(`${file} is there already. Nothing was written; choose another name.`);
  const folder = dirname(resolve(file));
  // A name that is mistyped, or a disk that is not mounted, would get a backup where nobody looks for one.
  if (!existsSync(folder) && !existsSync(dirname(folder)))
    throw new StorageError(`There is no folder ${dirname(folder)}. Nothing was written; make it, or correct the name.`);
  const unfinished = `${file}.unfinished`;
  const remove = removedAtExit(unfinished);
  try {
    await makePrivateFolder(dirname(file));
    await rm(unfinished, { force: true });
    await createPrivateFile(unfinished);
    const records = await writeLines(unfinished, pages, now);
    await rename(unfinished, file);
    return records;
  } catch (cause) {
    if (cause instanceof StorageError) throw cause;
    throw roomError(file, cause) ?? new StorageError(`The backup ${file} could not be written.`, { cause });
  } finally {
    await remove();
  }
}

async function writeLines(file: string, pages: AsyncIterable<readonly RawRecord[]>, now: number): Promise<number> {
  const sum = createHash('sha256');
  const handle = await open(file, 'w');
  try {
    const write = async (values: readonly object[]) => {
      const lines = values.map((value) => `${JSON.stringify(value)}\n`).join('');
      sum.update(lines);
      await handle.writeFile(lines);
    };
    await write([{ format: FORMAT, version: VERSION, madeAt: new Date(now).toISOString() }]);
    let count = 0;
    for await (const records of pages) {
      await write(records.map(({ namespace, key, text, expires }) => ({ namespace, key, text, expires })));
      count += records.length;
    }
    await handle.writeFile(`${JSON.stringify({ records: count, sha256: sum.digest('hex') })}\n`);
    await handle.sync();
    return count;
  } finally {
    await handle.close();
  }
}

/**
 * Reads a backup to its end, so that nothing is restored from one that is cut off or was changed.
 * @throws {StorageError}
 */
export async function openBackup(file: string): Promise<Backup> {
  const sum = createHash('sha256');
  let head: z.infer<typeof headSchema> | undefined;
  let count = -1;
  let before: string | undefined;
  for await (const line of linesOf(file)) {
    head ??= parseHead(file, line);
    if (before !== undefined) {
      sum.update(`${before}\n`);
      count += 1;
    }
    before = line;
  }
  const end = endSchema.safeParse(parseJson(before ?? ''));
  if (head === undefined || !end.success || end.data.records !== count || end.data.sha256 !== sum.digest('hex')) {
    throw new StorageError(`${file} is cut off or was changed. Nothing was restored; take another backup.`);
  }
  return { madeAt: head.madeAt, records: count, pages: () => recordsOf(file) };
}

async function* recordsOf(file: string): AsyncGenerator<readonly RawRecord[]> {
  let page: RawRecord[] = [];
  for await (const line of linesOf(file)) {
    // The first and the last line are no records.
    const record = recordSchema.safeParse(parseJson(line));
    if (!record.success) continue;
    page.push({ ...record.data, expires: record.data.expires });
    if (page.length < PAGE_SIZE) continue;
    yield page;
    page = [];
  }
  yield page;
}

async function* linesOf(file: string): AsyncGenerator<string> {
  try {
    const handle = await open(file);
    yield* createInterface({ input: handle.createReadStream(), crlfDelay: Number.POSITIVE_INFINITY });
  } catch (cause) {
    throw new StorageError(`The backup ${file} cannot be read. Look at its path and its permissions.`, { cause });
  }
}

function parseHead(file: string, line: string): z.infer<typeof headSchema> {
  if (line.startsWith('SQLite format 3\0')) {
    throw new StorageError(
      `${file} is a SQLite file, not a backup of npm run store. If it is a copy of a store: npm run store -- copy sqlite:${file} STORAGE_URL --replace`,
    );
  }
  const head = headSchema.safeParse(parseJson(line));
  if (!head.success) throw new StorageError(`${file} is no backup of this bot. Nothing was restored.`);
  if (head.data.version > VERSION) {
    throw new StorageError(
      `${file} was made by a newer version of this bot. Nothing was restored; use that version or a newer one.`,
    );
  }
  return head.data;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
