import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BotProcess } from '../bot/bot-process.ts';
import { asMessage, asModal } from '../discord/people/shown.ts';
import { startWorld } from '../world.ts';
import { Chronicle } from './chronicle.ts';
import { Person } from './person.ts';
import { Random } from './random.ts';
import { type Reckoning, reckon } from './reckoning.ts';
import { digestOf, planTorture } from './schedule.ts';
import { Trouble, type TroubleCount } from './trouble.ts';
import { Witness } from './witness.ts';

export interface TortureOptions {
  readonly seed: string;
  readonly kills: number;
  readonly people: number;
  readonly onKill?: (kills: number) => void;
}

export interface TortureResult extends Omit<Reckoning, 'unaccounted'> {
  /** What happened with each text that is not accounted for, line by line. */
  readonly stories: readonly string[][];
  /** Which schedule it was: two runs with the same one met the same faults in the same order. */
  readonly schedule: string;
  readonly trouble: TroubleCount;
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
export async function runTorture({ seed, kills, people, onKill = () => {} }: TortureOptions): Promise<TortureResult> {
  const startedAt = performance.now();
  const random = new Random(seed);
  const lives = planTorture(seed, kills);
  const [world, folder] = await Promise.all([
    startWorld({ patienceMs: PATIENCE_MS }),
    mkdtemp(join(tmpdir(), 'openticket-torture-')),
  ]);
  const bot = new BotProcess({ ...world.settings, ...SETTINGS, STORAGE_URL: `sqlite:${join(folder, 'store.sqlite')}` });
  try {
    const witness = new Witness(world);
    const chronicle = new Chronicle(bot, world.helpdesk);
    const channel = world.discord.createGuild({ name: 'Example Hosting' }).createChannel({ name: 'help' });
    const everybody = Array.from({ length: people }, (_, i) => {
      const user = world.discord.createUser({ name: `person${i + 1}` });
      channel.guild?.addMember(user);
      return new Person(user.in(channel), random.fork(`person ${i + 1}`), witness);
    });
    const trouble = new Trouble(world, bot);
    const published = once(world.discord.events, 'commands');
    await trouble.calm();
    await published;
    for (const { place } of everybody) {
      const form = asModal(await place.slash('link'));
      asMessage(await form.submit({ email: `${place.user.name}@example.org` }));
    }
    await bot.stop();

    const enough = new AbortController();
    const writing = everybody.map((person) => person.write(enough.signal));
    await trouble.make(lives, onKill);
    enough.abort();
    await trouble.calm();
    await Promise.all(writing);
    const { unaccounted, ...reckoning } = await reckon(everybody, witness);
    const stories = unaccounted.map(({ history }) => chronicle.tell(history));
    const minutes = (performance.now() - startedAt) / 60_000;
    const log = bot.lines.slice(-200);
    return { ...reckoning, stories, schedule: digestOf(lives), trouble: trouble.count, minutes, log };
  } finally {
    await bot.kill();
    await world.close();
    await rm(folder, { recursive: true, force: true });
  }
}
