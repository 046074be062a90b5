import type { Benchmark, Row, Table } from './benchmark.ts';
import { median, medianRatio, percentile } from './figures.ts';
import { atRate, mostPerSecond } from './open-loop.ts';
import { SUBJECTS, type Subject } from './subject-process.ts';
import { SubjectWorld, TOO_LATE_MS } from './subject-world.ts';

const RATES = [50, 200] as const;
const WAITS = [
  { id: 'slash', name: 'slash command → form' },
  { id: 'deferral', name: 'form → acknowledgement' },
  { id: 'final', name: 'form → last edit' },
] as const;
type Wait = (typeof WAITS)[number]['id'];

/**
 * What people waited in one turn of one subject, in milliseconds, with the CPU time of the subject for one ticket.
 * Who was never answered counts as too late.
 */
type Waited = { readonly [Of in Wait]: readonly number[] } & { readonly cpuMs: number };

/** Shows how long people wait for the bot's first and its last word. */
export const ackBenchmark: Benchmark = {
  says: 'how long people wait for the form, the acknowledgement and the answer, at 50 and 200 a second',
  async run({ quick }) {
    const [rounds, seconds] = quick ? [2, 1] : [3, 3];
    const worlds = await Promise.all(
      SUBJECTS.map(async ({ id }) => ({ id, world: await SubjectWorld.start(id, RATES[1] * seconds) })),
    );
    try {
      for (const { world } of worlds) await turn(world, RATES[0], RATES[0] * 2);
      const tables: Table[] = [];
      for (const rate of RATES) {
        const turns = new Map<Subject, Waited[]>(SUBJECTS.map(({ id }) => [id, []]));
        for (let round = 0; round < rounds; round += 1) {
          for (const { id, world } of worlds) turns.get(id)?.push(await turn(world, rate, rate * seconds));
        }
        tables.push(tableOf(rate, turns));
      }
      const [raw] = worlds;
      return raw ? [...tables, await ceiling(raw.world, quick ? 300 : 1000)] : tables;
    } finally {
      await Promise.all(worlds.map(({ world }) => world.close()));
    }
  },
};

/** First everybody asks for a form, then everybody sends it. */
async function turn(world: SubjectWorld, rate: number, count: number): Promise<Waited> {
  const people = Array.from({ length: count }, () => world.next());
  const before = await world.process.read();
  const forms = await atRate(rate, count, async (index) => {
    const place = people[index] ?? world.next();
    return { place, answered: await world.slash(place) };
  });
  const answers = await atRate(rate, count, async (index) => {
    const form = forms[index];
    return form?.answered.modal && (await world.submit(form.place, form.answered.modal));
  });
  const after = await world.process.read();
  return {
    cpuMs: (after.cpuMs - before.cpuMs) / count,
    slash: forms.map(({ answered }) => answered.acknowledgedAfterMs ?? TOO_LATE_MS),
    deferral: answers.map((answered) => answered?.acknowledgedAfterMs ?? TOO_LATE_MS),
    final: answers.map((answered) => answered?.answeredAfterMs ?? TOO_LATE_MS),
  };
}

function tableOf(rate: number, turns: ReadonlyMap<Subject, readonly Waited[]>): Table {
  const rows = WAITS.flatMap((wait) =>
    [50, 99].map((share): Row => {
      const ofTurns = (subject: Subject) =>
        (turns.get(subject) ?? []).map((waited) => percentile(waited[wait.id], share / 100));
      const ofAll = (subject: Subject) =>
        percentile(
          (turns.get(subject) ?? []).flatMap((waited) => waited[wait.id]),
          share / 100,
        );
      return {
        id: `${wait.id}-p${share}`,
        name: `${wait.name}, p${share}`,
        unit: 'ms',
        values: Object.fromEntries(SUBJECTS.map(({ id }) => [id, ofAll(id)])),
        ratio: { to: 'soap', value: medianRatio(ofTurns('bot'), ofTurns('soap')) },
      };
    }),
  );
  const cpuOf = (subject: Subject) => (turns.get(subject) ?? []).map(({ cpuMs }) => cpuMs);
  rows.push({
    id: 'cpu',
    name: 'CPU for a ticket',
    unit: 'ms',
    values: Object.fromEntries(SUBJECTS.map(({ id }) => [id, median(cpuOf(id))])),
    ratio: { to: 'soap', value: medianRatio(cpuOf('bot'), cpuOf('soap')) },
  });
  return { id: `ack-${rate}`, title: `What people wait for, at ${rate} a second`, columns: SUBJECTS, rows };
}

/** The generator's own limit: how many tickets a second it can play when the lightest bot answers. */
async function ceiling(world: SubjectWorld, count: number): Promise<Table> {
  const perSecond = await mostPerSecond(count, 32, () => world.openTicket());
  return {
    id: 'ceiling',
    title: 'The most that the sandbox can play, with the raw bot',
    columns: [{ id: 'raw', name: 'raw `ws` + `node:http`' }],
    rows: [{ id: 'tickets', name: 'tickets, 32 people at once', unit: '/s', values: { raw: perSecond } }],
  };
}
