import { expect, test } from 'vitest';
import { runTorture } from '../../sandbox/torture/torture.ts';

test('no text is lost, doubled or left untold while the bot and everything around it dies again and again', {
  timeout: 120_000,
}, async () => {
  const result = await runTorture({ seed: 'in the tests', kills: 12, people: 4 });
  expect(result).toMatchObject({
    duplicates: [],
    lost: [],
    untold: [],
    stories: [],
    trouble: { kills: 12, badEnds: [] },
  });
  expect(result.texts).toBeGreaterThan(10);
  expect(result.tickets).toBeGreaterThan(0);
});
