import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { BotProcess } from '../bot/bot-process.ts';
import { COMPILED_MAIN, compileBot } from '../bot/compile-bot.ts';
import { VITALS_PROBE } from '../bot/vitals.ts';

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

const BARE_SUBJECTS = [
  { id: 'raw', name: 'raw `ws` + `node:http`' },
  { id: 'discord', name: 'discord.js' },
  { id: 'soap', name: 'discord.js + `soap`' },
] as const;
/** It keeps as much of a ticket as the bot, and as cheaply as SQLite can: kept-tickets.mjs. */
const KEEPING_SUBJECT = { id: 'kept', name: 'discord.js + `soap` + SQLite' } as const;
const BOT = { id: 'bot', name: 'the bot' } as const;

/** What is measured beside each other, each in a process of its own. */
export const SUBJECTS = [...BARE_SUBJECTS, BOT] as const;
/** The same, where it is about one ticket. */
export const TICKET_SUBJECTS = [...BARE_SUBJECTS, KEEPING_SUBJECT, BOT] as const;
export type Subject = (typeof TICKET_SUBJECTS)[number]['id'];

const beside = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const COST_PROBE = new URL('cost-probe.mjs', import.meta.url).href;

const PROGRAMS: Readonly<Record<Subject, readonly string[]>> = {
  raw: [beside('baselines/raw-bot.mjs')],
  discord: [beside('baselines/discord-bot.mjs')],
  soap: [beside('baselines/discord-bot.mjs'), 'soap'],
  kept: [beside('baselines/discord-bot.mjs'), 'soap', 'kept'],
  bot: [COMPILED_MAIN],
};

/** What is loaded into a subject before its own code. Nothing, where its start or its memory is looked at from outside. */
export type Probe = 'costs' | 'vitals' | 'none';

const PROBES: Readonly<Record<Probe, readonly string[]>> = {
  costs: ['--import', COST_PROBE],
  vitals: ['--expose-gc', '--import', VITALS_PROBE],
  none: [],
};

/** One of the subjects as a process of its own that can be asked what it has used. */
export class SubjectProcess extends BotProcess {
  constructor(subject: Subject, settings: Readonly<Record<string, string>>, probe: Probe = 'costs') {
    if (subject === 'bot') compileBot();
    super(settings, { args: [...PROBES[probe], ...PROGRAMS[subject]], hasChannel: probe !== 'none' });
  }

  /** What it has used, with the probe of costs. Waits until it is at rest. */
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
