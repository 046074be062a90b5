import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillFinished, fillLinks } from '../bot/store-of-tickets.ts';
import { openTimedStore } from '../bot/timed-store.ts';
import { readVitals } from '../bot/vitals.ts';
import { startWorld } from '../world.ts';
import type { Benchmark, Row, Table } from './benchmark.ts';
import { median } from './figures.ts';
import { withAtMost } from './open-loop.ts';
import { SUBJECTS, type Subject, SubjectProcess } from './subject-process.ts';
import { SubjectWorld } from './subject-world.ts';

/** People who do something at the same time. */
const AT_ONCE = 16;
const MEGABYTE = 1024 * 1024;

/** Shows what the bot keeps of people who have come and gone, and that nothing takes longer because there is much of it. */
export const growBenchmark: Benchmark = {
  says: 'the heap after many people and in many servers, and look-ups in large stores',
  async run({ quick }) {
    const people = quick ? [0, 2000, 5000] : [0, 10_000, 25_000, 50_000];
    const tickets = quick ? [0, 250, 500] : [0, 500, 1000, 2000];
    const servers = quick ? 1000 : 2500;
    const records = quick ? [1000, 10_000, 100_000] : [1000, 10_000, 100_000, 300_000];
    return [
      await measureHeap({
        id: 'people',
        title: 'The heap after a collection, when so many people have typed the slash command',
        subjects: ['discord', 'bot'],
        counts: people,
        warmUp: 2000,
        act: async (world) => void (await world.slash(world.newcomer())),
      }),
      await measureHeap({
        id: 'customers',
        title: 'The heap after a collection, when so many people have opened a ticket each',
        subjects: ['soap', 'bot'],
        counts: tickets,
        warmUp: 300,
        prepare: (world, count) => world.admit(count),
        act: async (world) => void (await world.openTicket()),
      }),
      await measureServers(servers),
      await measureLookUps(records),
      await measureLimit(),
    ];
  },
};

interface HeapOptions {
  readonly id: string;
  readonly title: string;
  readonly subjects: readonly Subject[];
  /** How many people there have been at each look, besides those of the warm-up. */
  readonly counts: readonly number[];
  /** People after whom what is made once has been made. */
  readonly warmUp: number;
  readonly prepare?: (world: SubjectWorld, count: number) => Promise<void>;
  /** What one of them does. */
  readonly act: (world: SubjectWorld) => Promise<void>;
}

async function measureHeap({ id, title, subjects, counts, warmUp, prepare, act }: HeapOptions): Promise<Table> {
  const columns = SUBJECTS.filter((subject) => subjects.includes(subject.id));
  const heaps = new Map<string, number[]>();
  for (const column of columns) {
    const world = await SubjectWorld.start(column.id, 0, {}, 'vitals');
    const found: number[] = [];
    heaps.set(column.id, found);
    const come = async (count: number) => {
      if (count > 0) await prepare?.(world, count);
      await withAtMost(count, AT_ONCE, () => act(world));
    };
    try {
      await come(warmUp);
      for (const [index, count] of counts.entries()) {
        await come(count - (counts[index - 1] ?? 0));
        found.push((await readVitals(world.process)).heapBytes / MEGABYTE);
      }
    } finally {
      await world.close();
    }
  }
  const row = (name: string, words: string, of: (heap: readonly number[]) => number | undefined): Row => ({
    id: name,
    name: words,
    unit: 'MB',
    values: Object.fromEntries([...heaps].map(([column, heap]) => [column, of(heap) ?? Number.NaN])),
  });
  const most = counts.at(-1) ?? 0;
  const left = (heap: readonly number[]) => (heap.at(-1) ?? Number.NaN) - (heap[0] ?? Number.NaN);
  return {
    id,
    title,
    columns,
    rows: [
      ...counts.map((count, index) =>
        row(String(count), `${count.toLocaleString('en')} people`, (heap) => heap[index]),
      ),
      row('left', `what ${most.toLocaleString('en')} people leave`, left),
    ],
  };
}

async function measureServers(count: number): Promise<Table> {
  const columns = SUBJECTS.filter(({ id }) => id === 'discord' || id === 'bot');
  const rows: Row[] = [];
  for (const servers of [1, count]) {
    const values: Record<string, number> = {};
    for (const { id } of columns) values[id] = await heapIn(id, servers);
    rows.push({ id: String(servers), name: `${servers.toLocaleString('en')} servers`, unit: 'MB', values });
  }
  return { id: 'servers', title: 'The heap after a start in so many servers', columns, rows };
}

async function heapIn(subject: Subject, servers: number): Promise<number> {
  const world = await startWorld();
  for (let index = 0; index < servers; index += 1) world.discord.createGuild({ name: `server ${index}` });
  const bot = new SubjectProcess(subject, { ...world.settings, STORAGE_URL: 'sqlite::memory:' }, 'vitals');
  world.activity.watch(bot);
  try {
    const published = world.discord.nextPublished();
    bot.start();
    await published;
    return (await readVitals(bot)).heapBytes / MEGABYTE;
  } finally {
    await bot.kill();
    await world.close();
  }
}

const LOOK_UPS = 300;

async function measureLookUps(counts: readonly number[]): Promise<Table> {
  const folder = await mkdtemp(join(tmpdir(), 'openticket-benchmark-'));
  try {
    const rows: Row[] = [];
    for (const count of counts) {
      const url = `sqlite:${join(folder, `${count}.sqlite`)}`;
      await fillLinks(url, count);
      await fillFinished(url, count);
      const store = await openTimedStore(url);
      const values = {
        link: median(await store.findLinks(count, LOOK_UPS)),
        person: median(await store.findPeople(count, LOOK_UPS)),
      };
      await store.close();
      rows.push({ id: String(count), name: `${count.toLocaleString('en')} of each`, unit: 'µs', values });
    }
    const columns = [
      { id: 'link', name: 'a link' },
      { id: 'person', name: "a person's tickets" },
    ];
    return { id: 'look-ups', title: 'One look-up in a SQLite file, median', columns, rows };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Uses that a server's limit has in its window; 100,000 is the most that can be set. */
async function measureLimit(): Promise<Table> {
  const store = await openTimedStore('sqlite::memory:');
  const rows: Row[] = [];
  for (const uses of [0, 1000, 10_000, 99_000]) {
    const took = await store.takeUses(uses, 15);
    rows.push({
      id: String(uses),
      name: `${uses.toLocaleString('en')} uses`,
      unit: 'ms',
      values: { bot: median(took) },
    });
  }
  await store.close();
  const title = 'One use more of a limit that has so many in its window, median';
  return { id: 'limit', title, columns: [{ id: 'bot', name: 'the bot' }], rows };
}
