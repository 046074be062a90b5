import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * Mounts a disk of one megabyte and 64 files that goes when the test has ended. Linux lets root do that, and not in every container.
 * @returns Its folder, or undefined where it cannot be mounted: then the test has to say that it was skipped.
 */
export async function smallDisk(): Promise<string | undefined> {
  const folder = await temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,nr_inodes=64', 'none', folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  // Before the folder is removed: what was registered last runs first.
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return folder;
}

/** Why a test that needs a small disk did not run. */
export const NO_SMALL_DISK = 'a small disk cannot be mounted here: run the tests as root on Linux (mount -t tmpfs)';
