import { asMessage, asModal } from '../../sandbox/discord/people/shown.ts';
import { type ProcessInWorld, prepareProcess } from './process-in-world.ts';

/** A bot that runs; `ada` is linked. */
export interface BotInWorld extends ProcessInWorld {
  /** Starts it again and waits for its connection. */
  restart(): Promise<void>;
}

/** The bot as a process of its own, for what only a process can suffer. Ends with the test. */
export async function startBotInWorld(settings: Readonly<Record<string, string>> = {}): Promise<BotInWorld> {
  const scene = await prepareProcess({ LINK_VERIFICATION: 'none', ...settings });
  const { world, bot, ada } = scene;
  const published = world.discord.nextPublished();
  const restart = async () => {
    const ready = world.discord.nextReady();
    bot.start();
    await ready;
  };
  await restart();
  await published;
  asMessage(await asModal(await ada.slash('link')).submit({ email: 'ada@example.org' }));
  return { ...scene, restart };
}
