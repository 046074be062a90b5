import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BotProcess } from '../bot/bot-process.ts';
import { describeWatchedTicket } from '../bot/watched-ticket.ts';
import { asMessage, asModal } from '../discord/people/shown.ts';
import type { SandboxHelpdesk } from '../helpdesk/sandbox-helpdesk.ts';
import { startWorld } from '../world.ts';
import { type StoreKind, startChaosStore } from './chaos-store.ts';
import { EventLog } from './event-log.ts';
import { type FaultCount, FaultInjector, SHORT_TIMES } from './fault-injector.ts';
import { NewsLog, type NewsReport } from './news-log.ts';
import { Person } from './person.ts';
import { Random } from './random.ts';
import { createReport, type Report } from './report.ts';
import { digestOf, type PlannedStore, planChaos } from './schedule.ts';
import { Timeline } from './timeline.ts';

export interface ChaosOptions {
  readonly seed: string;
  readonly kills: number;
  readonly people: number;
  /** How many bots share the store and the token, 1 by default. */
  readonly processes?: number;
  /** SQLite by default, which belongs to one process. */
  readonly store?: StoreKind;
  readonly onKill?: (kills: number) => void;
}

export interface ChaosResult extends Omit<Report, 'unaccounted'> {
  /** What happened with each text, and what is known of each ticket, that is not accounted for, line by line. */
  readonly stories: readonly string[][];
  /** Which schedule it was: two runs with the same one met the same faults in the same order. */
  readonly schedule: string;
  readonly faults: FaultCount;
  /** What became of what support wrote. */
  readonly news: NewsReport;
  readonly minutes: number;
  /** What the bot said on its last lines. */
  readonly log: readonly string[];
}

/** Milliseconds that a person waits for a message at most. */
const PATIENCE_MS = 7000;

/** Milliseconds after which the others have noticed that a process is gone (short-times.mjs), with time to tell its people. */
const GONE_AFTER_MS = 5000;

/** Seconds that the bots have at the end to look at each watched ticket, one after another. */
const MOST_LOOKS = 30;

/** What can be done to a kind of store. */
export function plannedStoreOf(kind: StoreKind): PlannedStore {
  const isServer = kind !== 'sqlite';
  return { isShared: isServer, awayMs: isServer ? 20_000 : 0, leaseMs: 2500 };
}

/** Quick settings: a call that is not answered is given up after a second, and nobody reaches a limit. */
const SETTINGS = {
  LINK_VERIFICATION: 'none',
  HELPDESK_TIMEOUT_SECONDS: '1',
  HELPDESK_CONCURRENCY: '3',
  TICKETS_PER_HOUR: '1000',
  SERVER_TICKETS_PER_HOUR: '100000',
  SHUTDOWN_TIMEOUT_SECONDS: '1',
  WATCH_LOOKS_PER_MINUTE: '60',
  LOG_LEVEL: 'warn',
};

/** Lets people open and answer tickets while everything around them dies, then accounts for every text. Needs a compiled bot. */
export async function runChaos({
  seed,
  kills,
  people,
  processes = 1,
  store: kind = 'sqlite',
  onKill = () => {},
}: ChaosOptions): Promise<ChaosResult> {
  const startedAt = performance.now();
  const random = new Random(seed);
  const lives = planChaos(seed, kills, plannedStoreOf(kind));
  const [world, folder] = await Promise.all([
    startWorld({ patienceMs: PATIENCE_MS }),
    mkdtemp(join(tmpdir(), 'openticket-chaos-')),
  ]);
  const store = await startChaosStore(kind, folder);
  const timeline = new Timeline(world.helpdesk);
  const createBot = () => {
    const settings = { ...world.settings, ...SETTINGS, STORAGE_URL: store.url, NODE_OPTIONS: SHORT_TIMES };
    const bot = new BotProcess(settings);
    timeline.watch(bot);
    return bot;
  };
  const eventLog = new EventLog(world);
  const onMisfortune = () => eventLog.noteMisfortune();
  const injector = new FaultInjector({ world, store, processes, createBot, timeline, onMisfortune });
  try {
    const news = new NewsLog(world);
    const channel = world.discord.createGuild({ name: 'Example Hosting' }).createChannel({ name: 'help' });
    const everybody = Array.from({ length: people }, (_, i) => {
      const user = world.discord.createUser({ name: `person${i + 1}` });
      channel.guild?.addMember(user);
      return new Person(user.in(channel), random.fork(`person ${i + 1}`), eventLog);
    });
    const published = once(world.discord.events, 'commands');
    await injector.calm();
    await published;
    for (const person of everybody) {
      const { place } = person;
      const form = asModal(await place.slash('link'));
      asMessage(await form.submit({ email: `${place.user.name}@example.org` }));
      for (const reference of await person.begin()) news.watch(place.user.id, reference);
    }
    await injector.end('stop');

    const enough = new AbortController();
    const writing = everybody.map((person) => person.write(enough.signal));
    writing.push(answerAsSupport(world.helpdesk, news, random.fork('support'), enough.signal));
    await injector.make(lives, onKill);
    enough.abort();
    await injector.calm();
    await Promise.all(writing);
    // Until the last process that died counts as gone, and the others have told what it had open.
    await delay(GONE_AFTER_MS);
    for (let left = MOST_LOOKS; left > 0 && !news.isAllTold; left -= 1) await delay(1000);
    const { unaccounted, ...report } = await createReport(everybody, eventLog);
    const stories = unaccounted.map(({ history }) => timeline.tell(history));
    const minutes = (performance.now() - startedAt) / 60_000;
    const log = timeline.lastLines(200);
    // A file belongs to one process.
    await injector.end('stop');
    for (const { userId, reference } of news.notYetTold) {
      stories.push([`${reference}, as the bot knows it: ${await describeWatchedTicket(store.url, userId, reference)}`]);
    }
    return {
      ...report,
      news: news.report(),
      stories,
      schedule: digestOf(lives),
      faults: injector.count,
      minutes,
      log,
    };
  } finally {
    await injector.end('kill');
    await store.stop();
    await world.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Support writes now and then, at times a note that no customer sees at the helpdesk: the bot cannot tell these apart. */
async function answerAsSupport(
  helpdesk: SandboxHelpdesk,
  news: NewsLog,
  random: Random,
  stop: AbortSignal,
): Promise<void> {
  for (let count = 1; !stop.aborted; count += 1) {
    await delay(random.between(100, 1500));
    const { quiet } = news;
    if (quiet.length === 0) continue;
    const reference = random.pick(quiet);
    news.change(reference);
    helpdesk.answerAsSupport({ reference, text: `Support writes ${count}.`, isPrivate: random.chance(0.3) });
  }
}
