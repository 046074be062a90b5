import { setTimeout as delay } from 'node:timers/promises';

/**
 * Does something so many times a second, whether what was begun before is over or not, as people do: they do not wait for each
 * other. What is late is made up for at once.
 * @param perSecond Infinity begins all of them at once.
 * @returns What came of each, in the order in which they were begun.
 */
export async function atRate<T>(perSecond: number, count: number, begin: (index: number) => Promise<T>): Promise<T[]> {
  const startedAt = performance.now();
  const begun: Promise<T>[] = [];
  for (let index = 0; index < count; index += 1) {
    const waitMs = startedAt + (index / perSecond) * 1000 - performance.now();
    if (waitMs > 0) await delay(waitMs);
    const one = begin(index);
    // Its failure is told below, when all have been begun.
    one.catch(() => undefined);
    begun.push(one);
  }
  return Promise.all(begun);
}

/** Does something so many times, and no more of it at the same time than is said. */
export async function withAtMost(count: number, atOnce: number, run: () => Promise<unknown>): Promise<void> {
  let begun = 0;
  const one = async () => {
    while (begun < count) {
      begun += 1;
      await run();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

/** The same. @returns How often in a second. */
export async function mostPerSecond(count: number, atOnce: number, run: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await withAtMost(count, atOnce, run);
  return count / ((performance.now() - startedAt) / 1000);
}
