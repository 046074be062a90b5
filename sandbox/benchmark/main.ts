import { endWithSignals } from '../command-line.ts';
import type { Benchmark } from './benchmark.ts';

/** Loaded when they are asked for. To add one, write a file beside this one and name it here. */
const BENCHMARKS: Readonly<Record<string, () => Promise<Benchmark>>> = {
  memory: async () => (await import('./memory.ts')).memoryBenchmark,
  start: async () => (await import('./start.ts')).startBenchmark,
  storage: async () => (await import('./storage.ts')).storageBenchmark,
  ticket: async () => (await import('./ticket.ts')).ticketBenchmark,
};

endWithSignals();
const [name = '', ...args] = process.argv.slice(2);
const load = BENCHMARKS[name];
if (load) {
  await (await load()).run(args);
  process.exit(0);
}
console.error('Usage: npm run bench -- NAME [options]');
for (const [known, loadKnown] of Object.entries(BENCHMARKS)) console.error(`  ${known}  ${(await loadKnown()).says}`);
process.exit(2);
