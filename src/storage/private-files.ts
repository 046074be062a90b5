import { chmod, mkdir, open, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** What only its owner reads and writes. */
const PRIVATE_FILE = 0o600;
/** What only its owner enters and lists. */
const PRIVATE_FOLDER = 0o700;
const OTHERS = 0o077;

/**
 * Makes a folder, and those above it, where they are missing. What is made is private, whatever the umask of the process. A
 * folder that is there stays as it is: it may be one that others share, such as /tmp.
 */
export async function makePrivateFolder(folder: string): Promise<void> {
  const stats = await stat(folder).catch(() => undefined);
  if (stats?.isDirectory()) return;
  const above = dirname(resolve(folder));
  if (above !== resolve(folder)) await makePrivateFolder(above);
  try {
    // Not `recursive`: where nothing can be made, such as in /proc, Node.js then tries for ever.
    await mkdir(folder, { mode: PRIVATE_FOLDER });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!(await stat(folder).catch(() => undefined))?.isDirectory()) throw error;
  }
  // A umask takes bits away, also those of the owner, who could make nothing in it then.
  await chmod(folder, PRIVATE_FOLDER);
}

/** Creates an empty file for its owner alone, whatever the umask. @throws EEXIST when there is something of that name. */
export async function createPrivateFile(file: string): Promise<void> {
  const handle = await open(file, 'wx', PRIVATE_FILE);
  try {
    await handle.chmod(PRIVATE_FILE);
  } finally {
    await handle.close();
  }
}

/**
 * Takes the rights of others away from a file that is there. One of somebody else stays as it is.
 * Does not open it: a process that closes a SQLite file loses its locks on it.
 */
export async function makePrivate(file: string): Promise<void> {
  const stats = await stat(file).catch(() => undefined);
  if (stats === undefined || (stats.mode & OTHERS) === 0) return;
  await chmod(file, stats.mode & 0o777 & ~OTHERS).catch(() => {});
}
