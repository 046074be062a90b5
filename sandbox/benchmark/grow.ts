import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { fillFinished, fillLinks } from '../bot/store-of-tickets.ts';
import { openTimedStore } from '../bot/timed-store.ts';
import { startWorld, type World } from '../world.ts';
import { AskedProcess } from './asked-process.ts';
import type { Benchmark, Row, Table } from './benchmark.ts';
import { median } from './figures.ts';

/** People who act at the same time. */
const AT_ONCE = 50;
const HEAPS = [
  { id: 'discord', name: 'discord.js' },
  { id: 'bot', name: 'the bot' },
] as const;

/** Shows what the bot keeps of people who have come and gone, and that nothing takes longer because there is much of it. */
export const growBenchmark: Benchmark = {
  says: 'the heap after many people and in many servers, and look-ups in large stores',
  async run({ quick }) {
    const people = quick ? [0, 2000, 6000] : [0, 10_000, 25_000, 50_000];
    const servers = quick ? 1000 : 2500;
    const records = quick ? [1000, 10_000, 100_000] : [1000, 10_000, 100_000, 500_000];
    return [
      await measurePeople(people),
      await measureServers(servers),
      await measureLookUps(records),
      await measureLimit(),
    ];
  },
};

async function measurePeople(counts: readonly number[]): Promise<Table> {
  const heaps: Record<string, Map<number, number>> = {};
  for (const { id } of HEAPS) {
    const found = new Map<number, number>();
    heaps[id] = found;
    await withMeasuredBot(id, 1, async (world, heap) => {
      // What is made once, for the first of them, is no growth.
      await crowd(world, 4 * AT_ONCE);
      const before = world.discord.users.size;
      for (const count of counts) {
        await crowd(world, count + before - world.discord.users.size);
        found.set(count, await heap());
      }
    });
  }
  const row = (id: string, name: string, of: (heap: Map<number, number>) => number): Row => ({
    id,
    name,
    unit: 'MB',
    values: Object.fromEntries(HEAPS.map((column) => [column.id, of(heaps[column.id] ?? new Map())])),
  });
  const [most = 0, least = 0] = [counts.at(-1), counts[0]];
  const at = (heap: Map<number, number>, count: number) => heap.get(count) ?? Number.NaN;
  return {
    id: 'people',
    title: 'The heap after a collection, when so many people have pressed a button in a server',
    columns: HEAPS,
    rows: [
      ...counts.map((count) => row(String(count), `${count.toLocaleString('en')} people`, (heap) => at(heap, count))),
      row('left', `what ${most.toLocaleString('en')} people leave`, (heap) => at(heap, most) - at(heap, least)),
    ],
  };
}

async function measureServers(count: number): Promise<Table> {
  const rows: Row[] = [];
  for (const servers of [1, count]) {
    const values: Record<string, number> = {};
    for (const { id } of HEAPS) {
      await withMeasuredBot(id, servers, async (_, heap) => {
        values[id] = await heap();
      });
    }
    rows.push({ id: String(servers), name: `${servers.toLocaleString('en')} servers`, unit: 'MB', values });
  }
  return { id: 'servers', title: 'The heap after a start in so many servers', columns: HEAPS, rows };
}

async function withMeasuredBot(
  which: 'discord' | 'bot',
  servers: number,
  run: (world: World, heap: () => Promise<number>) => Promise<void>,
): Promise<void> {
  const world = await startWorld();
  for (let index = 0; index < servers; index += 1) world.discord.createGuild({ name: `server ${index}` });
  const settings = { ...world.settings, STORAGE_URL: 'sqlite::memory:', LINK_VERIFICATION: 'none' };
  const bot = await AskedProcess.start('measured-bot.ts', [which === 'bot' ? 'bot' : 'bare'], settings);
  try {
    await world.discord.ready();
    await run(world, async () => {
      const { heapBytes } = z.object({ heapBytes: z.number() }).parse(await bot.ask('heap'));
      return heapBytes / 1024 / 1024;
    });
  } finally {
    bot.close();
    await world.close();
  }
}

/** Each is somebody new of one server, and presses one button there. */
async function crowd({ discord }: World, people: number): Promise<void> {
  const [guild = discord.createGuild({ name: 'Example Hosting' })] = discord.guilds.values();
  const [channel = guild.createChannel({ name: 'help' })] = guild.channels.values();
  for (let begun = 0; begun < people; begun += AT_ONCE) {
    const acts = Array.from({ length: Math.min(AT_ONCE, people - begun) }, () => {
      const user = discord.createUser({ name: `person ${discord.users.size}` });
      guild.addMember(user);
      return user.in(channel).sendRaw({ customId: 'ticket-open' });
    });
    await Promise.all(acts);
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
