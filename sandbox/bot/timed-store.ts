import { z } from 'zod';
import { AccountLinks } from '../../src/accounts/account-links.ts';
import { SlidingWindow, type Uses } from '../../src/sliding-window.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { personRecord } from '../../src/tickets/lifecycle/person-record.ts';
import { linkedPerson, personWithTickets } from './store-of-tickets.ts';

const HOUR_MS = 3_600_000;
const RECORD = z.object({ text: z.string() });
/** As long as the text of a ticket. */
const TEXT = 'Since this morning I cannot reach it. '.repeat(14);

/** A store whose single steps are timed, with the bot's own classes above it. @param keys STORAGE_KEY. */
export async function openTimedStore(url: string, keys: readonly Buffer[] = []) {
  const storage = await openStorage({ url, keys });
  const links = new AccountLinks(storage, { verification: 'none', now: Date.now });
  const people = storage.records('people', personRecord);
  const records = storage.records('benchmark', RECORD);
  let written = 0;

  /** Microseconds of each. */
  async function times(count: number, run: (index: number) => Promise<unknown>): Promise<number[]> {
    const took: number[] = [];
    for (let index = 0; index < count; index += 1) {
      const startedAt = performance.now();
      await run(index);
      took.push((performance.now() - startedAt) * 1000);
    }
    return took;
  }
  /** Spread over everybody, and the same ones each time. */
  const anybody = (among: number, index: number) => (index * 7919) % among;
  const change = () => {
    written += 1;
    const refs = [records.at(`a${written % 1000}`), records.at(`b${written % 1000}`)] as const;
    return storage.change(refs, ([before]) => ({
      changes: [
        { save: { text: TEXT }, ttlMs: HOUR_MS },
        { save: { text: before?.text ?? TEXT }, ttlMs: HOUR_MS },
      ],
      result: undefined,
    }));
  };

  return {
    findLinks: (among: number, count: number) =>
      times(count, async (index) => {
        if (!(await links.find(linkedPerson(anybody(among, index))))) throw new Error('A link was not found.');
      }),
    findPeople: (among: number, count: number) =>
      times(count, async (index) => {
        if (!(await people.find(personWithTickets(anybody(among, index))))) throw new Error('A person was not found.');
      }),
    /** Reads every person's record, as whatever looks for something among all of them does. @returns How many there were. */
    async walkPeople(): Promise<number> {
      let count = 0;
      for await (const _ of people.entries()) count += 1;
      return count;
    },
    /** Milliseconds for one use more of a limit that has so many. */
    async takeUses(uses: number, count: number): Promise<number[]> {
      const options = { limit: 100_000, windowMs: HOUR_MS, now: Date.now, digestKey: Buffer.alloc(32, 7) };
      const window = new SlidingWindow(storage, `benchmark-${uses}`, options);
      // Over most of the window, as they come: the bot has counted them itself.
      const from = Date.now() - 0.9 * HOUR_MS;
      let taken: Uses = [];
      for (let index = 0; index < uses; index += 1) {
        const use = window.withUse(taken, from + (index / uses) * 0.9 * HOUR_MS);
        if (use.kind === 'taken' && use.change && use.change !== 'remove') taken = use.change.save;
      }
      await storage.change([window.at('server')], () => ({
        changes: [{ save: taken, ttlMs: HOUR_MS }],
        result: undefined,
      }));
      const took = await times(count, async () => {
        if ((await window.take('server')).kind !== 'granted') throw new Error('The limit was reached.');
      });
      return took.map((microseconds) => microseconds / 1000);
    },
    /** Two records read and written in one durable commit, one after the other. */
    changes: (count: number) => times(count, change),
    finds: (count: number) => times(count, (index) => records.find(`a${index % 1000}`)),
    change,
    close: () => storage.close(),
  };
}
