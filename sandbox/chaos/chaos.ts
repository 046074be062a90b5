import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BotProcess } from '../bot/bot-process.ts';
import { asMessage, asModal } from '../discord/people/shown.ts';
import { startWorld } from '../world.ts';
import { EventLog } from './event-log.ts';
import { type FaultCount, FaultInjector } from './fault-injector.ts';
import { Person } from './person.ts';
import { Random } from './random.ts';
import { createReport, type Report } from './report.ts';
import { digestOf, planChaos } from './schedule.ts';
import { Timeline } from './timeline.ts';

export interface ChaosOptions {
  readonly seed: string;
  readonly kills: number;
  readonly people: number;
  readonly onKill?: (kills: number) => void;
}

export interface ChaosResult extends Omit<Report, 'unaccounted'> {
  /** What happened with each text that is not accounted for, line by line. */
  readonly stories: readonly string[][];
  /** Which schedule it was: two runs with the same one met the same faults in the same order. */
  readonly schedule: string;
  readonly faults: FaultCount;
  readonly minutes: number;
  /** What the bot said on its last lines. */
  readonly log: readonly string[];
}

/** Milliseconds that a person waits for a message at most. */
const PATIENCE_MS = 7000;

/** Quick settings: a call that is not answered is given up after a second, and nobody reaches a limit. */
const SETTINGS = {
  LINK_VERIFICATION: 'none',
  HELPDESK_TIMEOUT_SECONDS: '1',
  HELPDESK_CONCURRENCY: '3',
  TICKETS_PER_HOUR: '1000',
  SERVER_TICKETS_PER_HOUR: '100000',
  SHUTDOWN_TIMEOUT_SECONDS: '1',
  LOG_LEVEL: 'warn',
};

/** Lets people open tickets while everything around them dies, then accounts for every text. Needs a compiled bot. */
export async function runChaos({ seed, kills, people, onKill = () => {} }: ChaosOptions): Promise<ChaosResult> {
  const startedAt = performance.now();
  const random = new Random(seed);
  const lives = planChaos(seed, kills);
  const [world, folder] = await Promise.all([
    startWorld({ patienceMs: PATIENCE_MS }),
    mkdtemp(join(tmpdir(), 'openticket-chaos-')),
  ]);
  const bot = new BotProcess({ ...world.settings, ...SETTINGS, STORAGE_URL: `sqlite:${join(folder, 'store.sqlite')}` });
  try {
    const eventLog = new EventLog(world);
    const timeline = new Timeline(bot, world.helpdesk);
    const channel = world.discord.createGuild({ name: 'Example Hosting' }).createChannel({ name: 'help' });
    const everybody = Array.from({ length: people }, (_, i) => {
      const user = world.discord.createUser({ name: `person${i + 1}` });
      channel.guild?.addMember(user);
      return new Person(user.in(channel), random.fork(`person ${i + 1}`), eventLog);
    });
    const injector = new FaultInjector(world, bot);
    const published = once(world.discord.events, 'commands');
    await injector.calm();
    await published;
    for (const { place } of everybody) {
      const form = asModal(await place.slash('link'));
      asMessage(await form.submit({ email: `${place.user.name}@example.org` }));
    }
    await bot.stop();

    const enough = new AbortController();
    const writing = everybody.map((person) => person.write(enough.signal));
    await injector.make(lives, onKill);
    enough.abort();
    await injector.calm();
    await Promise.all(writing);
    const { unaccounted, ...report } = await createReport(everybody, eventLog);
    const stories = unaccounted.map(({ history }) => timeline.tell(history));
    const minutes = (performance.now() - startedAt) / 60_000;
    const log = bot.lines.slice(-200);
    return { ...report, stories, schedule: digestOf(lives), faults: injector.count, minutes, log };
  } finally {
    await bot.kill();
    await world.close();
    await rm(folder, { recursive: true, force: true });
  }
}
