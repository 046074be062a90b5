import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Check, ok, skipped, warn } from '../check.ts';

/** The rights of everybody but the owner. */
const OTHERS = 0o077;
/** A folder in which everybody may make files and nobody touches those of others, such as /tmp. */
const STICKY = 0o1000;

export interface PrivateFilesOptions {
  /** The file of settings; it need not be there. */
  readonly envFile: string;
  /** The file of a store that is one. */
  readonly storeFile: string | undefined;
}

/** Whether others on this machine can read the settings, which hold passwords, or the records. */
export function privateFilesCheck({ envFile, storeFile }: PrivateFilesOptions): Check {
  return {
    name: 'Private files',
    lookedAt: storeFile === undefined ? envFile : `${envFile}, ${storeFile} and its folder`,
    async run() {
      if (process.platform === 'win32') return skipped('Windows has rights of another kind.');
      const files = [envFile, ...(storeFile === undefined ? [] : [storeFile, `${storeFile}-wal`, `${storeFile}-shm`])];
      const open = files.filter((file) => ((modeOf(file) ?? 0) & OTHERS) !== 0);
      const folder = storeFile === undefined ? undefined : dirname(storeFile);
      const folderMode = folder === undefined ? undefined : modeOf(folder);
      const isFolderOpen = folderMode !== undefined && (folderMode & OTHERS) !== 0 && (folderMode & STICKY) === 0;
      if (open.length === 0 && !isFolderOpen)
        return ok('Nobody but their owner can read the settings and the records.');
      const named = [...open, ...(isFolderOpen && folder !== undefined ? [folder] : [])];
      const remedies = [
        ...(open.length > 0 ? [`chmod 600 ${open.join(' ')}`] : []),
        ...(isFolderOpen ? [`chmod 700 ${folder}`] : []),
      ];
      return warn(`Others on this machine can look into ${named.join(', ')}.`, `Run: ${remedies.join(' && ')}`);
    },
  };
}

function modeOf(file: string): number | undefined {
  try {
    return statSync(file).mode;
  } catch {
    return undefined;
  }
}
