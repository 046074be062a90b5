import { endWithSignals } from '../command-line.ts';
import type { Benchmark } from './benchmark.ts';
import { cellsOf, printTable, withoutGaps } from './figures.ts';
import { watchMachine } from './machine.ts';
import { writeResult } from './results.ts';
import { versions } from './versions.ts';

/** Loaded when they are asked for. To add one, write a file beside this one and name it here. */
const BENCHMARKS: Readonly<Record<string, () => Promise<Benchmark>>> = {
  ack: async () => (await import('./ack.ts')).ackBenchmark,
  ticket: async () => (await import('./ticket.ts')).ticketBenchmark,
  soap: async () => (await import('./soap.ts')).soapBenchmark,
  start: async () => (await import('./start.ts')).startBenchmark,
  grow: async () => (await import('./grow.ts')).growBenchmark,
  store: async () => (await import('./store.ts')).storeBenchmark,
  raid: async () => (await import('./raid.ts')).raidBenchmark,
  freeze: async () => (await import('./freeze.ts')).freezeBenchmark,
  install: async () => (await import('./install.ts')).installBenchmark,
  'slow-disk': async () => (await import('./slow-disk.ts')).slowDiskBenchmark,
};

endWithSignals();
const args = process.argv.slice(2);
const quick = args.includes('--quick');
const [name = '', ...more] = args.filter((word) => word !== '--quick');
const load = BENCHMARKS[name];
if (more.length === 0 && name === 'all') await measureAll();
else if (more.length === 0 && load) await measure(name);
else await explain();
process.exit(0);

/** One that fails does not keep the others from being measured. */
async function measureAll(): Promise<void> {
  const failed: string[] = [];
  for (const known of Object.keys(BENCHMARKS)) {
    await measure(known).catch((error: unknown) => {
      console.error(error);
      failed.push(known);
    });
  }
  if (failed.length === 0) return;
  console.error(`\nNot measured, and left as they were in bench/results/: ${failed.join(', ')}`);
  process.exit(1);
}

async function measure(benchmark: string): Promise<void> {
  const found = await BENCHMARKS[benchmark]?.();
  if (!found) return;
  console.log(`\n${benchmark}: ${found.says}`);
  const startedAt = performance.now();
  const look = await watchMachine();
  const tables = (await found.run({ quick })).map(withoutGaps);
  const machine = await look();
  for (const table of tables) {
    console.log(`\n${table.title}`);
    printTable(cellsOf(table));
  }
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const percent = (value: number | undefined) => (value === undefined ? 'an unknown part' : `${value.toFixed(0)} %`);
  console.log(
    `\nIt took ${seconds} s on ${machine.cores} cores. Something waited for a CPU in ${percent(machine.waitingBefore)} of the minute before, and in ${percent(machine.waitingMeanwhile)} of the time meanwhile. One sync of the disk took ${machine.diskSyncMs.toFixed(2)} ms.`,
  );
  const measuredAt = `${new Date().toISOString().slice(0, 16)}Z`;
  if (tables.length > 0) writeResult({ benchmark, quick, measuredAt, seconds, versions: versions(), machine, tables });
}

async function explain(): Promise<never> {
  const isAsked = name === '' || name === '--help';
  const say = isAsked ? console.log : console.error;
  say('Usage: npm run bench -- NAME [--quick]');
  say(
    'Each writes bench/results/node-20/NAME.json on Node 20, and so on; npm run bench:report makes docs/performance.md of those.\n',
  );
  for (const [known, loadKnown] of Object.entries(BENCHMARKS)) say(`  ${known.padEnd(10)} ${(await loadKnown()).says}`);
  say(`  ${'all'.padEnd(10)} all of them, one after the other, in about 12 minutes; with --quick in about 4`);
  process.exit(isAsked ? 0 : 2);
}
