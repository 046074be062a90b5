import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MessageFlags } from 'discord-api-types/v10';
import { BotProcess } from '../bot/bot-process.ts';
import { classifyReply, wordsOf } from '../chaos/reply-classifier.ts';
import type { SandboxClock } from '../clock.ts';
import type { Place } from '../discord/people/place.ts';
import { asMessage, asModal, type Shown } from '../discord/people/shown.ts';
import type { Message } from '../discord/world/discord-world.ts';
import type { Interaction } from '../discord/world/interaction.ts';
import { startWorld, type World } from '../world.ts';

export interface LoadTestOptions {
  readonly people: number;
  /** Seconds in which all of them submit. */
  readonly withinSeconds: number;
  /** HELPDESK_CONCURRENCY. */
  readonly concurrency: number;
  readonly helpdesk:
    | { readonly kind: 'slow'; readonly latencyMs: number }
    /** Answers nobody until everybody has submitted, however long that takes. */
    | { readonly kind: 'held' }
    | { readonly kind: 'hang'; readonly timeoutSeconds: number };
  /** The machine's by default; Discord's three seconds go by it. */
  readonly clock?: SandboxClock;
}

export interface LoadTestResult {
  /** Milliseconds from Discord's send to the bot's acknowledgement, of every interaction, in order of size. */
  readonly acknowledgedAfterMs: readonly number[];
  /** Interactions that were not acknowledged within Discord's three seconds. */
  readonly failed: number;
  /** Last words to people, by kind: opened, maybe, nothing; `none` for who got none. */
  readonly answers: Readonly<Record<string, number>>;
  /** People who were told their place in the line. */
  readonly toldTheirPlace: number;
  readonly tickets: number;
  readonly maxInFlight: number;
  /** By how many places somebody was called up before somebody whose form had come earlier. */
  readonly maxOvertaken: number;
  /** Megabytes: before the crowd, at most, and afterwards. */
  readonly rssMb: { readonly before: number; readonly max: number; readonly after: number };
  readonly seconds: number;
}

/** Longest that anybody waits: as long as Discord keeps a reply editable. */
const LONGEST_MS = 15 * 60_000;

/** Lets very many people open a ticket at the same time. Needs a compiled bot. */
export async function runLoadTest(options: LoadTestOptions): Promise<LoadTestResult> {
  const [world, folder] = await Promise.all([
    startWorld({ patienceMs: LONGEST_MS, ...(options.clock && { clock: options.clock }) }),
    mkdtemp(join(tmpdir(), 'openticket-load-test-')),
  ]);
  const { helpdesk: fault } = options;
  const bot = new BotProcess({
    ...world.settings,
    LINK_VERIFICATION: 'none',
    STORAGE_URL: `sqlite:${join(folder, 'store.sqlite')}`,
    HELPDESK_CONCURRENCY: String(options.concurrency),
    SERVER_TICKETS_PER_HOUR: '100000',
    LOG_LEVEL: 'warn',
    ...(fault.kind === 'hang' && { HELPDESK_TIMEOUT_SECONDS: String(fault.timeoutSeconds) }),
  });
  try {
    const published = once(world.discord.events, 'commands');
    bot.start();
    await published;
    const guild = world.discord.createGuild({ name: 'Example Hosting' });
    const channel = guild.createChannel({ name: 'help' });
    const people = Array.from({ length: options.people }, (_, i) => {
      const user = world.discord.createUser({ name: `person${i + 1}` });
      guild.addMember(user);
      return user.in(channel);
    });
    for (const place of people) {
      asMessage(await asModal(await place.slash('link')).submit({ email: `${place.user.name}@example.org` }));
    }
    return await run(world, bot, people, options);
  } finally {
    world.helpdesk.release();
    await bot.kill();
    await world.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(
  world: World,
  bot: BotProcess,
  people: readonly Place[],
  options: LoadTestOptions,
): Promise<LoadTestResult> {
  const { discord, helpdesk } = world;
  const before = discord.interactions.length;
  if (options.helpdesk.kind === 'slow') helpdesk.latencyMs = options.helpdesk.latencyMs;
  else helpdesk.fault('hang');
  const crowd = watch(world, people.length);
  const memory = watchMemory(bot);
  const startedAt = performance.now();
  await Promise.all(
    people.map(async (place, i) => {
      await delay((i / people.length) * options.withinSeconds * 1000);
      await submit(place);
    }),
  );
  if (options.helpdesk.kind === 'held') {
    const inLine = people.length - options.concurrency;
    await world.activity.until({
      look: () => crowd.waited.size >= inLine || undefined,
      describe: () => `${inLine} people who are told their place in the line; ${crowd.waited.size} are`,
    });
    helpdesk.clearFaults();
    helpdesk.release();
  }
  await crowd.allAnswered;
  const seconds = (performance.now() - startedAt) / 1000;
  const rssMb = await memory.stop();
  const interactions = discord.interactions.slice(before);
  const acknowledgedAfterMs = interactions.flatMap((one) => one.acknowledgedAfterMs ?? []).sort((a, b) => a - b);
  const timeoutMs =
    options.helpdesk.kind === 'hang' ? options.helpdesk.timeoutSeconds * 1000 : Number.POSITIVE_INFINITY;
  return {
    acknowledgedAfterMs,
    failed: interactions.length - acknowledgedAfterMs.length,
    answers: crowd.answers(),
    toldTheirPlace: crowd.waited.size,
    tickets: helpdesk.tickets.length,
    maxInFlight: maxInFlight(world, timeoutMs),
    maxOvertaken: maxOvertaken(world, interactions, crowd.waited),
    rssMb,
    seconds,
  };
}

async function submit(place: Place): Promise<void> {
  let shown: Shown = await place.slash('ticket');
  if (shown.kind === 'message') shown = await shown.click('Write it anyway');
  if (shown.kind !== 'modal') return;
  const subject = `Help for ${place.user.name}`;
  await shown.submit({ subject, body: `${subject}, please.` }, { untilAcknowledged: true });
}

/** Follows what is said to everybody. */
function watch({ discord }: World, people: number) {
  const lastWords = new Map<string, string>();
  /** Who was told a place in the line, by name. */
  const waited = new Set<string>();
  let done = () => {};
  const allAnswered = new Promise<void>((resolve) => {
    done = resolve;
  });
  const read = (message: Message) => {
    const userId = message.visibleTo;
    if (!userId || message.flags & MessageFlags.Loading) return;
    const { kind } = classifyReply(message);
    if (/number \d+ in line/.test(wordsOf(message))) waited.add(discord.users.get(userId)?.name ?? '');
    if (kind === 'opened' || kind === 'maybe' || kind === 'nothing') lastWords.set(userId, kind);
    if (lastWords.size === people) done();
  };
  discord.events.on('message', read);
  discord.events.on('edit', read);
  return {
    waited,
    allAnswered: Promise.race([allAnswered, delay(LONGEST_MS, undefined, { ref: false })]),
    answers() {
      const counts: Record<string, number> = {};
      for (const kind of lastWords.values()) counts[kind] = (counts[kind] ?? 0) + 1;
      if (lastWords.size < people) counts.none = people - lastWords.size;
      return counts;
    },
  };
}

/** Reads the resident memory of the bot ten times a second. */
function watchMemory(bot: BotProcess) {
  const seen: number[] = [];
  const read = async () => {
    const status = await readFile(`/proc/${bot.pid}/status`, 'utf8').catch(() => '');
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
    if (kilobytes) seen.push(Number(kilobytes) / 1024);
  };
  const timer = setInterval(() => void read(), 100);
  return {
    async stop() {
      clearInterval(timer);
      await read();
      return { before: seen[0] ?? 0, max: Math.max(0, ...seen), after: seen.at(-1) ?? 0 };
    },
  };
}

/** Milliseconds by which a call arrives later at the helpdesk than it began for the bot, at most. */
const ARRIVAL_MS = 300;

/** A call that hangs for ever ends for the bot when it gives up, by its own clock: some time before the helpdesk counts so. */
function maxInFlight({ helpdesk }: World, timeoutMs: number): number {
  const changes = helpdesk.calls
    .filter(({ operation }) => operation === 'api_openTicket')
    .flatMap(({ startedAt, durationMs }) => [
      { at: startedAt, by: 1 },
      { at: startedAt + Math.min(durationMs ?? timeoutMs, timeoutMs - ARRIVAL_MS), by: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.by - b.by);
  let inFlight = 0;
  let max = 0;
  for (const { by } of changes) {
    inFlight += by;
    max = Math.max(max, inFlight);
  }
  return max;
}

/** People come in the order in which Discord had their forms: who comes later and is called up earlier has overtaken. */
function maxOvertaken({ helpdesk }: World, interactions: readonly Interaction[], waited: ReadonlySet<string>): number {
  const forms = interactions.filter(({ name }) => name.startsWith('ticket:'));
  const turns = new Map(forms.map(({ person }, turn) => [person.name, turn]));
  let max = 0;
  let last = 0;
  for (const { operation, values } of helpdesk.calls) {
    if (operation !== 'api_openTicket') continue;
    const name = values[3]?.replace('Help for ', '') ?? '';
    const turn = turns.get(name);
    if (turn === undefined || !waited.has(name)) continue;
    last = Math.max(last, turn);
    max = Math.max(max, last - turn);
  }
  return max;
}
