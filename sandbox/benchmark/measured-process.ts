import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';
import { BotProcess, type BotProgram } from '../bot/bot-process.ts';

const reading = z.object({
  /** Of the process and all its threads, since it began. */
  cpuMs: z.number(),
  reads: z.number(),
  rows: z.number(),
  commits: z.number(),
  emptyCommits: z.number(),
  requests: z.number(),
  commitsAtCallback: z.number(),
});

/** What a process has used since it began. cost-probe.mjs says what each counts. */
export type Reading = z.infer<typeof reading>;

const inRepository = (path: string) => new URL(`../../${path}`, import.meta.url);
const PROBE = new URL('cost-probe.mjs', import.meta.url).href;
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** The compiled bot, started as `npm start` starts it. */
const BOT: BotProgram = {
  args: [
    ...['--import', inRepository('scripts/build.mjs').href],
    ...['--import', PROBE, fileURLToPath(inRepository('dist/src/main.js'))],
  ],
  hasChannel: true,
};

const BARE_BOT: BotProgram = {
  args: ['--import', TSX, '--import', PROBE, fileURLToPath(new URL('bare-bot/main.ts', import.meta.url))],
  hasChannel: true,
};

/** A bot as a process of its own that can be asked what it has used. */
export class MeasuredProcess extends BotProcess {
  constructor(which: 'bot' | 'bare', settings: Readonly<Record<string, string>>) {
    super(settings, which === 'bot' ? BOT : BARE_BOT);
  }

  /** Waits until it is at rest. */
  async read(): Promise<Reading> {
    let found: Reading | undefined;
    const onMessage = (message: unknown) => {
      found = reading.parse(message);
      this.activity.note("the bot's process told what it has used");
    };
    this.events.once('message', onMessage);
    this.send({});
    return this.activity.until({ look: () => found, describe: () => "what the bot's process has used" });
  }
}
