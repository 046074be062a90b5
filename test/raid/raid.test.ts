import { expect, test } from 'vitest';
import { claimsOf } from '../../sandbox/raid/claims.ts';
import { type RaidOptions, runRaid } from '../../sandbox/raid/raid.ts';

test.each<[string, RaidOptions['helpdesk']]>([
  ['is slow', { kind: 'slow', latencyMs: 100 }],
  ['never answers', { kind: 'hang', timeoutSeconds: 1 }],
])(
  'a crowd that comes while the helpdesk %s is answered in time, in order and truly',
  { timeout: 60_000 },
  async (_, helpdesk) => {
    const options = { people: 80, withinSeconds: 1, concurrency: 4, helpdesk };
    const claims = claimsOf(options, await runRaid(options));
    expect(claims.filter(([, holds]) => !holds)).toEqual([]);
  },
);
