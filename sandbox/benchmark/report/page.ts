import { cellsOf } from '../figures.ts';
import type { Result } from '../results.ts';
import { aimRows } from './aims.ts';
import { limitRows, SIZES } from './limits.ts';
import { plotsOf } from './plots.ts';

/** What each benchmark does, in the order of the page. */
const SECTIONS: readonly { readonly benchmark: string; readonly head: string; readonly about: string }[] = [
  {
    benchmark: 'ack',
    head: 'What people wait for',
    about:
      'So many people a second type `/ticket`; then as many a second send the form. Nobody waits for anybody else. The times go from the moment when Discord sends the interaction to the moment when it has read the answer.',
  },
  {
    benchmark: 'ticket',
    head: 'One ticket',
    about:
      'One person after the other opens a ticket, and everything that the process uses is counted: CPU of all its threads, statements, commits, requests. The turns of all bots are interleaved; the multiple is the median over turns that follow upon each other. “+ SQLite” is the bare bot that also makes the reads and durable commits of the bot, with records of the same size, by hand and without looking at them: what the promises cost at the very least.',
  },
  {
    benchmark: 'soap',
    head: 'The way to the helpdesk',
    about: "The bot's client alone, beside bare `soap` and a string that is posted. All of them open the same ticket.",
  },
  {
    benchmark: 'start',
    head: 'Start and memory',
    about:
      'Each is started in turns, as a container starts it. The full store holds what finished tickets leave, and ten that were being sent when their process died.',
  },
  {
    benchmark: 'grow',
    head: 'What grows',
    about: 'What stays of people, and whether something takes longer the more of it there is.',
  },
  {
    benchmark: 'store',
    head: 'The store',
    about: 'The same records on every backend that is installed here. A change reads and writes in one durable commit.',
  },
  {
    benchmark: 'raid',
    head: 'A thousand people at once',
    about:
      'All of them type `/ticket` in the same moment, and all of them send the form in another one, against a helpdesk that takes 100 ms for a call.',
  },
  {
    benchmark: 'freeze',
    head: 'Freezes',
    about:
      'Whatever walks through the store, and for how long at most it lets nobody else be served. The commands of `npm run store` are processes of their own.',
  },
  { benchmark: 'install', head: 'The installation', about: 'What `npm ci --omit=dev` installs, by the lock file.' },
  {
    benchmark: 'slow-disk',
    head: 'A slow disk',
    about:
      'Every `fsync` and `fdatasync` of the process takes 3 ms: a library that is preloaded waits before it calls the real one.',
  },
];

/**
 * docs/performance.md, from what stands in bench/results/ and nothing else.
 * @param newer The same of a newer Node.
 */
export function writePage(results: readonly Result[], newer: readonly Result[]): string {
  return [
    '# Performance',
    '',
    'The bot beside a raw `ws` + `node:http` bot (the limit), a bare discord.js bot, and the same with bare `soap`: each in a process',
    'of its own, in turns, against the same sandbox. None of the others checks anything or survives anything, and all but one keep nothing.',
    'This page is made by `npm run bench:report` from `bench/results/`; a test compares the two. `npm run bench -- all` measures',
    'everything (about 12 minutes, `--quick` about 4), `npm run bench -- NAME` one part, and each says what it found. The code is in',
    '`sandbox/benchmark/`: it plays the same world as the tests, and what holds for lint, types and imports there holds for it.',
    '',
    '## Then, now, and the aim',
    '',
    '“Then” is from one run each before the work on speed began. “Limit” is the raw bot now, “Bare” the bare one now; a multiple is that of the bot over the bare one.',
    'All of that is on Node 20, as then. The Docker image has Node 24: there SQLite is a part of Node, and each bot was measured anew.',
    '',
    ...tableLines([['Work', 'Limit', 'Bare', 'Then', 'Now', 'Aim', '', 'On Node 24', ''], ...aimRows(results, newer)]),
    '',
    ...pictures(results, ['waiting-50', 'waiting-200', 'cost']),
    '## How busy the machine was',
    '',
    'Figures of a machine that does something else meanwhile are rough: ratios and medians stand, percentiles and times of the wall do not.',
    'The shares are of the time in which something had to wait for a CPU (`/proc/pressure/cpu`); “meanwhile” includes what is measured.',
    '',
    ...tableLines([
      ['Benchmark', 'Measured', 'Took', 'CPU waited for, before', 'meanwhile', 'One sync of the disk', 'Of'],
      ...inOrder(results).map(({ result }) => machineRow(result)),
    ]),
    '',
    ...inOrder(results).flatMap(({ result, head, about }) => [
      `## ${head}`,
      '',
      `\`npm run bench -- ${result.benchmark}\``,
      '',
      about,
      '',
      ...pictures(results, PICTURES[result.benchmark] ?? []),
      ...result.tables.flatMap((table) => [`**${table.title}**`, '', ...tableLines(cellsOf(table)), '']),
    ]),
    '## Limits that are not ours',
    '',
    ...tableLines(limitRows(results)),
    '',
    '## At which size to do what',
    '',
    ...SIZES,
    '',
  ].join('\n');
}

const PICTURES: Readonly<Record<string, readonly string[]>> = {
  soap: ['helpdesk'],
  grow: ['grow-people', 'grow-look-ups'],
};

function inOrder(results: readonly Result[]) {
  return SECTIONS.flatMap((section) => {
    const result = results.find(({ benchmark }) => benchmark === section.benchmark);
    return result ? [{ ...section, result }] : [];
  });
}

function machineRow({ benchmark, quick, measuredAt, seconds, machine, versions }: Result): string[] {
  const percent = (value: number | undefined) => (value === undefined ? 'unknown' : `${value.toFixed(0)} %`);
  const { cpu, cores, diskSyncMs } = machine;
  return [
    `${benchmark}${quick ? ' `--quick`' : ''}`,
    `${measuredAt.replace('T', ' ').replace('Z', ' UTC')}, ${cores} × ${cpu}`,
    `${seconds} s`,
    percent(machine.waitingBefore),
    percent(machine.waitingMeanwhile),
    `${diskSyncMs.toFixed(2)} ms`,
    `${versions.bot}${versions.commit ? ` (${versions.commit})` : ''}, Node ${versions.node.slice(1)}, discord.js ${versions['discord.js']}, soap ${versions.soap}`,
  ];
}

function tableLines(rows: readonly (readonly string[])[]): string[] {
  const [head = [], ...rest] = rows;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  // Figures stand to the right, words to the left.
  const isFigures = (column: number) => column > 0 && rest.some((cells) => /^(–|[\d.,]+)/.test(cells[column] ?? ''));
  const alignment = head.map((_, column) => (isFigures(column) ? '---:' : '---'));
  return [line(head), line(alignment), ...rest.map(line)];
}

function pictures(results: readonly Result[], names: readonly string[]): string[] {
  return plotsOf(results)
    .filter(({ name }) => names.includes(name))
    .flatMap(({ name, alt }) => [
      '<picture>',
      `  <source media="(prefers-color-scheme: dark)" srcset="images/${name}-dark.svg">`,
      `  <img src="images/${name}-light.svg" alt="${alt.replaceAll('"', '&quot;')}">`,
      '</picture>',
      '',
    ]);
}
