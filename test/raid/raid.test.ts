import { expect, test } from 'vitest';
import { claimsOf } from '../../sandbox/raid/claims.ts';
import { type RaidOptions, runRaid } from '../../sandbox/raid/raid.ts';
import { ManualClock } from '../support/manual-clock.ts';

test.each<[string, RaidOptions['helpdesk']]>([
  ['answers nobody until all have come', { kind: 'held' }],
  ['never answers', { kind: 'hang', timeoutSeconds: 1 }],
])('a crowd that comes while the helpdesk %s is answered in order and truly', async (_, helpdesk) => {
  const options = { people: 80, withinSeconds: 1, concurrency: 4, helpdesk, clock: new ManualClock(Date.now) };
  const claims = claimsOf(options, await runRaid(options)).filter(({ isAboutSpeed }) => !isAboutSpeed);
  expect(claims.length).toBeGreaterThanOrEqual(3);
  expect(claims.filter(({ holds }) => !holds)).toEqual([]);
});
