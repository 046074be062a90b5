import { expect, test } from 'vitest';
import { type Check, type Finding, fail, ok, runChecks, warn } from '../../src/health/check.ts';

function checkOf(name: string, finding: Finding, needs: readonly string[] = []): Check {
  return { name, lookedAt: name, needs, run: async () => finding };
}

test('a check whose need has failed is skipped, and so is what needs that one', async () => {
  const results = await runChecks([
    checkOf('login', fail('no', 'mend it')),
    checkOf('servers', ok('there'), ['login']),
    checkOf('roles', ok('there'), ['servers']),
    checkOf('mail', ok('there')),
  ]);
  expect(results.map(({ name, finding }) => [name, finding.kind])).toEqual([
    ['login', 'fail'],
    ['servers', 'skipped'],
    ['roles', 'skipped'],
    ['mail', 'ok'],
  ]);
  expect(results[1]?.finding.message).toBe('Not looked at: "login" comes first.');
});

test("a warning stands in nobody's way", async () => {
  const results = await runChecks([
    checkOf('store', warn('old', 'renew it')),
    checkOf('records', ok('there'), ['store']),
  ]);
  expect(results[1]?.finding).toEqual(ok('there'));
});

test('a check that throws is a failure without the text of the error', async () => {
  const broken: Check = {
    name: 'broken',
    lookedAt: 'nothing',
    run: async () => {
      throw new TypeError('a-secret-word');
    },
  };
  const [result] = await runChecks([broken]);
  expect(result?.finding).toMatchObject({ kind: 'fail', message: 'The check itself failed: TypeError.' });
});
