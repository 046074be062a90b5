import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BUILD = fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url));

/** The compiled bot, as a container starts it. */
export const COMPILED_MAIN = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

/** Does nothing where it is compiled already. */
export function compileBot(): void {
  execFileSync(process.execPath, [BUILD], { stdio: 'inherit' });
}
