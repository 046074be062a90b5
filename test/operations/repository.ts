import { execFileSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';

/** What is no part of a checkout. */
const LEFT_OUT = new Set(['.git', 'node_modules', 'dist', 'coverage', 'data', '.env']);

const AUTHOR = ['-c', 'user.name=Example', '-c', 'user.email=example@example.com'];
const git = (folder: string, ...args: string[]) =>
  execFileSync('git', ['-C', folder, ...AUTHOR, ...args], { encoding: 'utf8', stdio: 'pipe' }).trim();

/** Makes a repository of the sources as they are now, committed or not, for others to clone. */
export function createRepository(folder: string): void {
  cpSync('.', folder, { recursive: true, filter: (path) => !LEFT_OUT.has(relative('.', path)) });
  git(folder, 'init', '--quiet', '--initial-branch=main');
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message=Sources');
}

/** Adds a commit with one changed file. */
export function commitTo(folder: string, file: string, content: string): void {
  writeFileSync(`${folder}/${file}`, content);
  git(folder, 'commit', '--quiet', '--all', `--message=Change ${file}`);
}
