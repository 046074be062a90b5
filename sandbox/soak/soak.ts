import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atRate } from '../benchmark/open-loop.ts';
import { BotProcess } from '../bot/bot-process.ts';
import { COMPILED_MAIN, compileBot } from '../bot/compile-bot.ts';
import { readVitals, VITALS_PROBE, type Vitals } from '../bot/vitals.ts';
import { classifyReply } from '../chaos/reply-classifier.ts';
import type { SandboxClock } from '../clock.ts';
import type { Place } from '../discord/people/place.ts';
import type { Shown } from '../discord/people/shown.ts';
import type { Channel } from '../discord/world/discord-world.ts';
import type { HelpdeskFaultName } from '../helpdesk/faults.ts';
import { startWorld, type World } from '../world.ts';

export interface SoakOptions {
  /** Tickets between two looks at the bot. */
  readonly ticketsOfPart: number;
  readonly parts: number;
  readonly ticketsPerSecond: number;
  /** The machine's by default; Discord's three seconds go by it. */
  readonly clock?: SandboxClock;
  /** Told of each look. */
  readonly onLook?: (vitals: Vitals, part: number) => void;
}

export interface SoakResult {
  /** One for each part, oldest first. */
  readonly looks: readonly Vitals[];
  /** What people were told at last, and how many times Discord said that the bot did not answer. */
  readonly told: Readonly<Record<Told, number>>;
  readonly tickets: number;
  /** Texts that became more than one ticket. */
  readonly duplicates: number;
  readonly reconnects: number;
  readonly faults: number;
}

type Told = 'opened' | 'maybe' | 'nothing' | 'failed';

/** After so many tickets the helpdesk fails for two calls, in another way each time. */
const HELPDESK_FAILS_EVERY = 12;
const HELPDESK_FAULTS: readonly HelpdeskFaultName[] = [
  'bad-gateway',
  'fault-server',
  'expired-fault',
  'nil',
  'refused',
];
/** After so many the gateway goes away, in another way each time. */
const GATEWAY_GOES_EVERY = 40;
const GATEWAY_FAULTS = ['gateway-reconnect', 'gateway-dropped', 'gateway-session-lost'] as const;

/** Lets people open tickets steadily, while connections come and go and the helpdesk fails now and then. */
export async function runSoak(options: SoakOptions): Promise<SoakResult> {
  compileBot();
  const [world, folder] = await Promise.all([
    startWorld(options.clock ? { clock: options.clock } : {}),
    mkdtemp(join(tmpdir(), 'openticket-soak-')),
  ]);
  const settings = {
    ...world.settings,
    STORAGE_URL: `sqlite:${join(folder, 'store.sqlite')}`,
    LINK_VERIFICATION: 'none',
    SERVER_TICKETS_PER_HOUR: '100000',
    LOG_LEVEL: 'warn',
  };
  const args = ['--expose-gc', '--import', VITALS_PROBE, COMPILED_MAIN];
  const bot = new BotProcess(settings, { args, hasChannel: true });
  world.activity.watch(bot);
  try {
    const published = world.discord.nextPublished();
    bot.start();
    await published;
    return await soak(world, bot, options);
  } finally {
    await bot.kill();
    await world.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function soak(world: World, bot: BotProcess, options: SoakOptions): Promise<SoakResult> {
  const channel = world.discord.createGuild({ name: 'Example Hosting' }).createChannel({ name: 'help' });
  const told: Record<Told, number> = { opened: 0, maybe: 0, nothing: 0, failed: 0 };
  const looks: Vitals[] = [];
  let begun = 0;
  let reconnects = 0;
  let faults = 0;
  for (let part = 0; part < options.parts; part += 1) {
    await atRate(options.ticketsPerSecond, options.ticketsOfPart, async () => {
      begun += 1;
      const index = begun;
      if (index % HELPDESK_FAILS_EVERY === 0) {
        const fault = HELPDESK_FAULTS[faults % HELPDESK_FAULTS.length];
        if (fault) world.helpdesk.fault(fault, { times: 2 });
        faults += 1;
      }
      const outcome = await openTicket(world, channel, index);
      told[outcome] += 1;
      // Afterwards, so that somebody was told something in between, however short the run is.
      if (index % GATEWAY_GOES_EVERY === 0) {
        const fault = GATEWAY_FAULTS[reconnects % GATEWAY_FAULTS.length];
        if (fault) world.discord.fault(fault);
        reconnects += 1;
      }
    });
    world.helpdesk.clearFaults();
    await world.discord.ready();
    const vitals = await readVitals(bot);
    looks.push(vitals);
    options.onLook?.(vitals, part);
  }
  const subjects = world.helpdesk.tickets.map(({ subject }) => subject);
  const duplicates = subjects.length - new Set(subjects).size;
  return { looks, told, tickets: subjects.length, duplicates, reconnects, faults };
}

/** Somebody new links an account and opens a ticket. */
async function openTicket({ discord, activity }: World, channel: Channel, index: number): Promise<Told> {
  const user = discord.createUser({ name: `person${index}` });
  channel.guild?.addMember(user);
  const place = user.in(channel);
  const linked = await fill(await place.slash('link'), { email: `${user.name}@example.org` });
  if (linked === undefined) return 'failed';
  const answer = await fill(await place.slash('ticket'), {
    subject: `Server ${index} is away`,
    body: `It went away at ${index}. Please look.`,
  });
  if (answer?.kind !== 'message') return 'failed';
  return activity.until({
    look: () => lastWord(place, answer.id),
    describe: () => `what became of the text of ${user.name}; the last message says: ${place.messages.at(-1)?.text}`,
  });
}

/** @returns Undefined where the form was not shown, or its submit failed. */
async function fill(shown: Shown, fields: Readonly<Record<string, string>>): Promise<Shown | undefined> {
  if (shown.kind !== 'modal') return undefined;
  const answer = await shown.submit(fields);
  return answer.kind === 'failed' ? undefined : answer;
}

function lastWord({ user }: Place, id: string): Told | undefined {
  const message = user.world.messages.get(id);
  if (!message) return undefined;
  const { kind } = classifyReply(message);
  return kind === 'opened' || kind === 'maybe' || kind === 'nothing' ? kind : undefined;
}
