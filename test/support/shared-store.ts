import { onTestFinished } from 'vitest';
import { openStorage } from '../../src/storage/open-storage.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { createBreakableStorage, type StorageBreakage } from './breakable-storage.ts';
import { linkAccount, startConversation } from './conversation.ts';
import { startSecondBot } from './second-bot.ts';

/** A store that several processes have open, as a server is: here they stand in one process of the operating system. */
async function openSharedStorage(now: () => number): Promise<Storage> {
  const storage = await openStorage({ url: 'sqlite::memory:', keys: [], now });
  onTestFinished(() => storage.close());
  return { ...storage, isShared: true, close: async () => {} };
}

/** A first process on a shared store, and the means to start another one on it. */
export async function startShared(env: Record<string, string> = {}) {
  const breakage: StorageBreakage = { broken: undefined };
  const everywhere: StorageBreakage = { broken: undefined };
  let shared: Storage | undefined;
  const open = async (now: () => number) => {
    shared ??= createBreakableStorage(await openSharedStorage(now), everywhere).storage;
    return shared;
  };
  const talk = await startConversation({
    env,
    tuning: { openStorage: async ({ now = Date.now }) => createBreakableStorage(await open(now), breakage).storage },
  });
  await linkAccount(talk.ada, 'ada@example.org', talk.world);
  const startNext = () => startSecondBot(talk, env, { openStorage: () => open(talk.now) });
  const late: (() => void)[] = [];
  /** The first process sleeps: whatever it asks the store comes back when it wakes up. */
  const sleep = () => {
    breakage.around = async (_, run) => {
      await new Promise<void>((resolve) => late.push(resolve));
      return run();
    };
  };
  const wake = () => {
    breakage.around = undefined;
    for (const resolve of late.splice(0)) resolve();
  };
  /** Stands between every process and the store. */
  const around = (act: StorageBreakage['around']) => {
    everywhere.around = act;
  };
  // Before the bots are stopped.
  onTestFinished(() => {
    wake();
    talk.world.helpdesk.release();
  });
  return { talk, ada: talk.ada, world: talk.world, startNext, sleep, wake, around };
}
