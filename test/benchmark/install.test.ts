import { expect, test } from 'vitest';
import { closureOf, productionOf } from '../../sandbox/benchmark/install.ts';

const packages = {
  '': { dependencies: { a: '1' } },
  'node_modules/a': { dependencies: { b: '1' } },
  'node_modules/a/node_modules/b': { optionalDependencies: { '@s/c': '1', absent: '1' } },
  'node_modules/b': {},
  'node_modules/@s/c': { dependencies: { b: '2', a: '1' } },
  'node_modules/tool': { dev: true },
};

test('what a package needs is found where Node finds it', () => {
  expect(closureOf(packages, ['a'])).toEqual([
    'node_modules/a',
    'node_modules/a/node_modules/b',
    'node_modules/@s/c',
    'node_modules/b',
  ]);
});

test('a package that is a folder of this repository is followed', () => {
  const withLink = {
    ...packages,
    'node_modules/own': { link: true, resolved: 'packages/own' },
    'packages/own': { dependencies: { b: '1' } },
  };
  expect(closureOf(withLink, ['own'])).toEqual(['node_modules/own', 'node_modules/b']);
  expect(productionOf(withLink)).not.toContain('packages/own');
});

test('a production installation leaves out what is for development alone', () => {
  expect(productionOf(packages)).not.toContain('node_modules/tool');
  expect(productionOf(packages)).toHaveLength(4);
});
