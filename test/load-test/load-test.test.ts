import { expect, test } from 'vitest';
import { claimsOf } from '../../sandbox/load-test/claims.ts';
import { type LoadTestOptions, runLoadTest } from '../../sandbox/load-test/load-test.ts';
import { ManualClock } from '../support/manual-clock.ts';

test.each<[string, LoadTestOptions['helpdesk']]>([
  ['answers nobody until all have come', { kind: 'held' }],
  ['never answers', { kind: 'hang', timeoutSeconds: 1 }],
])('a crowd that comes while the helpdesk %s is answered in order and truly', async (_, helpdesk) => {
  const options = { people: 80, withinSeconds: 1, concurrency: 4, helpdesk, clock: new ManualClock(Date.now) };
  const claims = claimsOf(options, await runLoadTest(options)).filter(({ isAboutSpeed }) => !isAboutSpeed);
  expect(claims.length).toBeGreaterThanOrEqual(3);
  expect(claims.filter(({ holds }) => !holds)).toEqual([]);
});
