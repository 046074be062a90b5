import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { BotProcess, type BotProgram } from '../bot/bot-process.ts';
import { COMPILED_MAIN, compileBot } from '../bot/compile-bot.ts';

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

/** What is measured beside each other, each in a process of its own. */
export const SUBJECTS = [
  { id: 'raw', name: 'raw `ws` + `node:http`' },
  { id: 'discord', name: 'discord.js' },
  { id: 'soap', name: 'discord.js + `soap`' },
  { id: 'bot', name: 'the bot' },
] as const;
export type Subject = (typeof SUBJECTS)[number]['id'];

const beside = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const PROBE = new URL('cost-probe.mjs', import.meta.url).href;

const PROGRAMS: Readonly<Record<Subject, readonly string[]>> = {
  raw: [beside('baselines/raw-bot.mjs')],
  discord: [beside('baselines/discord-bot.mjs')],
  soap: [beside('baselines/discord-bot.mjs'), 'soap'],
  bot: [COMPILED_MAIN],
};

/** @param isCounted Whether what it uses is counted; otherwise nothing is loaded beside it. */
function programOf(subject: Subject, isCounted: boolean): BotProgram {
  const probe = isCounted ? ['--import', PROBE] : [];
  return { args: [...probe, ...PROGRAMS[subject]], hasChannel: isCounted };
}

/** One of the subjects as a process of its own that can be asked what it has used. */
export class SubjectProcess extends BotProcess {
  constructor(subject: Subject, settings: Readonly<Record<string, string>>, { isCounted = true } = {}) {
    if (subject === 'bot') compileBot();
    super(settings, programOf(subject, isCounted));
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
