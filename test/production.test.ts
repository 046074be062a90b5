import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hostedCheckout } from './support/hosted-checkout.ts';

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

  test('where other packages are locked, and not where npm wrote anew what is noted of the bot itself', async () => {
    const { path, run, compiled } = await hostedCheckout();
    const lock = (version: string, keyv: string) => {
      const packages = { '': { version }, 'node_modules/keyv': { version: keyv } };
      writeFileSync(path('package-lock.json'), JSON.stringify({ version, packages }));
      run(process.execPath, 'scripts/build.mjs');
      return compiled();
    };
    const first = lock('1.0.0', '5.6.0');
    expect(lock('1.0.1', '5.6.0')).toEqual(first);
    expect(lock('1.0.1', '5.6.1')).not.toEqual(first);
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

describe('where esbuild is installed', () => {
  const withDevelopment = true;

  test('all packages are in dist/, and the bot and its tools run without node_modules/', async () => {
    const { path, run, runWith } = await hostedCheckout({ withDevelopment });
    expect(run('npm', 'run', 'build')).toMatchObject({ status: 0 });
    rmSync(path('node_modules'), { recursive: true });

    expect(run('npm', 'start')).toMatchObject({ status: 78, said: expect.stringMatching(RUNS) });
    expect(run('npm', 'run', 'doctor')).toMatchObject({ status: 1, said: expect.stringMatching(RUNS) });
    // Nobody listens there, which only a client notices.
    for (const STORAGE_URL of ['redis://127.0.0.1:9', 'postgres://127.0.0.1:9/records']) {
      const { said } = runWith({ STORAGE_URL }, 'npm', 'run', 'store', '--', 'backup', path('records.jsonl'));
      expect(said).toContain('refuses the connection');
    }
    // Also those that are loaded late.
    const all = `for (const file of fs.readdirSync('dist/packages')) if (file.endsWith('.js')) await import('./dist/packages/' + file);`;
    expect(run(process.execPath, '--input-type=module', '-e', `import fs from 'node:fs'; ${all}`)).toEqual({
      status: 0,
      said: '',
    });
    expect(readFileSync(path('dist/packages/LICENSES.txt'), 'utf8')).toMatch(/^discord\.js .* \(Apache-2\.0\)$/m);
  });

  test('a bundle exports what the package does, with classes of the same names', async () => {
    const { path, run } = await hostedCheckout({ withDevelopment });
    run('npm', 'run', 'build');
    const nameOf = (one: unknown) => typeof one === 'function' && /^class\b/.test(String(one)) && one.name;
    const namesIn = (module: object) =>
      Object.fromEntries(Object.entries(module).map(([name, one]) => [name, nameOf(one)]));
    for (const name of ['discord.js', 'keyv', 'zod', 'p-queue', 'prom-client']) {
      const bundled = await import(path(`dist/packages/${name.replace('.js', '')}.js`));
      const { 'module.exports': _sameAsDefault, ...all } = await import(name);
      expect(namesIn(bundled)).toEqual(namesIn(all));
    }
    // By this name discord.js finds the limit of a cache.
    const { Client, Options } = await import(path('dist/packages/discord.js'));
    const makeCache = Options.cacheWithLimits({ UserManager: 0 });
    const { users } = new Client({ intents: [], makeCache });
    expect(users.cache.set('1', {}).size).toBe(0);
  });

  test('our own files are still the source without its types, line for line', async () => {
    const { path, run } = await hostedCheckout({ withDevelopment });
    run('npm', 'run', 'build');
    const source = readFileSync('src/discord/bot.ts', 'utf8').split('\n');
    const compiled = readFileSync(path('dist/src/discord/bot.js'), 'utf8').split('\n');

    expect(compiled.length).toBe(source.length);
    expect(compiled.join('\n')).toContain("from '../../packages/discord.js'");
    const line = source.findIndex((one) => one.includes('new Client('));
    expect(compiled[line]?.indexOf('new Client(')).toBe(source[line]?.indexOf('new Client('));
  });

  test('the bundle stays in use after it is taken away, and is made where it comes later', async () => {
    const { path, run, compiled } = await hostedCheckout({ withDevelopment });
    const takenAway = path('esbuild-elsewhere');
    renameSync(path('node_modules/esbuild'), takenAway);
    run('npm', 'run', 'build');
    expect(existsSync(path('dist/packages'))).toBe(false);
    renameSync(takenAway, path('node_modules/esbuild'));
    run('npm', 'run', 'build');
    expect(existsSync(path('dist/packages/discord.js'))).toBe(true);
    const bundled = compiled();
    renameSync(path('node_modules/esbuild'), takenAway);

    expect(run('npm', 'start').said).toMatch(RUNS);
    expect(compiled()).toEqual(bundled);
    rmSync(path('dist/packages/discord.js'));
    expect(run('npm', 'start').said).toMatch(RUNS);
    expect(readFileSync(path('dist/src/discord/bot.js'), 'utf8')).toContain("from 'discord.js'");
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
