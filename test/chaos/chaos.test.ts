import { describe, expect, test } from 'vitest';
import { runChaos } from '../../sandbox/chaos/chaos.ts';
import { missingFor, type StoreKind } from '../../sandbox/chaos/chaos-store.ts';

const RUNS: readonly { store: StoreKind; processes: number; seed: string }[] = [
  { store: 'sqlite', processes: 1, seed: 'in the tests' },
  { store: 'redis', processes: 2, seed: 'in the tests on redis' },
  { store: 'postgres', processes: 2, seed: 'in the tests on postgres' },
];

describe.each(RUNS)('$processes on $store', ({ store, processes, seed }) => {
  const missing = missingFor(store);
  test.skipIf(missing !== undefined)(
    `no text is lost, doubled or left undelivered while bots and all around them die again and again ${missing ?? ''}`,
    { timeout: 180_000 },
    async () => {
      const result = await runChaos({ seed, kills: 12, people: 4, store, processes });
      expect(result).toMatchObject({
        duplicates: [],
        lost: [],
        undelivered: [],
        stories: [],
        news: { lost: [], toldTwice: [] },
        faults: { kills: 12, badEnds: [] },
      });
      expect(result.texts).toBeGreaterThan(10);
      expect(result.tickets).toBeGreaterThan(0);
      // What so few people do is chance, but they do something of it.
      expect(result.answers + result.news.changes + result.whenBack.asked).toBeGreaterThan(0);
    },
  );
});
