import { expect, onTestFinished, test } from 'vitest';
import { openStorage } from '../../../src/storage/open-storage.ts';
import { Looker } from '../../../src/tickets/watching/looker.ts';

const idOf = (name: string) => `${name}-0-0-0-0` as const;

/** Two processes on one store, of which each is told whether the other one lives. */
async function createTwo() {
  const storage = await openStorage({ url: 'sqlite::memory:', keys: [], now: Date.now });
  onTestFinished(() => storage.close());
  const gone = new Set<string>();
  const stalled = new Set<string>();
  const looker = (name: string) => {
    const id = idOf(name);
    let knowsOthers = false;
    return new Looker(storage, {
      id,
      // A process that is not known counts as gone.
      isGone: (other) => other !== id && (!knowsOthers || [...gone].some((one) => idOf(one) === other)),
      async look() {
        knowsOthers = true;
      },
      get mayStartCalls() {
        return !stalled.has(name);
      },
    });
  };
  return { one: looker('one'), other: looker('other'), gone, stalled };
}

test('one process looks, and the other one does when that is gone', async () => {
  const { one, other, gone } = await createTwo();
  expect([await one.isThis(), await other.isThis(), await one.isThis()]).toEqual([true, false, true]);
  gone.add('one');
  expect(await other.isThis()).toBe(true);
  // It only slept: it finds out before its next look.
  expect(await one.isThis()).toBe(false);
});

test('of two that begin together one looks', async () => {
  const { one, other } = await createTwo();
  const both = await Promise.all([one.isThis(), other.isThis()]);
  expect(both.filter(Boolean)).toHaveLength(1);
});

test('a process that stops lets the other one look at once', async () => {
  const { one, other } = await createTwo();
  await one.isThis();
  await other.leave();
  expect(await other.isThis()).toBe(false);
  await one.leave();
  expect(await other.isThis()).toBe(true);
});

test('a process that could not renew its lease does not look', async () => {
  const { one, stalled } = await createTwo();
  expect(await one.isThis()).toBe(true);
  stalled.add('one');
  expect(await one.isThis()).toBe(false);
});
