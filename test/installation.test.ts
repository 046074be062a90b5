import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface LockedPackage {
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
  readonly engines?: { readonly node?: string };
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, LockedPackage> };

/** `.ci/every-node` installs on the other Nodes; this holds whatever is locked to what they need. */
test('nothing that runs with the bot has an install script, so nothing is compiled', () => {
  const running = Object.entries(lock.packages).filter(([, one]) => !one.dev);
  expect(running.length).toBeGreaterThan(50);
  expect(running.filter(([, one]) => one.hasInstallScript).map(([path]) => path)).toEqual([]);
});

test('for development only esbuild has one, which checks the binary that it brings along', () => {
  const withScript = Object.entries(lock.packages).filter(([, one]) => one.hasInstallScript);
  expect(withScript.map(([path]) => path)).toEqual(['node_modules/esbuild']);
});
