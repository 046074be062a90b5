import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What was measured. */
export interface Versions {
  readonly bot: string;
  /** The commit's hash and date; undefined outside of a clone. */
  readonly commit: string | undefined;
  readonly node: string;
  readonly 'discord.js': string;
  readonly soap: string;
}

const ROOT = new URL('../../', import.meta.url);

export function versions(): Versions {
  return {
    bot: versionIn('package.json'),
    commit: commit(),
    node: process.version,
    'discord.js': versionIn('node_modules/discord.js/package.json'),
    soap: versionIn('node_modules/soap/package.json'),
  };
}

function versionIn(path: string): string {
  return JSON.parse(readFileSync(new URL(path, ROOT), 'utf8')).version;
}

function commit(): string | undefined {
  try {
    const args = ['log', '-1', '--format=%h of %cs'];
    return execFileSync('git', args, { cwd: fileURLToPath(ROOT), encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return undefined;
  }
}
