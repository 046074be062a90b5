import { describe, expect, onTestFinished, test } from 'vitest';
import type { Clock } from '../src/clock.ts';
import { createLog } from '../src/log.ts';
import { LEASE_TIMES, ProcessLease } from '../src/process-lease.ts';
import { openStorage } from '../src/storage/open-storage.ts';
import type { Storage } from '../src/storage/storage.ts';
import { createBreakableStorage, type StorageBreakage } from './support/breakable-storage.ts';
import { ManualClock } from './support/manual-clock.ts';

const START = 1_800_000_000_000;
const HOUR_MS = 3_600_000;
const { renewEveryMs, lifetimeMs, startsCallsForMs } = LEASE_TIMES;
const SILENT = createLog('silent');

/** One bot process: its lease, with a clock and a connection to the store of its own. */
interface BotProcess {
  readonly lease: ProcessLease;
  readonly breakage: StorageBreakage;
  /** How often it has been told that another process is gone. */
  readonly goneCalls: () => number;
  /** It renews its lease and looks at the others, as it does every five seconds. Resolves when it has. */
  tick(): Promise<void>;
  /** Time passes for it in which it does nothing: it hangs, or the machine sleeps. */
  sleep(ms: number): void;
}

interface ProcessOptions {
  readonly shards?: string;
  /** By how much its clock differs from the store's, in milliseconds. */
  readonly clockOffsetMs?: number;
}

/** A real store that several processes use. Each sees it by its own clock. */
async function createSharedStore({ isShared = true } = {}) {
  const clock = { now: START };
  const storage = await openStorage({ url: 'sqlite::memory:', keys: [], now: () => clock.now });
  onTestFinished(() => storage.close());

  function createProcess({ shards = '0/1', clockOffsetMs = 0 }: ProcessOptions = {}): BotProcess {
    const manual = new ManualClock(() => START + clockOffsetMs);
    let sleptMs = 0;
    let onScheduled = () => {};
    const own: Clock = {
      now: () => manual.now() + sleptMs,
      elapsed: () => manual.elapsed() + sleptMs,
      after(ms, call) {
        const callOff = manual.after(ms, call);
        onScheduled();
        return callOff;
      },
    };
    const breakage: StorageBreakage = {
      broken: undefined,
      around(_, run) {
        clock.now = own.now();
        return run();
      },
    };
    const view: Storage = { ...createBreakableStorage(storage, breakage).storage, isShared };
    const lease = new ProcessLease(view, { clock: own, log: SILENT, shards });
    onTestFinished(() => lease.stop());
    let goneCalls = 0;
    lease.onGone(() => {
      goneCalls += 1;
    });
    return {
      lease,
      breakage,
      goneCalls: () => goneCalls,
      tick() {
        // It arranges the next one when it is through with this one.
        const scheduled = new Promise<void>((resolve) => {
          onScheduled = resolve;
        });
        manual.pass(renewEveryMs);
        return scheduled;
      },
      sleep(ms) {
        sleptMs += ms;
      },
    };
  }

  return {
    createProcess,
    async start(options?: ProcessOptions): Promise<BotProcess> {
      const started = createProcess(options);
      await started.lease.start();
      return started;
    },
  };
}

/** All do what they do every five seconds, for so long. */
async function pass(ms: number, ...processes: BotProcess[]): Promise<void> {
  for (let passed = 0; passed < ms; passed += renewEveryMs) {
    for (const one of processes) await one.tick();
  }
}

describe('another process', () => {
  test('is there from its start on', async () => {
    const store = await createSharedStore();
    const first = await store.start();
    expect(first.lease.hasOthers).toBe(false);
    const second = await store.start();
    expect(second.lease.isGone(first.lease.id)).toBe(false);
    expect(second.lease.hasOthers).toBe(true);
    // For one that may be new, one looks first.
    expect(first.lease.isGone(second.lease.id)).toBe(true);
    await first.lease.look();
    expect(first.lease.isGone(second.lease.id)).toBe(false);
    expect(first.goneCalls() + second.goneCalls()).toBe(0);
  });

  test('stays there for as long as it renews its lease', async () => {
    const store = await createSharedStore();
    const all = [await store.start(), await store.start(), await store.start()];
    await pass(8 * lifetimeMs, ...all);
    for (const { lease, goneCalls } of all) {
      expect(all.map((other) => lease.isGone(other.lease.id))).toEqual([false, false, false]);
      expect(goneCalls()).toBe(0);
    }
  });

  test('is gone at once when it stops', async () => {
    const store = await createSharedStore();
    const [first, second, third] = [await store.start(), await store.start(), await store.start()];
    await pass(renewEveryMs, first, second, third);
    await third.lease.stop();
    await first.lease.look();
    expect(first.lease.isGone(third.lease.id)).toBe(true);
    expect(first.lease.isGone(second.lease.id)).toBe(false);
    expect(first.goneCalls()).toBe(1);
    await second.tick();
    expect(second.lease.isGone(third.lease.id)).toBe(true);
    await second.lease.stop();
    await first.lease.look();
    expect(first.lease.hasOthers).toBe(false);
    expect(first.goneCalls()).toBe(2);
  });

  test('is gone after 15 seconds of silence, and not before', async () => {
    const store = await createSharedStore();
    const [watcher, silent] = [await store.start(), await store.start()];
    await watcher.lease.look();
    await pass(lifetimeMs - renewEveryMs, watcher);
    expect(watcher.lease.isGone(silent.lease.id)).toBe(false);
    expect(watcher.goneCalls()).toBe(0);
    await pass(renewEveryMs, watcher);
    expect(watcher.lease.isGone(silent.lease.id)).toBe(true);
    expect(watcher.lease.hasOthers).toBe(false);
    expect(watcher.goneCalls()).toBe(1);
    await pass(4 * lifetimeMs, watcher);
    expect(watcher.goneCalls()).toBe(1);
  });

  test('is gone for each that watches, also for one that starts after its end', async () => {
    const store = await createSharedStore();
    const [first, second, silent] = [await store.start(), await store.start(), await store.start()];
    await pass(renewEveryMs, first, second);
    const late = await store.start();
    // It may be alive: its lease is there, and nobody has told that it is silent.
    expect(late.lease.isGone(silent.lease.id)).toBe(false);
    await pass(lifetimeMs + renewEveryMs, first, second, late);
    for (const { lease, goneCalls } of [first, second, late]) {
      expect(lease.isGone(silent.lease.id)).toBe(true);
      expect(goneCalls()).toBe(1);
    }
    // By then nobody need watch it any more.
    const last = await store.start();
    expect(last.lease.isGone(silent.lease.id)).toBe(true);
    expect(last.lease.isGone(late.lease.id)).toBe(false);
  });

  test('that only slept has its lease again', async () => {
    const store = await createSharedStore();
    const [watcher, sleeper] = [await store.start(), await store.start()];
    await pass(lifetimeMs + renewEveryMs, watcher);
    expect(watcher.lease.isGone(sleeper.lease.id)).toBe(true);
    sleeper.sleep(lifetimeMs);
    await sleeper.tick();
    await watcher.tick();
    expect(watcher.lease.isGone(sleeper.lease.id)).toBe(false);
    expect(sleeper.lease.isGone(watcher.lease.id)).toBe(false);
  });

  test('is not taken for gone because the one that watches slept', async () => {
    const store = await createSharedStore();
    const [watcher, other] = [await store.start(), await store.start()];
    await pass(renewEveryMs, watcher, other);
    watcher.sleep(HOUR_MS);
    await pass(renewEveryMs, watcher, other);
    await pass(renewEveryMs, watcher, other);
    expect(watcher.lease.isGone(other.lease.id)).toBe(false);
    expect(watcher.goneCalls()).toBe(0);
  });

  test('is not taken for gone because both slept, also when it was just about to renew its lease', async () => {
    const store = await createSharedStore();
    const [watcher, other] = [await store.start(), await store.start()];
    await pass(renewEveryMs, other, watcher);
    // It comes a moment too late for this look.
    await watcher.tick();
    for (const asleep of [watcher, other]) asleep.sleep(HOUR_MS);
    await watcher.tick();
    expect(watcher.lease.isGone(other.lease.id)).toBe(false);
    await other.tick();
    await watcher.tick();
    expect(watcher.lease.isGone(other.lease.id)).toBe(false);
    expect(watcher.goneCalls()).toBe(0);
  });

  test.each([-25, -1, 1, 25])('is there, and is gone, whatever its clock says (%i hours off)', async (hours) => {
    const store = await createSharedStore();
    const [one, other] = [await store.start(), await store.start({ clockOffsetMs: hours * HOUR_MS })];
    await pass(2 * lifetimeMs, one, other);
    expect(one.lease.isGone(other.lease.id)).toBe(false);
    expect(other.lease.isGone(one.lease.id)).toBe(false);
    expect(one.goneCalls() + other.goneCalls()).toBe(0);
    await one.lease.announceReady(true);
    expect(await other.lease.isReplaced()).toBe(true);
    await pass(lifetimeMs + renewEveryMs, one);
    expect(one.lease.isGone(other.lease.id)).toBe(true);
    expect(one.goneCalls()).toBe(1);
  });

  test('is not asked about any more once one has stopped', async () => {
    const store = await createSharedStore();
    const [first, second] = [await store.start(), await store.start()];
    await first.lease.look();
    await first.lease.stop();
    await second.lease.stop();
    await first.lease.look();
    expect(first.goneCalls()).toBe(0);
  });

  test('is not told of to a listener that has had enough', async () => {
    const store = await createSharedStore();
    const [first, second] = [await store.start(), await store.start()];
    let calls = 0;
    const stopListening = first.lease.onGone(() => {
      calls += 1;
    });
    await first.lease.look();
    stopListening();
    await second.lease.stop();
    await first.lease.look();
    expect(calls).toBe(0);
    expect(first.goneCalls()).toBe(1);
  });
});

test('a process is never gone for itself', async () => {
  const store = await createSharedStore();
  const [first, second] = [await store.start(), await store.start()];
  await first.lease.look();
  await pass(lifetimeMs, first);
  await second.lease.look();
  expect(second.lease.isGone(second.lease.id)).toBe(false);
  expect(first.lease.id).not.toBe(second.lease.id);
});

describe('whether a process may start calls', () => {
  test('for 10 seconds after its last renewal, so before others take it for gone', async () => {
    expect(startsCallsForMs).toBeLessThan(lifetimeMs);
    const store = await createSharedStore();
    const one = await store.start();
    await one.tick();
    expect(one.lease.mayStartCalls).toBe(true);
    one.sleep(startsCallsForMs - 1);
    expect(one.lease.mayStartCalls).toBe(true);
    one.sleep(1);
    expect(one.lease.mayStartCalls).toBe(false);
    await one.tick();
    expect(one.lease.mayStartCalls).toBe(true);
  });

  test('not while the store does not take its renewals, and again when it does', async () => {
    const store = await createSharedStore();
    const one = await store.start();
    one.breakage.broken = 'all';
    await one.tick();
    expect(one.lease.mayStartCalls).toBe(true);
    await one.tick();
    expect(one.lease.mayStartCalls).toBe(false);
    await pass(lifetimeMs, one);
    expect(one.lease.mayStartCalls).toBe(false);
    one.breakage.broken = undefined;
    await one.tick();
    expect(one.lease.mayStartCalls).toBe(true);
  });

  test('counted from the beginning of the renewal, as nobody knows when the store took it', async () => {
    const store = await createSharedStore();
    const one = await store.start();
    const { around } = one.breakage;
    one.breakage.around = (access, run) => {
      if (access.operation === 'save') one.sleep(4000);
      return around ? around(access, run) : run();
    };
    await one.tick();
    one.sleep(startsCallsForMs - 4001);
    expect(one.lease.mayStartCalls).toBe(true);
    one.sleep(1);
    expect(one.lease.mayStartCalls).toBe(false);
  });

  test('one whose store fails at the start does not start', async () => {
    const store = await createSharedStore();
    const one = store.createProcess();
    one.breakage.broken = new Set(['processes']);
    await expect(one.lease.start()).rejects.toThrow('full');
  });
});

describe('whether a process that stops is replaced', () => {
  test.each([
    { about: 'it is by one that takes the same interactions', shards: '0/1', isReady: true, is: true },
    { about: 'not by one that does not take interactions yet', shards: '0/1', isReady: false, is: false },
    { about: 'not by one that takes those of other shards', shards: '1/2', isReady: true, is: false },
  ])('$about', async ({ shards, isReady, is }) => {
    const store = await createSharedStore();
    const one = await store.start();
    await one.lease.announceReady(true);
    expect(await one.lease.isReplaced()).toBe(false);
    const other = await store.start({ shards });
    await other.lease.announceReady(isReady);
    expect(await one.lease.isReplaced()).toBe(is);
  });

  test('not by one that takes no more interactions, has stopped or is silent', async () => {
    const store = await createSharedStore();
    const one = await store.start();
    const [leaving, silent] = [await store.start(), await store.start()];
    await leaving.lease.announceReady(true);
    expect(await one.lease.isReplaced()).toBe(true);
    await leaving.lease.announceReady(false);
    expect(await one.lease.isReplaced()).toBe(false);
    await leaving.lease.announceReady(true);
    await leaving.lease.stop();
    expect(await one.lease.isReplaced()).toBe(false);
    await silent.lease.announceReady(true);
    expect(await one.lease.isReplaced()).toBe(true);
    await pass(lifetimeMs, one);
    expect(await one.lease.isReplaced()).toBe(false);
  });
});

test('a store for one process alone needs no lease: every other process is gone, and calls may start at any time', async () => {
  const store = await createSharedStore({ isShared: false });
  const one = store.createProcess();
  // Not even a broken store is noticed: it is not asked.
  one.breakage.broken = 'all';
  await one.lease.start();
  await one.lease.announceReady(true);
  await one.lease.look();
  one.sleep(HOUR_MS);
  expect(one.lease.mayStartCalls).toBe(true);
  expect(one.lease.hasOthers).toBe(false);
  expect(one.lease.isGone('the process before')).toBe(true);
  expect(one.lease.isGone(one.lease.id)).toBe(false);
  expect(await one.lease.isReplaced()).toBe(false);
  await one.lease.stop();
});
