import { StorageError } from '../record-store.ts';
import { RESTORE } from './sqlite-error.ts';
import { FORMAT, fileKindOf } from './sqlite-file-kind.ts';

/**
 * Looks whether a file is a store that this version reads, before anything is opened or made.
 * @returns Whether there is one; false when there is nothing in its place.
 * @throws {StorageError} when there is something else.
 */
export function refuseForeignFile(file: string): boolean {
  const found = lookAt(file);
  switch (found.kind) {
    case 'missing':
      return false;
    case 'store':
      return true;
    case 'broken-link':
      throw new StorageError(
        `The storage file ${file} is a link to a file that is not there. Mount its disk, or remove the link.`,
      );
    case 'folder':
      throw new StorageError(`${file} is a folder. Add the name of a file to STORAGE_URL.`);
    case 'special':
      throw new StorageError(`${file} is a device or a pipe. Set STORAGE_URL to a file.`);
    case 'empty':
      throw new StorageError(`${file} has no contents: it is not a store of this bot, or was emptied. ${RESTORE}`);
    case 'not-sqlite':
      throw new StorageError(`The storage file ${file} is no SQLite file, or damaged. ${RESTORE}`);
    case 'foreign':
      throw foreignError(file);
    case 'newer':
      throw new StorageError(
        `${file} is a store of a newer version of this bot: it has format ${found.format}, and this version reads format ${FORMAT}. Start the newer version, or restore a backup from before the update.`,
      );
  }
}

export function foreignError(file: string): StorageError {
  return new StorageError(`${file} is not a store of this bot, or was emptied. ${RESTORE}`);
}

function lookAt(file: string): ReturnType<typeof fileKindOf> {
  try {
    return fileKindOf(file);
  } catch (cause) {
    const remedy = 'Give it to the user who runs the bot, and check the disk.';
    throw new StorageError(`The storage file ${file} cannot be read or written. ${remedy}`, { cause });
  }
}
