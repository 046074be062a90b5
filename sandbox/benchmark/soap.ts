import { z } from 'zod';
import { AskedProcess } from './asked-process.ts';
import type { Benchmark, Row, Table } from './benchmark.ts';
import { median, medianRatio } from './figures.ts';
import { startQuickHelpdesk } from './quick-helpdesk.ts';

const CALLERS = [
  { id: 'raw', name: 'raw `node:http`' },
  { id: 'soap', name: 'bare `soap`' },
  { id: 'bot', name: "the bot's client" },
] as const;
type CallerName = (typeof CALLERS)[number]['id'];

const AT_ONCE = [1, 8, 64] as const;
/** Calls of a turn for each that is made at the same time, at least, and at most. */
const CALLS = { one: 150, many: 400 };

const turnSchema = z.object({ tookMs: z.number(), cpuMs: z.number() });

/** What one call came to in one turn. */
interface Turn {
  readonly cpuMicroseconds: number;
  readonly perSecond: number;
}

/** Shows what the way to the helpdesk costs: the same tickets, sent by the bot's client, by bare `soap` and by hand. */
export const soapBenchmark: Benchmark = {
  says: 'CPU for one call of the helpdesk, and tickets a second with 8 and 64 calls at once',
  async run({ quick }) {
    const rounds = quick ? 3 : 7;
    const helpdesk = await startQuickHelpdesk();
    const settings = {
      HELPDESK_URL: helpdesk.url,
      HELPDESK_USERNAME: 'bot@example.com',
      HELPDESK_PASSWORD: 'sandbox-password',
    };
    const callers = await Promise.all(
      CALLERS.map(async ({ id }) => ({ id, process: await AskedProcess.start('helpdesk-caller.ts', [id], settings) })),
    );
    try {
      const turns = new Map<string, Turn[]>();
      const measure = async (id: CallerName, process: AskedProcess, atOnce: number) => {
        const calls = atOnce === 1 ? CALLS.one : CALLS.many;
        const { tookMs, cpuMs } = turnSchema.parse(await process.ask({ calls, atOnce }));
        return [
          `${id} ${atOnce}`,
          { cpuMicroseconds: (cpuMs * 1000) / calls, perSecond: (calls * 1000) / tookMs },
        ] as const;
      };
      // The first turn of each warms up.
      for (let round = 0; round <= rounds; round += 1) {
        for (const atOnce of AT_ONCE) {
          for (const { id, process } of callers) {
            const [name, turn] = await measure(id, process, atOnce);
            if (round > 0) turns.set(name, [...(turns.get(name) ?? []), turn]);
          }
        }
      }
      return [tableOf(turns)];
    } finally {
      for (const { process } of callers) process.close();
      await helpdesk.close();
    }
  },
};

function tableOf(turns: ReadonlyMap<string, readonly Turn[]>): Table {
  const rowOf = (row: Pick<Row, 'id' | 'name' | 'unit'>, atOnce: number, pick: (turn: Turn) => number): Row => {
    const of = (id: CallerName) => (turns.get(`${id} ${atOnce}`) ?? []).map(pick);
    return {
      ...row,
      values: Object.fromEntries(CALLERS.map(({ id }) => [id, median(of(id))])),
      ratio: { to: 'soap', value: medianRatio(of('bot'), of('soap')) },
    };
  };
  return {
    id: 'soap',
    title: 'Calls of the helpdesk, warm, medians. The raw client shows the limit of the helpdesk that is played',
    columns: CALLERS,
    rows: [
      rowOf({ id: 'cpu-1', name: 'CPU for a call, one at a time', unit: 'µs' }, 1, (turn) => turn.cpuMicroseconds),
      rowOf({ id: 'cpu-8', name: 'CPU for a call, 8 at once', unit: 'µs' }, 8, (turn) => turn.cpuMicroseconds),
      ...AT_ONCE.map((atOnce) =>
        rowOf(
          { id: `rate-${atOnce}`, name: `tickets, ${atOnce} at once`, unit: '/s' },
          atOnce,
          (turn) => turn.perSecond,
        ),
      ),
    ],
  };
}
