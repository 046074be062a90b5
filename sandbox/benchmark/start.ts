import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { addOpen, fillFinished } from '../bot/store-of-tickets.ts';
import { startWorld, type World } from '../world.ts';
import type { Benchmark, Row, Table } from './benchmark.ts';
import { median, medianRatio } from './figures.ts';
import { residentMemory } from './resident-memory.ts';
import { SUBJECTS, type Subject, SubjectProcess } from './subject-process.ts';

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

/** Processes of each subject whose memory is looked at. V8 gives back more of it in one than in another. */
const AT_REST = 3;
/** Tickets that were being sent when the bot of the full store died. */
const OPEN = 10;

/** Shows what a start costs, that it does not read the history of everybody, and how much memory a bot at rest has. */
export const startBenchmark: Benchmark = {
  says: 'a start until READY, on an empty store and over very many records, and the memory of a bot at rest',
  async run({ quick }) {
    const [rounds, records] = quick ? [5, 50_000] : [9, 200_000];
    const folder = await mkdtemp(join(tmpdir(), 'openticket-benchmark-'));
    try {
      const [full, empty] = [`sqlite:${join(folder, 'full.sqlite')}`, `sqlite:${join(folder, 'empty.sqlite')}`];
      console.log(`Writing ${records} records of finished tickets…`);
      await fillFinished(full, records);
      // The first start makes what a store has from then on, and the system has read the files after it.
      for (const { id } of SUBJECTS) await measureStart(empty, id);
      await measureStart(full);
      const starts = new Map<Subject | 'full', Start[]>();
      const note = (name: Subject | 'full', start: Start) => starts.set(name, [...(starts.get(name) ?? []), start]);
      for (let round = 0; round < rounds; round += 1) {
        for (const { id } of SUBJECTS) note(id, await measureStart(empty, id));
        await addOpen(full, OPEN, round);
        note('full', await measureStart(full));
      }
      return [tableOfStarts(starts, records), await measureIdle(quick ? [5] : [5, 60])];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** Starts a subject over a store, and stops it when it is at rest. */
export async function measureStart(url: string, subject: Subject = 'bot'): Promise<Start> {
  const world = await startWorld();
  const bot = new SubjectProcess(subject, { ...world.settings, STORAGE_URL: url });
  world.activity.watch(bot);
  try {
    const startedAt = performance.now();
    const since = () => performance.now() - startedAt;
    const connected = world.discord.nextReady().then(since);
    const ready = world.discord.nextPublished().then(since);
    bot.start();
    const [connectedAfterMs, readyAfterMs] = await Promise.all([connected, ready]);
    const { cpuMs, reads, rows } = await bot.read();
    if (subject === 'bot') await stop(world, bot);
    return { connectedAfterMs, readyAfterMs, cpuMs, reads, rows };
  } finally {
    await bot.kill();
    await world.close();
  }
}

/** As an operator stops it: the next start finds a file that was closed. */
async function stop(world: World, bot: SubjectProcess): Promise<void> {
  const code = await world.activity.settled(bot.stop(), 'the end of the bot');
  if (code !== 0) throw new Error(`The bot ended with ${code}: ${bot.lines.at(-1)}`);
}

function tableOfStarts(starts: ReadonlyMap<Subject | 'full', readonly Start[]>, records: number): Table {
  const columns = [...SUBJECTS, { id: 'full', name: `the bot, ${records.toLocaleString('en')} records` }] as const;
  const row = (words: Pick<Row, 'id' | 'name' | 'unit'>, pick: (start: Start) => number): Row => {
    const of = (id: Subject | 'full') => (starts.get(id) ?? []).map(pick);
    const values = Object.fromEntries(columns.map(({ id }) => [id, median(of(id))]));
    if (words.unit === '') return { ...words, values };
    return { ...words, values, ratio: { to: 'soap', value: medianRatio(of('bot'), of('soap')) } };
  };
  return {
    id: 'start',
    title: 'A start, medians',
    columns,
    rows: [
      row({ id: 'ready', name: 'READY after', unit: 'ms' }, ({ connectedAfterMs }) => connectedAfterMs),
      row({ id: 'published', name: 'commands published after', unit: 'ms' }, ({ readyAfterMs }) => readyAfterMs),
      row({ id: 'cpu', name: 'CPU time until it is at rest', unit: 'ms' }, ({ cpuMs }) => cpuMs),
      row({ id: 'reads', name: 'reads of records until then', unit: '' }, ({ reads }) => reads),
      row({ id: 'rows', name: 'records read until then', unit: '' }, ({ rows }) => rows),
    ],
  };
}

/** The memory that a process holds, some seconds after its start, the median of several. Nothing is asked of it meanwhile, and nothing loaded into it. */
async function measureIdle(seconds: readonly number[]): Promise<Table> {
  const folder = await mkdtemp(join(tmpdir(), 'openticket-benchmark-'));
  const running: { readonly id: Subject; readonly bot: SubjectProcess; readonly world: World }[] = [];
  try {
    for (const id of Array.from({ length: AT_REST }, () => SUBJECTS.map((subject) => subject.id)).flat()) {
      const world = await startWorld();
      const settings = { ...world.settings, STORAGE_URL: `sqlite:${join(folder, `store-${running.length}.sqlite`)}` };
      const bot = new SubjectProcess(id, settings, 'none');
      world.activity.watch(bot);
      const published = world.discord.nextPublished();
      bot.start();
      await published;
      running.push({ id, bot, world });
    }
    const rows: Row[] = [];
    let waited = 0;
    for (const after of seconds) {
      await delay((after - waited) * 1000);
      waited = after;
      const found = await Promise.all(
        running.map(async ({ id, bot }) => ({ id, megabytes: (await residentMemory(bot.pid)).now })),
      );
      const of = (subject: Subject) => found.flatMap(({ id, megabytes }) => (id === subject ? [megabytes] : []));
      const values = Object.fromEntries(SUBJECTS.map(({ id }) => [id, median(of(id))]));
      const ratio = { to: 'soap', value: (values.bot ?? Number.NaN) / (values.soap ?? Number.NaN) };
      rows.push({ id: `memory-${after}`, name: `memory after ${after} s`, unit: 'MB', values, ratio });
    }
    return { id: 'idle', title: 'Resident memory of a bot that nobody uses, medians', columns: SUBJECTS, rows };
  } finally {
    for (const { bot, world } of running) {
      await bot.kill();
      await world.close();
    }
    await rm(folder, { recursive: true, force: true });
  }
}
