import { expect, onTestFinished, test } from 'vitest';
import { BotProcess } from '../../sandbox/bot/bot-process.ts';
import { FaultInjector } from '../../sandbox/chaos/fault-injector.ts';
import type { PlannedLife } from '../../sandbox/chaos/schedule.ts';
import { startWorld } from '../../sandbox/world.ts';

/** It is started, and told to stop. */
const LIFE: PlannedLife = {
  which: 0,
  latencyMs: 0,
  faults: [],
  outage: undefined,
  releases: false,
  mendsHelpdesk: false,
  death: { at: 'time', afterMs: 0, signal: 'SIGTERM' },
  mendsDiscord: false,
  forgetsSession: false,
  pauseMs: 0,
};

/** Does what a bot does that hangs: the wait for its end is given up. */
class HangingBot extends BotProcess {
  override stop(): Promise<never> {
    return Promise.reject(new Error('Nothing has happened.'));
  }
}

test('a bot that is told to stop and hangs has ended wrongly, and the run goes on', async () => {
  const world = await startWorld();
  onTestFinished(() => world.close());
  const noted: string[] = [];
  const program = { args: ['-e', 'setInterval(() => {}, 1000)'], hasChannel: false };
  const bot = new HangingBot({}, program);
  const injector = new FaultInjector({
    world,
    store: { url: '', away: async () => {}, stop: async () => {} },
    processes: 1,
    createBot: () => bot,
    timeline: { note: (what) => void noted.push(what), nameOf: () => 'bot 1' },
  });
  bot.start();
  await injector.make([LIFE], () => {});
  expect(injector.count.badEnds).toEqual(['it was told to stop and did not: Nothing has happened.']);
  expect(noted).toEqual(['bot 1 is told to stop']);
  expect(bot.isRunning).toBe(false);
});
