import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addOpen, fillFinished } from '../bot/store-of-tickets.ts';
import { readCommandLine } from '../command-line.ts';
import { startWorld, type World } from '../world.ts';
import type { Benchmark } from './benchmark.ts';
import { median, printTable, rounded } from './figures.ts';
import { MeasuredProcess } from './measured-process.ts';

/** One start, in milliseconds since the process was begun. */
interface Start {
  /** Until Discord had said READY. */
  readonly connectedAfterMs: number;
  /** Until its commands were published: from here on people are served. */
  readonly readyAfterMs: number;
  /** CPU time until it was at rest, with everybody told who had to be. */
  readonly cpuMs: number;
  /** Statements until then that read records, and the records that they returned. */
  readonly reads: number;
  readonly rows: number;
}

/** Shows that a start does not read the history of everybody. */
export const startBenchmark: Benchmark = {
  says: 'a start over very many finished records and a few open ones, beside an empty store',
  async run(args) {
    const {
      records = 1_000_000,
      open = 10,
      starts = 9,
      json = false,
    } = readCommandLine(
      'npm run bench start',
      {
        records: { type: 'number', says: 'how many records finished tickets have left, 1000000 by default' },
        open: {
          type: 'number',
          from: 0,
          says: 'how many tickets each start finds that were being sent, 10 by default',
        },
        starts: { type: 'number', says: 'how often each is started, in turns, 9 by default' },
        json: { type: 'flag', says: 'prints the figures as JSON' },
      },
      args,
    );
    const folder = await mkdtemp(join(tmpdir(), 'openticket-benchmark-'));
    try {
      const [full, empty] = [`sqlite:${join(folder, 'full.sqlite')}`, `sqlite:${join(folder, 'empty.sqlite')}`];
      if (!json) console.log(`Writing ${records} records of finished tickets…\n`);
      await fillFinished(full, records);
      const found = { full: [] as Start[], empty: [] as Start[] };
      // The first start makes what a store has from then on, and the system has read the files after it.
      for (const url of [full, empty]) await measureStart(url);
      for (let round = 0; round < starts; round += 1) {
        if (open > 0) await addOpen(full, open, round);
        found.full.push(await measureStart(full));
        found.empty.push(await measureStart(empty));
      }
      const figures = { full: medians(found.full), empty: medians(found.empty) };
      if (json) console.log(JSON.stringify({ records, open, starts, node: process.version, ...figures }, undefined, 2));
      else print(figures, { records, open, starts });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** Starts the bot over a store, and stops it when it is at rest. */
export async function measureStart(url: string): Promise<Start> {
  const world = await startWorld();
  const bot = new MeasuredProcess('bot', { ...world.settings, STORAGE_URL: url });
  world.activity.watch(bot);
  try {
    const startedAt = performance.now();
    const since = () => performance.now() - startedAt;
    const connected = world.discord.nextReady().then(since);
    const ready = world.discord.nextPublished().then(since);
    bot.start();
    const [connectedAfterMs, readyAfterMs] = await Promise.all([connected, ready]);
    const { cpuMs, reads, rows } = await bot.read();
    await stop(world, bot);
    return { connectedAfterMs, readyAfterMs, cpuMs, reads, rows };
  } finally {
    await bot.kill();
    await world.close();
  }
}

/** As an operator stops it: the next start finds a file that was closed. */
async function stop(world: World, bot: MeasuredProcess): Promise<void> {
  const code = await world.activity.settled(bot.stop(), 'the end of the bot');
  if (code !== 0) throw new Error(`The bot ended with ${code}: ${bot.lines.at(-1)}`);
}

function medians(starts: readonly Start[]): Start {
  const of = (pick: (start: Start) => number) => median(starts.map(pick));
  return {
    connectedAfterMs: of(({ connectedAfterMs }) => connectedAfterMs),
    readyAfterMs: of(({ readyAfterMs }) => readyAfterMs),
    cpuMs: of(({ cpuMs }) => cpuMs),
    reads: of(({ reads }) => reads),
    rows: of(({ rows }) => rows),
  };
}

function print(
  { full, empty }: { full: Start; empty: Start },
  { records, open, starts }: { records: number; open: number; starts: number },
): void {
  const row = (name: string, pick: (start: Start) => number, unit = '') => {
    const say = (value: number) => `${rounded(value)}${unit}`;
    return [name, say(pick(full)), say(pick(empty)), say(pick(full) - pick(empty))];
  };
  printTable([
    [`Medians of ${starts} starts`, `${records} records, ${open} open`, 'an empty store', 'more'],
    row('READY after', ({ connectedAfterMs }) => connectedAfterMs, ' ms'),
    row('Commands published after', ({ readyAfterMs }) => readyAfterMs, ' ms'),
    row('CPU time until it is at rest', ({ cpuMs }) => cpuMs, ' ms'),
    row('Reads of records until then', ({ reads }) => reads),
    row('Records read until then', ({ rows }) => rows),
  ]);
}
