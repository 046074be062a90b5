import { expect, test } from 'vitest';
import { StorageError } from '../../../src/storage/record-store.ts';
import { createWatch } from './watch-harness.ts';

/** What happens at one access of the store, from the look that finds news on. */
const MISHAPS = ['fails', 'lands', 'dies-before', 'dies-after'] as const;
type Mishap = (typeof MISHAPS)[number];

/** More accesses than a look with a notice makes. */
const MANY = 40;

/** @returns Whether there was such an access before the person was told. */
async function tellDespite(
  mishap: Mishap,
  index: number,
): Promise<{ happened: boolean; told: number; waiting: number }> {
  const watch = await createWatch();
  const reference = await watch.watch();
  watch.start();
  await watch.until(() => watch.results.length === 1);
  let isDead = false;
  let count = 0;
  const { breakage } = watch;
  const never = () => new Promise<never>(() => undefined);
  watch.shows(async (wanted) => {
    // From here on: this look finds the news.
    breakage.around = async (_, run) => {
      if (isDead) return never();
      count += 1;
      if (count !== index) return run();
      if (mishap === 'fails') throw new StorageError('The disk is full.');
      if (mishap === 'dies-before') {
        isDead = true;
        return never();
      }
      await run();
      if (mishap === 'lands') throw new StorageError('No answer in time.');
      isDead = true;
      return never();
    };
    const ticket = watch.shown.get(wanted);
    return ticket ? { kind: 'viewed', ticket } : { kind: 'refused' };
  });
  watch.answer(reference);
  const waiting = async () => (await next.notifications()).length;
  const next = await createWatch({ ground: watch.ground });
  const delivered = () => new Set(watch.told.map(({ nonce }) => nonce)).size;
  let alive = watch;
  /** Lets time pass; a process that has died is followed by the next one. */
  const until = (hasHappened: () => boolean | Promise<boolean>) =>
    watch.until(() => {
      if (isDead && alive !== next) {
        alive = next;
        next.start();
      }
      return hasHappened();
    });
  await until(async () => delivered() + (await waiting()) > 0 && (await next.stored()).notice === undefined);
  const happened = count >= index;
  if (!isDead) breakage.around = undefined;
  const before = alive.results.length;
  await until(() => alive.results.length >= before + 2);
  return { happened, told: delivered(), waiting: await waiting() };
}

test.each(MISHAPS)('whatever access of the store %s, a change is told once', async (mishap) => {
  let index = 1;
  for (; index < MANY; index += 1) {
    const { happened, told, waiting } = await tellDespite(mishap, index);
    expect({ index, told, waiting }).toEqual({ index, told: 1, waiting: 0 });
    if (!happened) break;
  }
  expect(index).toBeGreaterThan(4);
  expect(index).toBeLessThan(MANY);
});
