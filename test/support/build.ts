import { execFileSync } from 'node:child_process';

let isBuilt = false;

/**
 * Compiles the bot where it has changed, for tests in which it is a process of its own. Test files run in several processes:
 * each may do so, as a build replaces every file in one step.
 */
export function buildBot(): void {
  if (!isBuilt) execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
  isBuilt = true;
}
