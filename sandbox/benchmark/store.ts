import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRawStore } from '../bot/raw-store.ts';
import { openTimedStore } from '../bot/timed-store.ts';
import { missingFor, STORE_KINDS, startChaosStore } from '../chaos/chaos-store.ts';
import type { Benchmark, Row, Table } from './benchmark.ts';
import { median } from './figures.ts';
import { mostPerSecond } from './open-loop.ts';
import { SubjectWorld } from './subject-world.ts';
import { measureBlock } from './ticket-cost.ts';

/** What one store needed in one turn. */
interface Turn {
  readonly change: number;
  readonly find: number;
  readonly changesPerSecond: number;
  readonly cpu: number;
}

interface TimedStore {
  changes(count: number): Promise<number[]>;
  finds(count: number): Promise<number[]>;
  change(): Promise<unknown>;
  close(): Promise<void>;
}

/** The PostgreSQL server that a benchmark starts for itself does not sync (`fsync=off`); the Redis server does. */
const NAMES = { sqlite: 'SQLite', redis: 'Redis', postgres: 'PostgreSQL without sync' } as const;
const ONE_BY_ONE = 200;
const AT_ONCE = 64;

/** Shows what the same records cost on every backend that is installed here, and what their encryption costs. */
export const storeBenchmark: Benchmark = {
  says: 'one durable change and one look-up on SQLite, Redis and PostgreSQL, and what STORAGE_KEY costs',
  async run({ quick }) {
    return [await measureBackends(quick ? 2 : 5), await measureEncryption(quick ? 4 : 8)];
  },
};

async function measureBackends(rounds: number): Promise<Table> {
  const folder = await mkdtemp(join(tmpdir(), 'openticket-benchmark-'));
  const open: { readonly id: string; readonly name: string; readonly store: TimedStore; stop(): Promise<void> }[] = [];
  try {
    open.push({
      id: 'raw',
      name: 'raw SQLite',
      store: await openRawStore(join(folder, 'raw.sqlite')),
      stop: async () => {},
    });
    for (const kind of STORE_KINDS) {
      const missing = missingFor(kind);
      if (missing) console.log(missing);
      else {
        const server = await startChaosStore(kind, folder);
        open.push({ id: kind, name: NAMES[kind], store: await openTimedStore(server.url), stop: () => server.stop() });
      }
    }
    const turns = new Map<string, Turn[]>(open.map(({ id }) => [id, []]));
    for (const { store } of open) await measureTurn(store);
    for (let round = 0; round < rounds; round += 1) {
      for (const { id, store } of open) turns.get(id)?.push(await measureTurn(store));
    }
    const row = (words: Omit<Row, 'values'>, pick: (turn: Turn) => number): Row => ({
      ...words,
      values: Object.fromEntries(open.map(({ id }) => [id, median((turns.get(id) ?? []).map(pick))])),
    });
    return {
      id: 'backends',
      title: 'Two records of 500 characters',
      columns: open.map(({ id, name }) => ({ id, name })),
      rows: [
        row({ id: 'change', name: 'read and written in one durable commit', unit: 'µs' }, ({ change }) => change),
        row({ id: 'cpu', name: "CPU of the bot's process for that", unit: 'µs' }, ({ cpu }) => cpu),
        row({ id: 'rate', name: `the same, ${AT_ONCE} at once`, unit: '/s' }, (turn) => turn.changesPerSecond),
        row({ id: 'find', name: 'one of them looked up', unit: 'µs' }, ({ find }) => find),
      ],
    };
  } finally {
    for (const { store, stop } of open) {
      await store.close();
      await stop();
    }
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureTurn(store: TimedStore): Promise<Turn> {
  const before = process.cpuUsage();
  const change = median(await store.changes(ONE_BY_ONE));
  const { user, system } = process.cpuUsage(before);
  const find = median(await store.finds(ONE_BY_ONE));
  const changesPerSecond = await mostPerSecond(4 * AT_ONCE, AT_ONCE, () => store.change());
  return { change, find, changesPerSecond, cpu: (user + system) / ONE_BY_ONE };
}

/** The same tickets with and without STORAGE_KEY, in turns. */
async function measureEncryption(turns: number): Promise<Table> {
  const block = 25;
  const people = block * (turns + 4);
  const worlds = await Promise.all([
    SubjectWorld.start('bot', people),
    SubjectWorld.start('bot', people, { STORAGE_KEY: randomBytes(32).toString('base64') }),
  ]);
  try {
    for (const world of worlds) for (let i = 0; i < 4 * block; i += 1) await world.openTicket();
    const cpu: [number[], number[]] = [[], []];
    for (let turn = 0; turn < turns; turn += 1) {
      for (const [index, world] of worlds.entries()) {
        const { used, size } = await measureBlock(world, block);
        cpu[index]?.push(used.cpuMs / size);
      }
    }
    const [plain, encrypted] = cpu;
    const more = median(encrypted.map((value, turn) => value - (plain[turn] ?? Number.NaN)));
    const row = (id: string, name: string, value: number): Row => ({ id, name, unit: 'ms', values: { bot: value } });
    return {
      id: 'encryption',
      title: 'CPU for a ticket',
      columns: [{ id: 'bot', name: 'the bot' }],
      rows: [
        row('plain', 'without `STORAGE_KEY`', median(plain)),
        row('encrypted', 'with it', median(encrypted)),
        row('more', 'what it costs, turn by turn', more),
      ],
    };
  } finally {
    await Promise.all(worlds.map((world) => world.close()));
  }
}
