import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillExpired, fillHistory, openDesk } from '../bot/filled-store.ts';
import { openTimedStore } from '../bot/timed-store.ts';
import type { Benchmark, Row } from './benchmark.ts';
import { type Timing, timingOf } from './longest-freeze.ts';

/** Shows for how long the bot serves nobody while it works with a store in which much has been written. */
export const freezeBenchmark: Benchmark = {
  says: 'the longest stop of the event loop in start, Export, Unlink, a walk and the sweep of a large store',
  async run({ quick }) {
    const [records, expired] = quick ? [20_000, 50_000] : [100_000, 300_000];
    const folder = await mkdtemp(join(tmpdir(), 'openticket-benchmark-'));
    try {
      const url = `sqlite:${join(folder, 'store.sqlite')}`;
      console.log(`Writing ${records} records of others…`);
      await fillHistory(url, records);
      const rows = [
        row('first-start', 'first start (builds indexes)', await timingOf(async () => (await openDesk(url)).close())),
      ];
      let desk: Awaited<ReturnType<typeof openDesk>> | undefined;
      const start = await timingOf(async () => {
        desk = await openDesk(url);
      });
      if (!desk) throw new Error('The store was not opened.');
      rows.push(row('start', 'start', start));
      await desk.livePerson();
      rows.push(row('export', 'Export', await timingOf(desk.exportPerson)));
      rows.push(row('unlink', 'Unlink', await timingOf(desk.unlinkPerson)));
      await desk.close();
      const store = await openTimedStore(url);
      rows.push(row('walk', 'a walk through all of them', await timingOf(store.walkPeople)));
      await store.close();
      console.log(`Writing ${expired} records that expire…`);
      const sweep = await fillExpired(url, expired);
      rows.push(row('sweep', `sweep of ${expired.toLocaleString('en')}`, await timingOf(sweep.run)));
      await sweep.close();
      const columns = [
        { id: 'took', name: 'took' },
        { id: 'freeze', name: 'longest stop' },
      ];
      const title = `The bot's own parts over a SQLite file with the tickets of ${records.toLocaleString('en')} people`;
      return [{ id: 'freeze', title, columns, rows }];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

function row(id: string, name: string, { tookMs, longestFreezeMs }: Timing): Row {
  return { id, name, unit: 'ms', values: { took: tookMs, freeze: longestFreezeMs } };
}
