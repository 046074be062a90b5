import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** What is compiled, from what, and where the time of the last build stands. */
interface Target {
  readonly script: string;
  readonly sources: readonly string[];
  readonly stamp: string;
}

const BOT: Target = {
  script: 'build',
  sources: ['src', 'commands', 'scripts', 'package.json'],
  stamp: 'dist/.bot-built-for-tests',
};
const PAGE: Target = { script: 'build:page', sources: ['sandbox/page/client'], stamp: 'dist/.page-built-for-tests' };

/** Compiles the bot, unless it is compiled. For tests in which it is a process of its own. */
export function buildBot(): Promise<void> {
  return build(BOT);
}

/** Compiles the page's scripts, unless they are compiled. For tests in a browser. */
export function buildPage(): Promise<void> {
  return build(PAGE);
}

/** Test files run in several processes: the first one builds, the others wait for it. */
async function build(target: Target): Promise<void> {
  const lock = `${target.stamp}.lock`;
  for (;;) {
    if (isBuilt(target)) return;
    mkdirSync('dist', { recursive: true });
    try {
      mkdirSync(lock);
    } catch {
      if (isOlderThanAnyBuild(lock)) rmSync(lock, { recursive: true, force: true });
      await wait(50);
      continue;
    }
    try {
      if (isBuilt(target)) return;
      const startedAt = Date.now();
      execFileSync('npm', ['run', '--silent', target.script], { stdio: 'inherit' });
      writeFileSync(target.stamp, String(startedAt));
      return;
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
}

/** Milliseconds after which the lock of a build that was killed is taken away. A build takes two seconds. */
const LONGEST_BUILD_MS = 300_000;

function isOlderThanAnyBuild(lock: string): boolean {
  return Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > LONGEST_BUILD_MS;
}

/** Whether nothing has changed since the last build began. */
function isBuilt({ stamp, sources }: Target): boolean {
  const builtAt = statSync(stamp, { throwIfNoEntry: false }) && Number(readFileSync(stamp, 'utf8'));
  return builtAt !== undefined && sources.flatMap(filesOf).every((file) => statSync(file).mtimeMs < builtAt);
}

function filesOf(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
