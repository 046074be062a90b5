import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { openStorage } from '../../src/storage/open-storage.ts';

const DAY_MS = 24 * 3_600_000;

async function createStorage() {
  const clock = { now: 1_800_000_000_000 };
  const storage = await openStorage({ url: 'sqlite::memory:', keys: [], now: () => clock.now });
  onTestFinished(() => storage.close());
  return { clock, storage };
}

test('records that were written while the clock was ahead live no longer than others from the next sweep on', async () => {
  const { clock, storage } = await createStorage();
  const short = storage.records('short', z.string(), { longestMs: DAY_MS });
  const long = storage.records('long', z.string(), { longestMs: 30 * DAY_MS });
  const other = storage.records('other', z.string());
  clock.now += 365 * DAY_MS;
  await Promise.all(Array.from({ length: 2500 }, (_, row) => short.save(`${row}`, 'x', DAY_MS)));
  await long.save('a', 'x', 30 * DAY_MS);
  await other.save('a', 'x', DAY_MS);
  await long.save('for ever', 'x');
  clock.now -= 365 * DAY_MS;
  await long.save('right', 'x', 10 * DAY_MS);
  await storage.sweep();
  clock.now += DAY_MS - 1;
  expect(await short.find('2499')).toBe('x');
  clock.now += 1;
  expect(await short.find('0')).toBeUndefined();
  expect(await short.removeAll('')).toBe(0);
  expect(await long.find('a')).toBe('x');
  expect(await other.find('a')).toBe('x');
  clock.now += 9 * DAY_MS;
  expect(await long.find('right')).toBeUndefined();
  clock.now += 20 * DAY_MS;
  expect(await long.find('a')).toBeUndefined();
  expect(await long.find('for ever')).toBe('x');
});
