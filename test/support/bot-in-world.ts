import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { BotProcess } from '../../sandbox/bot/bot-process.ts';
import type { Place } from '../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../sandbox/discord/people/shown.ts';
import { startWorld, type World } from '../../sandbox/world.ts';

export interface BotInWorld {
  readonly world: World;
  /** The compiled bot, to be killed and started again over the same store. */
  readonly bot: BotProcess;
  /** The file of its store. */
  readonly storeFile: string;
  /** A linked member. */
  readonly ada: Place;
  /** Starts it again and waits for its connection. */
  restart(): Promise<void>;
}

/** The bot as a process of its own, for what only a process can suffer. Ends with the test. */
export async function startBotInWorld(settings: Readonly<Record<string, string>> = {}): Promise<BotInWorld> {
  const [world, folder] = await Promise.all([startWorld(), mkdtemp(join(tmpdir(), 'openticket-process-'))]);
  const storeFile = join(folder, 'openticket.sqlite');
  const bot = new BotProcess({
    ...world.settings,
    LINK_VERIFICATION: 'none',
    STORAGE_URL: `sqlite:${storeFile}`,
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
  const ada = user.in(guild.createChannel({ name: 'help' }));
  const published = new Promise((resolve) => world.discord.events.once('commands', resolve));
  const restart = async () => {
    const ready = world.discord.nextReady();
    bot.start();
    await ready;
  };
  await restart();
  await published;
  asMessage(await asModal(await ada.slash('link')).submit({ email: 'ada@example.org' }));
  return { world, bot, storeFile, ada, restart };
}
