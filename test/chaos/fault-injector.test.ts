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

/** What Node runs instead of the bot. */
const program = (code: string) => ({ args: ['-e', code], hasChannel: false });

async function createInjector(bot: BotProcess) {
  const world = await startWorld();
  onTestFinished(() => world.close());
  const noted: string[] = [];
  const injector = new FaultInjector({
    world,
    store: { url: '', away: async () => {}, stop: async () => {} },
    processes: 1,
    createBot: () => bot,
    onMisfortune: () => {},
    timeline: { note: (what) => void noted.push(what), nameOf: () => 'bot 1' },
  });
  return { injector, noted };
}

test('a bot that is told to stop and hangs has ended wrongly, and the run goes on', async () => {
  const bot = new HangingBot({}, program('setInterval(() => {}, 1000)'));
  const { injector, noted } = await createInjector(bot);
  bot.start();
  await injector.make([LIFE], () => {});
  expect(injector.count.badEnds).toEqual(['it was told to stop and did not: Nothing has happened.']);
  expect(noted).toEqual(['bot 1 is told to stop']);
  expect(bot.isRunning).toBe(false);
});

const CRASHED = { kind: 'store-away', how: 'crashed', forMs: 0 } as const;
test.each([
  ['The storage could not list a record.', CRASHED, 0],
  ['STORAGE_URL: nothing answers there.', CRASHED, 0],
  ['The storage could not list a record.', undefined, 1],
  ['TypeError: it is undefined', CRASHED, 1],
])(
  'a start that ends with “%s” is the fault of a store that was away, or of the bot',
  async (words, outage, badEnds) => {
    const bot = new BotProcess({}, program(`console.error(${JSON.stringify(words)}); process.exitCode = 1`));
    const { injector } = await createInjector(bot);
    await injector.make([{ ...LIFE, outage, death: { at: 'time', afterMs: 0, signal: 'SIGKILL' } }], () => {});
    expect(injector.count.badEnds).toHaveLength(badEnds);
  },
);
