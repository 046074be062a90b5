import { z } from 'zod';
import type { BotProcess } from './bot-process.ts';

/** Loaded into a bot with `--expose-gc --import`, and asked by {@link readVitals}. */
export const VITALS_PROBE = new URL('vitals-probe.mjs', import.meta.url).href;

const vitalsSchema = z.object({
  /** After a collection. */
  heapBytes: z.number(),
  residentBytes: z.number(),
  /** What keeps the process alive, sockets among it. */
  handles: z.number(),
  sockets: z.number(),
  /** p99 of how late the event loop was, since the look before. */
  delayMs: z.number(),
});
/** How a bot is at this moment. */
export type Vitals = z.infer<typeof vitalsSchema>;

export async function readVitals(bot: BotProcess): Promise<Vitals> {
  let found: Vitals | undefined;
  bot.events.once('message', (message) => {
    found = vitalsSchema.parse(message);
    bot.activity.note("the bot's process told how it is");
  });
  bot.send({});
  return bot.activity.until({ look: () => found, describe: () => "how the bot's process is" });
}
