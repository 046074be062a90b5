import { statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Check, fail, ok, skipped, warn } from '../check.ts';

const MEGABYTE = 1024 ** 2;
/** Below this a store of some thousand people may not get through the next weeks. */
const WARN_BELOW_BYTES = 200 * MEGABYTE;
/** Below this the log of the next busy minutes may not fit. */
const FAIL_BELOW_BYTES = 20 * MEGABYTE;

export interface DiskSpaceOptions {
  /** The file of the store, which need not be there. */
  readonly storeFile: string;
  readonly warnBelowBytes?: number;
  readonly failBelowBytes?: number;
}

/** Whether the disk of a store in a file has room: on a full one nothing is saved, and no ticket opened. */
export function diskSpaceCheck(options: DiskSpaceOptions): Check {
  const { storeFile, warnBelowBytes = WARN_BELOW_BYTES, failBelowBytes = FAIL_BELOW_BYTES } = options;
  return {
    name: 'Disk space',
    lookedAt: `the disk of ${storeFile}`,
    async run() {
      const freeBytes = freeBytesFor(storeFile);
      if (freeBytes === undefined) return skipped(`The disk of ${storeFile} does not say how much room it has.`);
      const message = `The disk of ${storeFile} has ${Math.floor(freeBytes / MEGABYTE)} MB free.`;
      const remedy = 'Make room on it, or move the store to another disk (STORAGE_URL).';
      if (freeBytes < failBelowBytes) return fail(message, remedy);
      return freeBytes < warnBelowBytes ? warn(message, remedy) : ok(message);
    },
  };
}

function freeBytesFor(file: string): number | undefined {
  try {
    let folder = dirname(resolve(file));
    while (statSync(folder, { throwIfNoEntry: false }) === undefined) folder = dirname(folder);
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
