import { expect, test } from 'vitest';
import { runSoak } from '../../sandbox/soak/soak.ts';
import { problemsOf } from '../../sandbox/soak/verdict.ts';
import { ManualClock } from '../support/manual-clock.ts';

// Whether it holds out is shown by `npm run soak`: in some seconds nothing grows that one could see.
test('a short soak opens tickets through faults and reconnects, and looks at the bot after each part', async () => {
  const seen: number[] = [];
  const result = await runSoak({
    ticketsOfPart: 25,
    parts: 2,
    ticketsPerSecond: Number.POSITIVE_INFINITY,
    // Discord's three seconds are never over, however busy the machine is.
    clock: new ManualClock(Date.now),
    onLook: (_, part) => seen.push(part),
  });
  const { looks, told, tickets, duplicates, reconnects, faults } = result;
  expect(seen).toEqual([0, 1]);
  expect(looks.every(({ heapBytes, handles }) => heapBytes > 1024 * 1024 && handles > 0)).toBe(true);
  expect(told.opened + told.maybe + told.nothing + told.failed).toBe(50);
  expect(told.opened).toBeGreaterThan(0);
  expect(tickets).toBeGreaterThanOrEqual(told.opened);
  expect({ duplicates, reconnects, faults }).toEqual({ duplicates: 0, reconnects: 1, faults: 4 });
  expect(problemsOf({ ...result, looks: looks.slice(0, 1) })).toEqual([]);
});
