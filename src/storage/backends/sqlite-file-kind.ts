import { closeSync, lstatSync, openSync, readSync, statSync } from 'node:fs';

/** The format that this version writes and reads. */
export const FORMAT = 1;
/** Written into every store when it is made. A file without it is no store, or one that lost its contents. */
export const MARKER = `openticket records, format ${FORMAT}`;
const ANY_MARKER = /openticket records, format (\d+)/;

/** What stands where a store should be. */
export type FileKind =
  | { readonly kind: 'store' }
  | { readonly kind: 'missing' }
  /** A link to a file that is not there, as when a disk is not mounted. */
  | { readonly kind: 'broken-link' }
  | { readonly kind: 'folder' }
  /** A device, a pipe, a socket. */
  | { readonly kind: 'special' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'not-sqlite' }
  /** A SQLite file of another program, or a store that lost its tables. */
  | { readonly kind: 'foreign' }
  /** A store of a later version of this bot. */
  | { readonly kind: 'newer'; readonly format: number };

/** Bytes of the header of a SQLite file; https://www.sqlite.org/fileformat.html#the_database_header */
const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';
const PAGE_SIZE_AT = 16;

/**
 * Looks at a file as bytes: SQLite itself would write into it, for it ends what another program has left in a journal or
 * a log. @throws What the file system says.
 */
export function fileKindOf(file: string): FileKind {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats) return { kind: lstatSync(file, { throwIfNoEntry: false }) ? 'broken-link' : 'missing' };
  if (stats.isDirectory()) return { kind: 'folder' };
  if (!stats.isFile()) return { kind: 'special' };
  if (stats.size === 0) return { kind: 'empty' };
  const descriptor = openSync(file, 'r');
  try {
    return kindOfSqliteFile(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function kindOfSqliteFile(descriptor: number): FileKind {
  const header = read(descriptor, 0, HEADER_BYTES);
  if (header.length < HEADER_BYTES || !header.toString('latin1').startsWith(MAGIC)) return { kind: 'not-sqlite' };
  // 1 stands for 65536, which does not fit.
  const pageSize = header.readUInt16BE(PAGE_SIZE_AT) === 1 ? 65_536 : header.readUInt16BE(PAGE_SIZE_AT);
  const page = (number: number) => read(descriptor, (number - 1) * pageSize, pageSize).toString('latin1');
  // The row of the table in sqlite_schema: type, name, name of its table, number of its first page, statement.
  const [, root] = /tablemarkermarker([\s\S]{1,4})CREATE TABLE marker/.exec(page(1)) ?? [];
  const number = root === undefined ? 0 : Buffer.from(root, 'latin1').readUIntBE(0, root.length);
  const [, format] = number === 0 ? [] : (ANY_MARKER.exec(page(number)) ?? []);
  if (format === undefined) return { kind: 'foreign' };
  return Number(format) > FORMAT ? { kind: 'newer', format: Number(format) } : { kind: 'store' };
}

function read(descriptor: number, from: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  return buffer.subarray(0, readSync(descriptor, buffer, 0, bytes, from));
}
