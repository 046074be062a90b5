import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * A checkout as a host has it after `NODE_ENV=production npm ci`: nothing compiled, no development dependency.
 * @param options.withDevelopment As after `npm ci`.
 */
export async function hostedCheckout({ withDevelopment = false } = {}) {
  const folder = await temporaryFolder();
  for (const name of ['src', 'commands', 'scripts', 'package.json']) {
    cpSync(name, join(folder, name), { recursive: true });
  }
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, { dev?: true }> };
  const isInstalled = (path: string, dev = false) => /^node_modules\//.test(path) && (withDevelopment || !dev);
  const installed = Object.entries(lock.packages).filter(([path, { dev }]) => isInstalled(path, dev));
  for (const [path] of installed) {
    if (path.lastIndexOf('node_modules/') > 0 || !existsSync(path)) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(resolve(path), join(folder, path));
  }
  const path = (name: string) => join(folder, name);
  function runWith(settings: Readonly<Record<string, string>>, command: string, ...args: string[]) {
    const PATH = process.env.PATH?.replace(/[^:]*node_modules[^:]*:?/g, '');
    const env = { ...settings, PATH, NODE_ENV: 'production' };
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, env, encoding: 'utf8' });
    return { status, said: stdout + stderr };
  }
  return {
    path,
    runWith,
    /** Runs a command with no settings and no tools of this project on the PATH. */
    run: (command: string, ...args: string[]) => runWith({}, command, ...args),
    /** Every compiled file with its inode and the time of its last change: whatever is written again, differs. */
    compiled: () =>
      readdirSync(path('dist'), { recursive: true, encoding: 'utf8' })
        .sort()
        .map((name) => [name, statSync(path(`dist/${name}`)).ino, statSync(path(`dist/${name}`)).mtimeMs]),
  };
}
