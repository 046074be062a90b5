import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillExpired, fillHistory, openDesk } from '../bot/filled-store.ts';
import { readCommandLine } from '../command-line.ts';
import type { Benchmark } from './benchmark.ts';
import { type Timing, timingOf } from './longest-freeze.ts';

/** Shows for how long the bot serves nobody while it works with a store in which much has been written. */
export const storageBenchmark: Benchmark = {
  says: 'the longest freeze of the bot during start, Export, Unlink and a sweep',
  async run(args) {
    const {
      records = 100_000,
      expired = 500_000,
      url,
    } = readCommandLine(
      'npm run bench storage',
      {
        records: { type: 'number', says: 'how many records others have in the store, 100000 by default' },
        expired: { type: 'number', says: 'how many expired records are swept, 500000 by default' },
        url: { type: 'text', says: 'an empty store; a SQLite file in a temporary folder by default' },
      },
      args,
    );
    const folder = await mkdtemp(join(tmpdir(), 'openticket-benchmark-'));
    try {
      await measure(url ?? `sqlite:${join(folder, 'store.sqlite')}`, records, expired);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

async function measure(url: string, records: number, expired: number): Promise<void> {
  console.log(`Writing ${records} records of others…`);
  await fillHistory(url, records);
  console.log(`\n${''.padEnd(34)}${'took'.padStart(12)}${'longest freeze'.padStart(18)}`);
  print('First start (builds indexes)', await timingOf(async () => (await openDesk(url)).close()));
  let desk: Awaited<ReturnType<typeof openDesk>> | undefined;
  const start = await timingOf(async () => {
    desk = await openDesk(url);
  });
  if (!desk) throw new Error('The store was not opened.');
  print('Start', start);
  await desk.livePerson();
  print('Export', await timingOf(desk.exportPerson));
  print('Unlink', await timingOf(desk.unlinkPerson));
  await desk.close();
  console.log(`\nWriting ${expired} records that expire…`);
  const sweep = await fillExpired(url, expired);
  print(`Sweep of ${expired}`, await timingOf(sweep.run));
  await sweep.close();
}

function print(what: string, { tookMs, longestFreezeMs }: Timing): void {
  const took = tookMs < 1000 ? `${tookMs.toFixed(0)} ms` : `${(tookMs / 1000).toFixed(1)} s`;
  console.log(`${what.padEnd(34)}${took.padStart(12)}${`${longestFreezeMs.toFixed(0)} ms`.padStart(18)}`);
}
