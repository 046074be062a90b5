/**
 * Makes dist/ from src/ and commands/, in a third of a second, and does nothing where they have not changed.
 *
 * It takes the types away and leaves blanks in their place, so that lines and columns stay as they are. Nothing here needs
 * TypeScript or any other development dependency: hosts install without them. Types are checked by `npm run types`.
 *
 * `npm run build` runs it. `npm start` and `npm run doctor` import it before the program (node --import): a program that is
 * started with it needs no shell in between, so signals reach it, and no npm hook, which `ignore-scripts` would leave out.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundlePackages, canBundle } from './bundle-packages.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');
const FOLDERS = ['src', 'commands'];
const THIS_FILE = fileURLToPath(import.meta.url);
/** What makes dist/, besides the packages. */
const RECIPE = [THIS_FILE, join(ROOT, 'scripts/bundle-packages.mjs')];
/** Holds the hash of what dist/ was made from, and the files of packages in it. It is written last, and removed first. */
const STAMP = join(DIST, '.built-from');

/** A relative import, static or dynamic. Types are gone by then. */
const OWN_IMPORT = /(\b(?:from|import)\s*\(?\s*)(['"])(\.{1,2}\/[^'"\n]*)\.ts\2/g;

/** An import of a package, static or dynamic. */
const PACKAGE_IMPORT = /(\b(?:from|import)\s*\(?\s*)(['"])((?!node:)[@a-z][^'"\n]*)\2/g;

/** An expected failure: its message says what to do. */
class BuildError extends Error {}

/** Every file of the folders, by its path from the root, with its bytes. */
function readSources() {
  const paths = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.d.ts'))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name))),
  );
  return new Map(paths.sort().map((path) => [path, readFileSync(join(ROOT, path))]));
}

/** What a source becomes in dist/; what is no TypeScript is copied. */
function outputOf(path) {
  return join(DIST, extname(path) === '.ts' ? path.replace(/\.ts$/, '.js') : path);
}

/** Which packages npm installs, in which versions. What it notes of the bot itself it may write anew. */
function lockedPackages() {
  const path = join(ROOT, 'package-lock.json');
  if (!existsSync(path)) return '';
  const { '': _bot, ...packages } = JSON.parse(readFileSync(path, 'utf8')).packages;
  return JSON.stringify(packages);
}

/** Changes with every name and every byte of the sources, with the recipe, and with the packages. */
function hashOf(sources) {
  const hash = createHash('sha256').update(lockedPackages());
  for (const path of RECIPE) hash.update(readFileSync(path));
  for (const [path, bytes] of sources) hash.update(`\0${path}\0${bytes.length}\0`).update(bytes);
  return hash.digest('hex');
}

/** Whether dist/ was made from exactly these sources, and all of it is there. */
function isUpToDate(sources, hash) {
  if (!existsSync(STAMP)) return false;
  const [madeFrom, ...packages] = readFileSync(STAMP, 'utf8').split('\n');
  // What was bundled stays so where esbuild was taken away again.
  const isBundled = packages.length > 0 || !canBundle();
  const files = [...[...sources.keys()].map(outputOf), ...packages.map((path) => join(DIST, path))];
  return madeFrom === hash && isBundled && files.every((path) => existsSync(path));
}

/** @throws {BuildError} where a source is no TypeScript whose types can be taken away. */
async function compile(sources) {
  const { transformSync } = await import('@swc/wasm-typescript').catch((cause) => {
    throw new BuildError('The dependencies are not installed: run npm ci first.', { cause });
  });
  return new Map(
    [...sources].map(([path, bytes]) => {
      if (extname(path) !== '.ts') return [outputOf(path), bytes];
      try {
        const { code } = transformSync(bytes.toString('utf8'), { mode: 'strip-only', module: true, filename: path });
        return [outputOf(path), code.replace(OWN_IMPORT, '$1$2$3.js$2')];
      } catch (error) {
        // swc throws a plain object.
        throw new BuildError(`${path}:${error.startLine ?? '?'} cannot be compiled: ${error.message ?? error}`);
      }
    }),
  );
}

/** Bundles the packages that compiled files import, and lets these import the bundles. */
async function addPackages(compiled) {
  if (!canBundle()) return { outputs: compiled, packages: [] };
  const codes = [...compiled].filter(([path]) => path.endsWith('.js'));
  const imported = new Set(codes.flatMap(([, code]) => [...code.matchAll(PACKAGE_IMPORT)].map(([, , , name]) => name)));
  const { files, bundled } = await bundlePackages(imported);
  const outputs = new Map(compiled);
  for (const [path, code] of codes) {
    const toDist = relative(dirname(path), DIST).replaceAll('\\', '/');
    const imports = (all, before, quote, name) =>
      bundled.has(name) ? `${before}${quote}${toDist}/${bundled.get(name)}${quote}` : all;
    outputs.set(path, code.replace(PACKAGE_IMPORT, imports));
  }
  for (const [path, content] of files) outputs.set(join(DIST, path), content);
  return { outputs, packages: [...files.keys()] };
}

/** Writes what has to be there and removes what is left of sources that are gone. Each file changes in one step. */
function write({ outputs, packages }, hash) {
  rmSync(STAMP, { force: true });
  for (const folder of [...FOLDERS, 'packages']) {
    const target = join(DIST, folder);
    if (!existsSync(target)) continue;
    for (const entry of readdirSync(target, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      // A .tmp may be what another build is about to rename.
      if (entry.isFile() && !outputs.has(path) && !path.endsWith('.tmp')) rmSync(path, { force: true });
    }
  }
  for (const [path, content] of [...outputs, [STAMP, [hash, ...packages].join('\n')]]) {
    mkdirSync(dirname(path), { recursive: true });
    // Another build, or a bot that loads a file late, must not meet half of one.
    const temporary = `${path}.${process.pid}.tmp`;
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  }
}

/** Compiles in a process of its own: what that takes of memory (50 MB) would stay with the bot. */
function compileApart() {
  const { status, error } = spawnSync(process.execPath, [THIS_FILE, '--compile'], { stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(1);
}

/** What somebody reads of a failure: what to do where that is known, else all that there is. */
function messageOf(error) {
  if (error instanceof BuildError) return error.message;
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(error.code)) return error.stack;
  const path = relative(ROOT, error.path ?? DIST);
  return `${path} cannot be written (${error.code}), and dist/ was not made from these sources. Run npm run build as somebody who may write there, such as while an image is made.`;
}

/** Does what is needed. Where dist/ was shipped without its sources, that is nothing. */
async function build() {
  if (!existsSync(join(ROOT, 'src')) && existsSync(STAMP)) return;
  const sources = readSources();
  const hash = hashOf(sources);
  if (isUpToDate(sources, hash)) return;
  if (process.argv.includes('--compile')) write(await addPackages(await compile(sources)), hash);
  else compileApart();
}

try {
  await build();
  // Node 22 and newer can keep what V8 has compiled for the next start. Nothing is kept where dist/ cannot be written.
  module.enableCompileCache?.(join(DIST, '.compiled-by-node'));
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
}
