import type { RawRecord } from './raw-records.ts';
import { replaceRows } from './sql-raw-records.ts';
import { SQLITE_DIALECT } from './sqlite-backend.ts';
import { createStore, makeWritableFolderFor } from './sqlite-database.ts';
import { refuseForeignFile } from './sqlite-file-refusal.ts';

/** Whether a store has to be made first. @throws {StorageError} when there is something else in its place. */
export function isMissing(file: string): boolean {
  return !refuseForeignFile(file);
}

/** Makes a store that has these records from the moment on when it has its name. @throws {StorageError} */
export async function createFilledStore(file: string, pages: AsyncIterable<readonly RawRecord[]>): Promise<void> {
  await makeWritableFolderFor(file);
  await createStore(file, (connection) =>
    replaceRows(SQLITE_DIALECT, async ({ sql, values }) => connection.all(sql, ...values), pages),
  );
}
