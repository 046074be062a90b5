import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { programPath } from '../store-servers.ts';
import type { Benchmark, Row } from './benchmark.ts';
import { percentile } from './figures.ts';
import { atRate } from './open-loop.ts';
import { SUBJECTS, type Subject } from './subject-process.ts';
import { SubjectWorld, TOO_LATE_MS } from './subject-world.ts';

const SYNC_MICROSECONDS = 3000;
const RATE = 200;
const COLUMNS = SUBJECTS.filter(({ id }) => id === 'soap' || id === 'bot');

/** Shows that nobody is told too late because of other people's commits, where a sync of the disk takes long. */
export const slowDiskBenchmark: Benchmark = {
  says: '200 forms a second where a sync of the disk takes 3 ms',
  async run({ quick }) {
    const compiler = programPath('cc') ?? programPath('gcc');
    if (!compiler) {
      console.log('There is no C compiler here (cc or gcc), so no disk can be made slow: nothing was measured.');
      return [];
    }
    const folder = await mkdtemp(join(tmpdir(), 'openticket-benchmark-'));
    try {
      const library = join(folder, 'slow-sync.so');
      const source = fileURLToPath(new URL('slow-sync.c', import.meta.url));
      await promisify(execFile)(compiler, ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl']);
      const settings = { LD_PRELOAD: library, SLOW_SYNC_MICROSECONDS: String(SYNC_MICROSECONDS) };
      const count = RATE * (quick ? 3 : 10);
      const values: Record<string, Record<string, number>> = {};
      for (const { id } of COLUMNS) values[id] = await measure(id, settings, count);
      const row = (name: string, words: Omit<Row, 'id' | 'values'>): Row => ({
        id: name,
        ...words,
        values: Object.fromEntries(COLUMNS.map(({ id }) => [id, values[id]?.[name] ?? Number.NaN])),
      });
      return [
        {
          id: 'slow-disk',
          title: `${count.toLocaleString('en')} forms at ${RATE} a second, ${SYNC_MICROSECONDS / 1000} ms for a sync`,
          columns: COLUMNS,
          rows: [
            row('p50', { name: 'form → acknowledgement, p50', unit: 'ms' }),
            row('p99', { name: 'form → acknowledgement, p99', unit: 'ms' }),
            row('worst', { name: 'form → acknowledgement, the latest', unit: 'ms' }),
            row('late', { name: 'not within three seconds', unit: '' }),
            row('answer', { name: 'form → last edit, p50', unit: 'ms' }),
          ],
        },
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function measure(
  subject: Subject,
  settings: Readonly<Record<string, string>>,
  count: number,
): Promise<Record<string, number>> {
  const world = await SubjectWorld.start(subject, Math.min(count, 1000), settings);
  try {
    for (let i = 0; i < 50; i += 1) await world.openTicket();
    const people = Array.from({ length: count }, () => world.next());
    const forms = await atRate(RATE, count, async (index) => {
      const place = people[index] ?? world.next();
      return { place, form: await world.openForm(place) };
    });
    const answers = await atRate(RATE, count, async (index) => {
      const one = forms[index];
      return one && (await world.submit(one.place, one.form));
    });
    const acknowledged = answers.flatMap((answer) => answer?.acknowledgedAfterMs ?? []);
    return {
      p50: percentile(acknowledged, 0.5),
      p99: percentile(acknowledged, 0.99),
      worst: percentile(acknowledged, 1),
      late: count - acknowledged.filter((ms) => ms <= TOO_LATE_MS).length,
      answer: percentile(
        answers.flatMap((answer) => answer?.answeredAfterMs ?? []),
        0.5,
      ),
    };
  } finally {
    await world.close();
  }
}
