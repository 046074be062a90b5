import type { Benchmark, Row, Table } from './benchmark.ts';
import { percentile } from './figures.ts';
import { atRate } from './open-loop.ts';
import { residentMemory } from './resident-memory.ts';
import { SUBJECTS } from './subject-process.ts';
import { SubjectWorld, TOO_LATE_MS } from './subject-world.ts';

/** discord.js alone calls no helpdesk, so it would have nothing to wait for. */
const COLUMNS = SUBJECTS.filter(({ id }) => id !== 'discord');
const HELPDESK_MS = 100;

/** What a thousand people met, in milliseconds. */
interface Met {
  readonly forms: readonly number[];
  readonly acknowledgements: readonly number[];
  readonly late: number;
  readonly opened: number;
  readonly answers: readonly number[];
  readonly mostMegabytes: number;
}

/** Shows that nobody is forgotten and nothing bursts when everybody comes at once. */
export const raidBenchmark: Benchmark = {
  says: 'a thousand people who do the same in the same moment',
  async run({ quick }) {
    const people = quick ? 300 : 1000;
    const met = new Map<string, Met>();
    for (const { id } of COLUMNS) {
      const world = await SubjectWorld.start(id, people);
      try {
        for (let i = 0; i < 50; i += 1) await world.openTicket();
        met.set(id, await raid(world, people));
      } finally {
        await world.close();
      }
    }
    return [tableOf(people, met)];
  },
};

async function raid(world: SubjectWorld, people: number): Promise<Met> {
  world.helpdesk.latencyMs = HELPDESK_MS;
  const all = Array.from({ length: people }, () => world.next());
  const forms = await atRate(Number.POSITIVE_INFINITY, people, async (index) => {
    const place = all[index] ?? world.next();
    return { place, answered: await world.slash(place) };
  });
  const answers = await atRate(Number.POSITIVE_INFINITY, people, async (index) => {
    const form = forms[index];
    return form?.answered.modal && (await world.submit(form.place, form.answered.modal));
  });
  const acknowledgedIn = (all: readonly ({ acknowledgedAfterMs: number | undefined } | undefined)[]) =>
    all.flatMap((one) => one?.acknowledgedAfterMs ?? []);
  const [shown, acknowledged] = [acknowledgedIn(forms.map(({ answered }) => answered)), acknowledgedIn(answers)];
  return {
    forms: shown,
    acknowledgements: acknowledged,
    late: 2 * people - [...shown, ...acknowledged].filter((ms) => ms <= TOO_LATE_MS).length,
    opened: answers.filter((answer) => answer?.isOpened).length,
    answers: answers.flatMap((answer) => answer?.answeredAfterMs ?? []),
    mostMegabytes: (await residentMemory(world.process.pid)).most,
  };
}

function tableOf(people: number, met: ReadonlyMap<string, Met>): Table {
  const row = (id: string, name: string, unit: Row['unit'], pick: (met: Met) => number): Row => ({
    id,
    name,
    unit,
    values: Object.fromEntries([...met].map(([subject, one]) => [subject, pick(one)])),
  });
  return {
    id: 'raid',
    title: `${people.toLocaleString('en')} people at once, to a helpdesk that takes ${HELPDESK_MS} ms`,
    columns: COLUMNS,
    rows: [
      row('form-p50', 'form shown, p50', 'ms', ({ forms }) => percentile(forms, 0.5)),
      row('form-last', 'form shown, the last', 'ms', ({ forms }) => percentile(forms, 1)),
      row('ack-p50', 'form acknowledged, p50', 'ms', ({ acknowledgements }) => percentile(acknowledgements, 0.5)),
      row('ack-last', 'form acknowledged, the last', 'ms', ({ acknowledgements }) => percentile(acknowledgements, 1)),
      row('late', 'not within three seconds', '', ({ late }) => late),
      row('opened', 'tickets that people were told of', '', ({ opened }) => opened),
      row('answer-last', 'the last answer after', 's', ({ answers }) => percentile(answers, 1) / 1000),
      row('memory', 'memory at most', 'MB', ({ mostMegabytes }) => mostMegabytes),
    ],
  };
}
