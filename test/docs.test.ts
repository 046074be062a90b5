import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../commands/index.ts';
import { BODY_FAULTS } from '../sandbox/discord/rules/refusals.ts';
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
  'sandbox/page/README.md',
  '.github/pull_request_template.md',
  '.github/ISSUE_TEMPLATE/bug.md',
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
    const builtIn = ['ci', 'install', 'prune', 'test', 'start'];
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
    // Other codes in capitals: Discord's, which the stand-in answers.
    const known = new Set([
      ...SETTINGS,
      ...Object.keys(BODY_FAULTS),
      'REDIS_URL',
      'POSTGRES_URL',
      'NODE_EXTRA_CA_CERTS',
    ]);
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

test.each(['CONTRIBUTING.md', 'AGENTS.md', 'docs/architecture.md', 'docs/house-style.md'])(
  '%s names only files that there are',
  (file) => {
    const named = [...textOf(file).matchAll(/`((?:[\w.-]+\/)+[\w.-]*)`/g)].map(([, path]) => path ?? '');
    // NAME stands for the one that somebody adds.
    expect(named.filter((path) => !path.includes('NAME') && !existsSync(path))).toEqual([]);
  },
);

test('docs/decisions/README.md lists every decision, the oldest first', () => {
  const notes = readdirSync('docs/decisions').filter((name) => name !== 'README.md');
  const listed = [...textOf('docs/decisions/README.md').matchAll(/\]\(([^)]+)\)/g)].map(([, name]) => name);
  expect(listed, 'add a row to docs/decisions/README.md').toEqual(notes.toSorted());
});

test('docs/glossary.md is in order, each word once', () => {
  const words = [...textOf('docs/glossary.md').matchAll(/^\| ([^|-][^|]*) \|/gm)].map(([, word]) => word).slice(1);
  expect(words.length).toBeGreaterThan(40);
  expect(words).toEqual([...new Set(words)].toSorted());
});

test('the workflow runs on the versions of Node that .ci/every-node tries', () => {
  const [, tried = ''] = /^versions=\(([^)]+)\)/m.exec(textOf('.ci/every-node')) ?? [];
  const [, run = ''] = /node: \[([^\]]+)\]/.exec(textOf('.github/workflows/ci.yml')) ?? [];
  expect(run.split(', ')).toEqual(tried.split(' ').map((one) => one.split('.')[0]));
});

test('the changelog knows this version', () => {
  expect(textOf('CHANGELOG.md')).toContain(`## ${version}`);
});

test('every picture of the docs is shown somewhere', () => {
  const shown = documents.map(textOf).join('\n');
  expect(readdirSync('docs/images').filter((name) => !shown.includes(`images/${name}`))).toEqual([]);
});
