import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What these tests need of the machine, or undefined when all of it is there. */
export function whyNoOverlay(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'run as root on Linux to run these tests';
  if (spawnSync('systemd-nspawn', ['--version']).status !== 0) return 'install systemd-container to run these tests';
  try {
    const root = rootOverlay();
    try {
      return startsAndEnds(root) ? undefined : 'allow systemd-nspawn to start systemd to run these tests';
    } finally {
      root.close();
    }
  } catch {
    return 'allow overlay mounts to run these tests';
  }
}

/** Whether a container on this root starts a systemd, which ends at once. Some machines allow mounts and no containers. */
function startsAndEnds(root: RootOverlay): boolean {
  const options = [
    '--quiet',
    '--register=no',
    '--keep-unit',
    '--console=pipe',
    '--directory',
    root.path('/'),
    '--boot',
  ];
  const { status } = spawnSync('systemd-nspawn', [...options, 'systemd.unit=poweroff.target'], { timeout: 60_000 });
  return status === 0;
}

/** A root folder that shows this machine's, and keeps to itself what is written into it. */
export interface RootOverlay {
  /** The path of a file in it, from outside. */
  path(file: string): string;
  close(): void;
}

/** Makes one in memory. */
export function rootOverlay(): RootOverlay {
  const folder = mkdtempSync(join(tmpdir(), 'openticket-root-'));
  // The upper folder of an overlay must not be an overlay itself, as /tmp is in many containers.
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', folder]);
  const [upper, work, root] = ['upper', 'work', 'root'].map((name) => join(folder, name)) as [string, string, string];
  for (const path of [upper, work, root]) mkdirSync(path);
  const unmount = (path: string) => execFileSync('umount', ['--lazy', path]);
  try {
    execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', `lowerdir=/,upperdir=${upper},workdir=${work}`, root], {
      stdio: 'pipe',
    });
  } catch (error) {
    unmount(folder);
    throw error;
  }
  return {
    path: (file) => join(root, file),
    close() {
      unmount(root);
      unmount(folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
