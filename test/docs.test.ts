import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../commands/index.ts';
import { SETTINGS } from '../src/config.ts';
import { CONFIG } from './handlers/handler-cases.ts';

const documents = [
  'README.md',
  'CHANGELOG.md',
  'PRIVACY.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  'AGENTS.md',
  'sandbox/discord/README.md',
  '.env.example',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const { scripts, version } = JSON.parse(readFileSync('package.json', 'utf8'));
const textOf = (file: string) => readFileSync(file, 'utf8');

describe.each(documents)('%s', (file) => {
  const text = textOf(file);

  test('names only commands that there are', () => {
    const named = [...text.matchAll(/\bnpm (?:run )?([a-z][\w:-]*)/g)].map(([, name]) => name ?? '');
    const builtIn = ['ci', 'test', 'start'];
    expect(named.filter((name) => !builtIn.includes(name) && !(name in scripts))).toEqual([]);
  });

  test('links only to files that there are', () => {
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)].map(
      ([, link, image]) => link ?? image ?? '',
    );
    const local = targets.filter((target) => !/^(https?:|#)/.test(target));
    const missing = local.filter((target) => !existsSync(join(dirname(file), target.replace(/#.*$/, ''))));
    expect(missing).toEqual([]);
  });

  test('names only settings that there are', () => {
    const known = new Set([...SETTINGS, 'REDIS_URL', 'POSTGRES_URL', 'NODE_EXTRA_CA_CERTS']);
    const looksLikeOne = /`([A-Z]+(?:_[A-Z]+)+)(?:=[^`]*)?`/g;
    expect([...text.matchAll(looksLikeOne)].map(([, name]) => name ?? '').filter((name) => !known.has(name))).toEqual(
      [],
    );
  });
});

test.each(commands.map((command) => [command.kind === 'slash' ? '/' : '', command.data(CONFIG).name] as const))(
  'README.md says what %s%s is for',
  (sign, name) => {
    expect(textOf('README.md'), 'add it to "What people can do" in README.md').toContain(`${sign}${name}`);
  },
);

test('the changelog knows this version', () => {
  expect(textOf('CHANGELOG.md')).toContain(`## ${version}`);
});

test('every picture of the docs is shown somewhere', () => {
  const shown = documents.map(textOf).join('\n');
  expect(readdirSync('docs/images').filter((name) => !shown.includes(`images/${name}`))).toEqual([]);
});
