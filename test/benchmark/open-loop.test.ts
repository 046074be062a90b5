import { expect, test } from 'vitest';
import { atRate, mostPerSecond } from '../../sandbox/benchmark/open-loop.ts';

test('what is begun at a rate does not wait for what was begun before', async () => {
  let release = () => {};
  const first = new Promise<void>((resolve) => {
    release = resolve;
  });
  const results = await atRate(Number.POSITIVE_INFINITY, 3, async (index) => {
    if (index === 0) await first;
    if (index === 2) release();
    return index;
  });
  expect(results).toEqual([0, 1, 2]);
});

test('a failure is told when everything has been begun', async () => {
  let begun = 0;
  const run = atRate(Number.POSITIVE_INFINITY, 3, async (index) => {
    begun += 1;
    if (index === 0) throw new Error('the first fails');
  });
  await expect(run).rejects.toThrow('the first fails');
  expect(begun).toBe(3);
});

test('no more run at the same time than was said, and each runs once', async () => {
  let running = 0;
  let most = 0;
  let runs = 0;
  const perSecond = await mostPerSecond(20, 4, async () => {
    runs += 1;
    running += 1;
    most = Math.max(most, running);
    await new Promise(setImmediate);
    running -= 1;
  });
  expect({ most, runs }).toEqual({ most: 4, runs: 20 });
  expect(perSecond).toBeGreaterThan(0);
});
