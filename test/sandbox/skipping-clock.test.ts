import { expect, test } from 'vitest';
import { SkippingClock } from '../../sandbox/skipping-clock.ts';

const HOUR_MS = 3_600_000;

test('a clock that is put forward lets happen at once what is due by then, in its order, and the rest earlier', () => {
  const clock = new SkippingClock();
  const happened: string[] = [];
  const before = clock.now();
  clock.after(2 * HOUR_MS - 60_000, () => happened.push('second'));
  const callOffThird = clock.after(90 * 60_000, () => happened.push('called off'));
  clock.after(HOUR_MS - 60_000, () => {
    happened.push('first');
    callOffThird();
  });
  const callOffLast = clock.after(5 * HOUR_MS, () => happened.push('last'));
  clock.skip(HOUR_MS);
  expect(happened).toEqual(['first']);
  clock.skip(HOUR_MS);
  expect(happened).toEqual(['first', 'second']);
  expect(clock.now() - before).toBeGreaterThanOrEqual(2 * HOUR_MS);
  expect(clock.aheadMs).toBe(2 * HOUR_MS);
  callOffLast();
  clock.skip(5 * HOUR_MS);
  expect(happened).toEqual(['first', 'second']);
});

test('a clock that begins ahead stays so', () => {
  const clock = new SkippingClock(HOUR_MS);
  expect(clock.now() - Date.now()).toBeGreaterThan(HOUR_MS - 60_000);
});
