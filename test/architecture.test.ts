import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../commands/index.ts';

/** Who may import whom, outermost first. A file belongs to the first room that fits; what it imports must stand in `may`. */
const ROOMS = [
  {
    room: 'main',
    fits: /^src\/(main|command-line|exit-code)\.ts$/,
    may: ['main', 'app', 'chosen helpdesk', 'discord', 'health', 'ground'],
  },
  {
    room: 'cli',
    fits: /^src\/cli\//,
    may: ['cli', 'chosen helpdesk', 'commands', 'health', 'discord', 'mail', 'ground'],
  },
  {
    room: 'app',
    fits: /^src\/(app|create-services)\.ts$/,
    may: ['app', 'chosen helpdesk', 'helpdesk kind', 'commands', 'discord', 'mail', 'tickets', 'accounts', 'ground'],
  },
  {
    room: 'chosen helpdesk',
    fits: /^src\/chosen-helpdesk\.ts$/,
    may: ['helpdesk', 'helpdesk kind'],
  },
  { room: 'commands', fits: /^commands\//, may: ['commands', 'discord', 'tickets', 'accounts', 'ground'] },
  { room: 'discord', fits: /^src\/discord\//, may: ['discord', 'tickets', 'accounts', 'ground'] },
  {
    room: 'helpdesk',
    // MyAdmin's, and a folder such as src/other-helpdesk/ for another one.
    fits: /^src\/(?:[a-z-]+-)?helpdesk\//,
    may: ['helpdesk', 'helpdesk kind', 'health', 'tickets', 'ground'],
  },
  { room: 'helpdesk kind', fits: /^src\/helpdesk-kind\.ts$/, may: ['health', 'tickets', 'ground'] },
  { room: 'mail', fits: /^src\/mail\//, may: ['mail', 'accounts', 'ground'] },
  { room: 'health', fits: /^src\/health\//, may: ['health', 'discord', 'tickets', 'accounts', 'ground'] },
  { room: 'tickets', fits: /^src\/tickets\//, may: ['tickets', 'accounts', 'ground'] },
  { room: 'accounts', fits: /^src\/accounts\//, may: ['accounts', 'ground'] },
  {
    room: 'ground',
    fits: /^src\/(clock|config|email-address|env-file|log-output|log|mail-sender|metrics|network|process-lease|readable-line|recent-counter|sliding-window|short-memory|version)\.ts$|^src\/storage\//,
    may: ['ground'],
  },
] as const;

/** Where a package may be imported, and only there. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  'discord.js': /^(commands|src\/discord)\//,
  soap: /^src\/helpdesk\//,
  keyv: /^src\/storage\//,
  nodemailer: /^src\/mail\//,
};

const files = [...sourcesIn('src'), ...sourcesIn('commands')];
const sandbox = sourcesIn('sandbox');
const tests = sourcesIn('test');

const IMPORT = /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g;

/** An import that stays when types are taken away, and is loaded with its file. */
const IMPORT_AT_ONCE = /(?:^|\n)(?:import|export)(?! type\b)\b[^'"`;]*?from\s*['"]([^'"]+)['"]/g;

/** The packages without which no bot can start. */
const LOADED_AT_START = ['discord.js', 'zod', 'pino', 'keyv', 'p-queue', 'cockatiel', 'prom-client'];

/** What a file imports: other files by their path, packages by their name. */
function importsOf(file: string): { files: string[]; packages: string[] } {
  const specifiers = [...readFileSync(file, 'utf8').matchAll(IMPORT)].map(
    ([, fixed, dynamic]) => fixed ?? dynamic ?? '',
  );
  const isOwn = (specifier: string) => specifier.startsWith('.');
  return {
    files: specifiers
      .filter(isOwn)
      .map((specifier) => normalize(join(dirname(file), specifier)).replaceAll('\\', '/'))
      // Code that no compiler has seen yet names what it imports by what it will be: the page's, for the browser.
      .map((path) => (existsSync(path) ? path : path.replace(/\.js$/, '.ts')))
      .filter((path) => /\.m?ts$/.test(path) && existsSync(path)),
    packages: specifiers.filter((specifier) => !isOwn(specifier)),
  };
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name).replaceAll('\\', '/'));
}

function roomOf(file: string) {
  return ROOMS.find(({ fits }) => fits.test(file));
}

describe.each(files)('%s', (file) => {
  test('stands in a room and imports only what its room may', () => {
    const room = roomOf(file);
    expect(room, `no room fits ${file}: name it in ROOMS of test/architecture.test.ts`).toBeDefined();
    const may: readonly string[] = room?.may ?? [];
    const foreign = importsOf(file).files.filter((target) => !may.includes(roomOf(target)?.room ?? 'outside'));
    expect(
      foreign,
      `${file} imports from a room that ${room?.room} may not know (ROOMS of test/architecture.test.ts)`,
    ).toEqual([]);
  });

  test('knows of the tickets and the accounts only their port, where it is what stands behind that port', () => {
    const PORTS = {
      helpdesk: /^src\/(?!tickets\/(?!helpdesk-(?:client|error|ticket)\.ts))/,
      mail: /^src\/(?!accounts\/(?!mailer\.ts))/,
    };
    const room = roomOf(file)?.room;
    if (room !== 'helpdesk' && room !== 'mail') return;
    for (const target of importsOf(file).files) expect(target).toMatch(PORTS[room]);
  });

  test('uses packages and the environment only where they belong', () => {
    for (const name of importsOf(file).packages) expect(file).toMatch(PACKAGES[name] ?? /./);
    const readsEnvironment = readFileSync(file, 'utf8').includes('process.env');
    if (readsEnvironment) expect(file).toMatch(/^src\/(main\.ts|cli\/)/);
  });
});

test('a start loads no package that is first needed later: soap alone brings as much code as our own', () => {
  const loaded = new Map<string, string>();
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(IMPORT_AT_ONCE)) {
      if (name.startsWith('.')) visit(normalize(join(dirname(file), name)));
      else if (!name.startsWith('node:')) loaded.set(name, file);
    }
  };
  visit('src/main.ts');
  expect(seen.size).toBeGreaterThan(200);
  const late = [...loaded].filter(([name]) => !LOADED_AT_START.includes(name));
  expect(late, 'import() it where it is used').toEqual([]);
});

test('no file imports itself by a detour', () => {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' > '));
    if (done.has(file) || path.includes(file)) return;
    for (const next of importsOf(file).files) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of [...files, ...sandbox, ...tests]) visit(file, []);
  expect(circles).toEqual([]);
});

test('what plays the world outside uses nothing of the bot, but for the folder in which the bot is watched', () => {
  // The tests of the page show it every card that the bot has.
  const world = sandbox.filter((file) => !/^sandbox\/(bot|page\/test)\//.test(file));
  const intruders = world.filter((file) => importsOf(file).files.some((target) => /^(src|commands)\//.test(target)));
  expect(intruders).toEqual([]);
});

test("the stand-in of Discord could stand alone: besides itself it uses the sandbox's waits and clock", () => {
  const outside = sourcesIn('sandbox/discord').flatMap((file) =>
    importsOf(file).files.filter((target) => !/^sandbox\/(discord\/|activity\.ts$|clock\.ts$)/.test(target)),
  );
  expect(outside).toEqual([]);
});

test('every command in the folder is in the list, once', () => {
  const inFolder = sourcesIn('commands').filter((file) => !file.endsWith('index.ts'));
  const listed = importsOf('commands/index.ts').files.filter((file) => file.startsWith('commands/'));
  const missing = inFolder.filter((file) => !listed.includes(file));
  expect(missing, 'add them to `commands` in commands/index.ts').toEqual([]);
  expect(new Set(commands).size, 'one of commands/index.ts stands there twice, or not in the list').toBe(
    inFolder.length,
  );
});
