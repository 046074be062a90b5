import type { Row } from '../benchmark.ts';
import { withUnit } from '../figures.ts';
import type { Result } from '../results.ts';
import { findRow } from './find.ts';

/** One thing that was measured when the bot was first put beside others, and what it was to become. */
export interface Aim {
  readonly work: string;
  /** What the bot needed then, on the same two cores. */
  readonly before: string;
  readonly aim: string;
  /** The rows that show it, and the columns of the limit and of the baseline, where there are such. */
  readonly rows: readonly string[];
  readonly limit?: string;
  readonly bare?: string;
  /** The aim is a difference between the bot and the baseline, not a multiple. */
  readonly asDifference?: true;
  readonly isReached: (figures: Figures) => boolean;
}

/** The figures of the rows, in their order; NaN for what was not measured. */
export interface Figures {
  of(index: number, column?: string): number;
  ratio(index: number): number;
  /** Milliseconds for one sync of the disk while the first row was measured. */
  readonly syncMs: number;
}

export const AIMS: readonly Aim[] = [
  {
    work: 'slash command → form at 50/s, p50 / p99',
    before: '2.2 / 6.3 ms (1.34×)',
    aim: '≤ 1.15×',
    rows: ['ack ack-50 slash-p50', 'ack ack-50 slash-p99'],
    limit: 'raw',
    bare: 'soap',
    isReached: ({ ratio }) => ratio(0) <= 1.15,
  },
  {
    work: 'form → acknowledgement at 50/s, p50 / p99',
    before: '3.1 / 8.1 ms',
    aim: 'one sync + 1.2×',
    rows: ['ack ack-50 deferral-p50', 'ack ack-50 deferral-p99'],
    limit: 'raw',
    bare: 'soap',
    isReached: ({ of, syncMs }) => of(0) <= syncMs + 1.2 * of(0, 'soap'),
  },
  {
    work: 'form → acknowledgement, → last edit at 200/s, p50',
    before: '15.9, 63 ms (24×)',
    aim: '≤ 3×, ≤ 4×',
    rows: ['ack ack-200 deferral-p50', 'ack ack-200 final-p50'],
    limit: 'raw',
    bare: 'soap',
    isReached: ({ ratio }) => ratio(0) <= 3 && ratio(1) <= 4,
  },
  {
    work: 'the same where a sync of the disk takes 3 ms: the latest acknowledgement at 200/s, how many too late',
    before: '5,000 ms, too late',
    aim: 'none too late',
    rows: ['slow-disk slow-disk worst', 'slow-disk slow-disk late'],
    bare: 'soap',
    isReached: ({ of }) => of(1) === 0,
  },
  {
    work: 'one ticket, CPU (slash command and form)',
    before: '7.6 ms (2.25×)',
    aim: '≤ 1.3×',
    rows: ['ticket ticket cpu'],
    limit: 'raw',
    bare: 'soap',
    isReached: ({ ratio }) => ratio(0) <= 1.3,
  },
  {
    work: 'tickets a second, 8 / 64 calls at once',
    before: '358/s / 545/s',
    aim: '≥ 700/s',
    rows: ['soap soap rate-8', 'soap soap rate-64'],
    limit: 'raw',
    bare: 'soap',
    isReached: ({ of }) => of(0) >= 700 && of(1) >= 700,
  },
  {
    work: 'one warm SOAP call, CPU, one at a time',
    before: '767 µs',
    aim: '≤ 450 µs with `soap` kept',
    rows: ['soap soap cpu-1'],
    limit: 'raw',
    bare: 'soap',
    isReached: ({ of }) => of(0) <= 450,
  },
  {
    work: 'start → READY',
    before: '901 ms (1.64×)',
    aim: '≤ 1.15×',
    rows: ['start start ready'],
    limit: 'raw',
    bare: 'soap',
    isReached: ({ ratio }) => ratio(0) <= 1.15,
  },
  {
    work: 'memory of a bot at rest after 5 s / 60 s',
    before: '120 / 95 MB',
    aim: '≤ 12 MB more',
    rows: ['start idle memory-5', 'start idle memory-60'],
    limit: 'raw',
    bare: 'soap',
    asDifference: true,
    isReached: ({ of }) => [0, 1].every((index) => of(index) - of(index, 'soap') <= 12),
  },
  {
    work: 'heap that 50,000 people leave behind',
    before: '115 MB',
    aim: '< 3 MB',
    rows: ['grow people left'],
    bare: 'discord',
    isReached: ({ of }) => of(0) < 3,
  },
  {
    work: '`STORAGE_KEY` set: more CPU for a ticket',
    before: '2.8 ms',
    aim: '≤ 0.3 ms',
    rows: ['store encryption more'],
    isReached: ({ of }) => of(0) <= 0.3,
  },
  {
    work: 'one use of a server limit with 99,000 uses in its window',
    before: '158 ms',
    aim: '< 1 ms',
    rows: ['grow limit 99000'],
    isReached: ({ of }) => of(0) < 1,
  },
  {
    work: 'production install, size and packages, on Node 22.13 or newer',
    before: '85 MB, 123 packages',
    aim: '≤ 60 MB',
    rows: ['install install size', 'install install packages'],
    bare: 'soap',
    isReached: ({ of }) => of(0) <= 60,
  },
];

/** The aims as lines of a table. @param newer What the same came to on a newer Node. */
export function aimRows(results: readonly Result[], newer: readonly Result[]): string[][] {
  return AIMS.map((aim) => {
    const { work, before, limit, bare } = aim;
    const say = (column: string | undefined) => (column === undefined ? '–' : figuresOf(results, aim, column));
    const row = [work, say(limit), say(bare), before, ...judge(results, aim)];
    return [...row.slice(0, 5), aim.aim, ...row.slice(5), ...judge(newer, aim)];
  });
}

/** What the bot came to, and whether that is the aim. */
function judge(results: readonly Result[], aim: Aim): [now: string, verdict: string] {
  const found = aim.rows.map((path) => findRow(results, path));
  if (!found.some((row) => row?.values.bot !== undefined)) return ['not measured', ''];
  const benchmark = aim.rows[0]?.split(' ')[0];
  const isReached = aim.isReached({
    of: (index, column = 'bot') => found[index]?.values[column] ?? Number.NaN,
    ratio: (index) => found[index]?.ratio?.value ?? Number.NaN,
    syncMs: results.find((result) => result.benchmark === benchmark)?.machine.diskSyncMs ?? Number.NaN,
  });
  const besides = found.flatMap((row) => besideBare(row, aim) ?? []);
  const now = `${figuresOf(results, aim, 'bot')}${besides.length > 0 ? ` (${besides.join(' / ')})` : ''}`;
  return [now, isReached ? 'reached' : '**missed**'];
}

function figuresOf(results: readonly Result[], { rows }: Aim, column: string): string {
  const figures = rows.map((path) => {
    const row = findRow(results, path);
    const value = row?.values[column];
    return row && value !== undefined ? withUnit(value, row.unit) : '–';
  });
  return figures.join(' / ');
}

/** The bot beside the bare one: as a multiple, or by how much it is more where the aim says that. */
function besideBare(row: Row | undefined, { bare = '', asDifference }: Aim): string | undefined {
  const [own, other] = [row?.values.bot, row?.values[bare]];
  if (row && asDifference && own !== undefined && other !== undefined) return `+${withUnit(own - other, row.unit)}`;
  return row?.ratio && withUnit(row.ratio.value, '×');
}
