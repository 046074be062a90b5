/**
 * Puts the packages that the bot imports into a few files: to find, read and link their 800 files is half of a start. Our own
 * files stay as they are, so that the lines of a stack trace are those of the source.
 *
 * It needs esbuild, which is a development dependency: build.mjs leaves the packages in node_modules/ where it is not there.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Beside what is compiled of src/. */
const FOLDER = 'packages';

/** Asked for in a `try` by the packages, and not installed; and what is a binary. */
const NOT_BUNDLED = [
  'bufferutil',
  'utf-8-validate',
  'zlib-sync',
  'pg-native',
  'pg-cloudflare',
  '@valkey/valkey-glide',
  'libsql',
];

/** CommonJS in a module asks for Node's own modules with `require`. */
const REQUIRE = `import { createRequire as createRequireOfNode } from 'node:module'; const require = createRequireOfNode(import.meta.url);`;

export function canBundle() {
  return existsSync(join(ROOT, 'node_modules/esbuild/package.json'));
}

/**
 * @param imported What the bot's sources import that is no file of theirs.
 * @returns The files, by their path from dist/; and for each name that was bundled the one that exports the same.
 */
export async function bundlePackages(imported) {
  const { build } = await import('esbuild');
  const entries = new Map();
  for (const name of imported) {
    if (!NOT_BUNDLED.includes(name) && isInstalled(name)) entries.set(name, await exportsOf(name));
  }
  const { outputFiles, metafile } = await build({
    // A name with its slash would be a folder.
    entryPoints: Object.fromEntries([...entries.keys()].map((name) => [fileOf(name), `exports-of:${name}`])),
    plugins: [{ name: 'exports-of', setup: (setup) => resolveExports(setup, entries) }],
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: NOT_BUNDLED,
    banner: { js: REQUIRE },
    outdir: join(ROOT, 'dist', FOLDER),
    absWorkingDir: ROOT,
    // Otherwise a class may become User2, and discord.js finds the limits of its caches by the names of classes.
    keepNames: true,
    // Node keeps the text of every module in memory, twice as large where one character of a comment is not Latin. Names stay, and
    // lines of a length that one can find a place in.
    minifyWhitespace: true,
    lineLimit: 120,
    legalComments: 'none',
    // discord.js has an eval for its shards as processes, which nobody uses here.
    logOverride: { 'direct-eval': 'silent' },
    write: false,
    metafile: true,
  });
  const files = new Map(outputFiles.map(({ path, text }) => [relative(join(ROOT, 'dist'), path), namingClasses(text)]));
  if (![...files.values()].some((text) => text.includes(NAME_OF_CLASS)))
    throw new Error('esbuild names classes in another way.');
  files.set(join(FOLDER, 'LICENSES.txt'), licensesOf(Object.keys(metafile.inputs)));
  return { files, bundled: new Map([...entries.keys()].map((name) => [name, `${FOLDER}/${fileOf(name)}.js`])) };
}

/** What esbuild calls for each function that is made, hot ones too, and what is called instead: only classes are known by their names. */
const NAME_OF_ANY = 'var __name=(target,value)=>__defProp(target,"name",{value,configurable:true});';
const NAME_OF_CLASS = `var __name=(target,value)=>value[0]>='a'&&value[0]<='z'?target:__defProp(target,'name',{value,configurable:true});`;
const namingClasses = (text) => text.replace(NAME_OF_ANY, () => NAME_OF_CLASS);

const fileOf = (name) => name.replaceAll('/', '-').replace(/^@|\.js$/g, '');

/** Packages that not everybody needs may be missing. */
function isInstalled(name) {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** A module that exports what Node finds in a package: names that only running it shows, too, where it is CommonJS. */
async function exportsOf(name) {
  const names = Object.keys(await import(name)).filter((one) => one !== 'module.exports');
  return `export { ${names.join(', ')} } from ${JSON.stringify(name)};`;
}

function resolveExports({ onResolve, onLoad }, entries) {
  onResolve({ filter: /^exports-of:/ }, ({ path }) => ({
    path: path.replace('exports-of:', ''),
    namespace: 'exports-of',
  }));
  onLoad({ filter: /.*/, namespace: 'exports-of' }, ({ path }) => ({ contents: entries.get(path), resolveDir: ROOT }));
}

/** What the licenses of the packages want to be kept with every copy. */
function licensesOf(inputs) {
  const folders = new Set(inputs.flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []));
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
    const files = readdirSync(join(ROOT, folder)).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
    const words = files.map((file) => readFileSync(join(ROOT, folder, file), 'utf8').trim());
    return [`${name} ${version} (${license ?? 'see below'})`, ...words].join('\n\n');
  });
  return `${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
