import { expect, test } from 'vitest';
import { runChaos } from '../../sandbox/chaos/chaos.ts';

test('no text is lost, doubled or left untold while the bot and everything around it dies again and again', {
  timeout: 120_000,
}, async () => {
  const result = await runChaos({ seed: 'in the tests', kills: 12, people: 4 });
  expect(result).toMatchObject({
    duplicates: [],
    lost: [],
    untold: [],
    stories: [],
    faults: { kills: 12, badEnds: [] },
  });
  expect(result.texts).toBeGreaterThan(10);
  expect(result.tickets).toBeGreaterThan(0);
});
