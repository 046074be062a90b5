import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from './support/temporary-folder.ts';

/** A checkout as a host has it after `NODE_ENV=production npm ci`: nothing compiled, no development dependency. */
async function hostedCheckout() {
  const folder = await temporaryFolder();
  for (const name of ['src', 'commands', 'scripts', 'package.json']) {
    cpSync(name, join(folder, name), { recursive: true });
  }
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, { dev?: true }> };
  const installed = Object.entries(lock.packages).filter(([path, { dev }]) => /^node_modules\//.test(path) && !dev);
  for (const [path] of installed) {
    if (path.lastIndexOf('node_modules/') > 0 || !existsSync(path)) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(resolve(path), join(folder, path));
  }
  const path = (name: string) => join(folder, name);
  return {
    path,
    /** Runs a command with no settings and no tools of this project on the PATH. */
    run(command: string, ...args: string[]) {
      const env = { PATH: process.env.PATH?.replace(/[^:]*node_modules[^:]*:?/g, ''), NODE_ENV: 'production' };
      const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, env, encoding: 'utf8' });
      return { status, said: stdout + stderr };
    },
    /** Every compiled file with its inode and the time of its last change: whatever is written again, differs. */
    compiled: () =>
      readdirSync(path('dist'), { recursive: true, encoding: 'utf8' })
        .sort()
        .map((name) => [name, statSync(path(`dist/${name}`)).ino, statSync(path(`dist/${name}`)).mtimeMs]),
  };
}

/** The bot has been compiled and runs: it reads its settings, of which there are none. */
const RUNS = /These settings need a look/;

test.each([
  ['npm start', ['start'], 78],
  ['npm run doctor', ['run', 'doctor'], 1],
  ['npm start, where scripts around scripts are not run', ['start', '--ignore-scripts'], 78],
])('%s works without development dependencies, and compiles once', async (_name, args, status) => {
  const { path, run, compiled } = await hostedCheckout();
  expect(existsSync(path('node_modules/typescript'))).toBe(false);
  expect(run('npm', ...args)).toMatchObject({ status, said: expect.stringMatching(RUNS) });
  const first = compiled();
  expect(first.length).toBeGreaterThan(80);

  expect(run('npm', ...args).said).toMatch(RUNS);
  expect(compiled()).toEqual(first);
});

test('what was compiled is the source without its types, line for line', async () => {
  const { path, run } = await hostedCheckout();
  expect(run('npm', 'run', 'build')).toMatchObject({ status: 0 });

  const source = readFileSync('src/main.ts', 'utf8').split('\n');
  const compiled = readFileSync(path('dist/src/main.js'), 'utf8').split('\n');
  expect(compiled.length).toBe(source.length);
  const line = source.findIndex((one) => one.includes('config = parseConfig('));
  expect(compiled[line]?.indexOf('parseConfig(')).toBe(source[line]?.indexOf('parseConfig('));
  expect(compiled.join('\n')).toContain("from './app.js'");
});

describe('it compiles again', () => {
  async function builtCheckout() {
    const { path, run } = await hostedCheckout();
    const build = () => run(process.execPath, 'scripts/build.mjs');
    expect(build()).toEqual({ status: 0, said: '' });
    return { path, build };
  }

  test('where a source has changed', async () => {
    const { path, build } = await builtCheckout();
    const config = path('src/config.ts');
    writeFileSync(config, readFileSync(config, 'utf8').replace('These settings need a look', 'Look at these'));
    build();

    expect(readFileSync(path('dist/src/config.js'), 'utf8')).toContain('Look at these');
  });

  test('where a source came or went', async () => {
    const { path, build } = await builtCheckout();
    writeFileSync(path('src/new.ts'), 'export const n: number = 1;\n');
    build();
    expect(readFileSync(path('dist/src/new.js'), 'utf8')).toBe('export const n         = 1;\n');
    rmSync(path('src/new.ts'));
    build();

    expect(existsSync(path('dist/src/new.js'))).toBe(false);
  });

  test('where something compiled is missing', async () => {
    const { path, build } = await builtCheckout();
    rmSync(path('dist/src/helpdesk/myadmin.wsdl'));
    build();

    expect(existsSync(path('dist/src/helpdesk/myadmin.wsdl'))).toBe(true);
  });

  test('where a source cannot be compiled, until it can', async () => {
    const { path, build } = await builtCheckout();
    const config = path('src/config.ts');
    const good = readFileSync(config, 'utf8');
    writeFileSync(config, `${good}\nconst broken = ;\n`);
    const line = good.split('\n').length + 1;
    const broken = { status: 1, said: `src/config.ts:${line} cannot be compiled: Expression expected\n` };
    expect([build(), build()]).toEqual([broken, broken]);
    writeFileSync(config, good);

    expect(build()).toEqual({ status: 0, said: '' });
  });
});

test('without any dependency it says what to do', async () => {
  const { path, run } = await hostedCheckout();
  rmSync(path('node_modules'), { recursive: true });

  expect(run('npm', 'start')).toMatchObject({ status: 1, said: expect.stringContaining('run npm ci first') });
});

test('where dist/ alone was shipped, it is run as it is', async () => {
  const { path, run } = await hostedCheckout();
  run('npm', 'run', 'build');
  for (const folder of ['src', 'commands']) rmSync(path(folder), { recursive: true });

  expect(run('npm', 'start').said).toMatch(RUNS);
});

test.skipIf(process.getuid?.() === 0)(
  'a folder that cannot be written is named, and needs not be when all is there',
  async () => {
    const { path, run } = await hostedCheckout();
    run('npm', 'run', 'build');
    chmodSync(path('dist'), 0o500);
    expect(run('npm', 'start').said).toMatch(RUNS);
    writeFileSync(path('src/new.ts'), '');

    expect(run('npm', 'start').said).toMatch(/^dist\/.* cannot be written \(EACCES\).*npm run build/m);
  },
);
