import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { BotProcess } from '../../sandbox/bot/bot-process.ts';
import type { Place } from '../../sandbox/discord/people/place.ts';
import { startWorld, type World } from '../../sandbox/world.ts';

export interface ProcessInWorld {
  readonly world: World;
  /** The compiled bot, not started yet. */
  readonly bot: BotProcess;
  readonly folder: string;
  /** A member. */
  readonly ada: Place;
}

/** A world, and a bot that is still to be started in it. Both end with the test. */
export async function prepareProcess(settings: Readonly<Record<string, string>> = {}): Promise<ProcessInWorld> {
  const [world, folder] = await Promise.all([startWorld(), mkdtemp(join(tmpdir(), 'openticket-process-'))]);
  const bot = processForTest({
    ...world.settings,
    STORAGE_URL: `sqlite:${join(folder, 'openticket.sqlite')}`,
    ...settings,
  });
  onTestFinished(async () => {
    await bot.kill();
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });
  const guild = world.discord.createGuild({ name: 'Example Hosting' });
  const user = world.discord.createUser({ name: 'ada' });
  guild.addMember(user);
  return { world, bot, folder, ada: user.in(guild.createChannel({ name: 'help' })) };
}

/** The compiled bot with these settings and no others, not started yet. */
export function processForTest(settings: Readonly<Record<string, string>>): BotProcess {
  const bot = new BotProcess(settings);
  onTestFinished(() => bot.kill());
  return bot;
}

/** Resolves with the next line of the bot that holds these words. */
export function lineWith(bot: BotProcess, words: string): Promise<string> {
  return new Promise((resolve) => {
    const onLine = (line: string) => {
      if (!line.includes(words)) return;
      bot.events.off('line', onLine);
      resolve(line);
    };
    bot.events.on('line', onLine);
  });
}
