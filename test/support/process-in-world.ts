import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { BotProcess } from '../../sandbox/bot/bot-process.ts';
import type { Place } from '../../sandbox/discord/people/place.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { buildBot } from './build.ts';
import { ManualClock } from './manual-clock.ts';

export interface ProcessInWorld {
  readonly world: World;
  /** The compiled bot, not started yet. */
  readonly bot: BotProcess;
  readonly folder: string;
  /** The file of its store. */
  readonly storeFile: string;
  /** A member. */
  readonly ada: Place;
}

/** A world whose clock stands still, and a bot that is still to be started in it. Both end with the test. */
export async function prepareProcess(settings: Readonly<Record<string, string>> = {}): Promise<ProcessInWorld> {
  const [world, folder] = await Promise.all([
    startWorld({ clock: new ManualClock(Date.now) }),
    mkdtemp(join(tmpdir(), 'openticket-process-')),
  ]);
  const storeFile = join(folder, 'openticket.sqlite');
  const bot = await processForTest({ ...world.settings, STORAGE_URL: `sqlite:${storeFile}`, ...settings });
  world.activity.watch(bot);
  bot.events.on('line', () => world.activity.note("the bot's process wrote a line"));
  bot.events.on('exit', () => world.activity.note("the bot's process ended"));
  onTestFinished(async () => {
    await bot.kill();
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });
  const guild = world.discord.createGuild({ name: 'Example Hosting' });
  const user = world.discord.createUser({ name: 'ada' });
  guild.addMember(user);
  return { world, bot, folder, storeFile, ada: user.in(guild.createChannel({ name: 'help' })) };
}

/** The compiled bot with these settings and no others, not started yet. */
export async function processForTest(settings: Readonly<Record<string, string>>): Promise<BotProcess> {
  buildBot();
  const bot = new BotProcess(settings);
  onTestFinished(() => bot.kill());
  return bot;
}
