import { expect, test } from 'vitest';
import { KNOWN_FOR_MS, KnownInteractions } from '../../src/discord/known-interactions.ts';
import { ManualClock } from '../support/manual-clock.ts';

/** Two IDs whose lower bits are the same, and two that differ in their last bit. */
const IDS = ['1576054458113064985', String(1576054458113064985n + (1n << 31n)), '1576054458113064984'] as const;

test('an interaction is known while it is handled, and for a quarter of an hour after its answer', () => {
  const clock = new ManualClock();
  const known = new KnownInteractions(clock);
  const [id, other, third] = IDS;
  known.begin(id);
  clock.pass(2 * KNOWN_FOR_MS);
  known.begin(other);
  expect(IDS.map((one) => known.has(one))).toEqual([true, true, false]);
  known.end(id, true);
  known.end(other, true);
  clock.pass(KNOWN_FOR_MS);
  known.begin(third);
  expect(IDS.map((one) => known.has(one))).toEqual([true, true, true]);
  known.end(third, true);
  clock.pass(1);
  known.begin('1');
  // The third one ended within the same half of a second as the first, by their IDs.
  expect(known.has(other)).toBe(false);
  clock.pass(KNOWN_FOR_MS);
  known.begin('2');
  expect(IDS.map((one) => known.has(one))).toEqual([false, false, false]);
});

test('without an answer it is not known any more, as it has to be handled again', () => {
  const known = new KnownInteractions(new ManualClock());
  known.begin(IDS[0]);
  known.end(IDS[0], false);
  expect(known.has(IDS[0])).toBe(false);
});
