import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { type Grant, SlidingWindow, type Uses } from '../src/sliding-window.ts';
import { openStorage } from '../src/storage/open-storage.ts';

const HOUR_MS = 3_600_000;

async function createWindow(limit: number, windowMs = HOUR_MS) {
  const clock = { now: 1_800_000_000_000 };
  const now = () => clock.now;
  const storage = await openStorage({ url: 'sqlite::memory:', keys: [], now });
  onTestFinished(() => storage.close());
  const options = { limit, windowMs, now, digestKey: Buffer.alloc(32, 7) };
  return { clock, storage, options, window: new SlidingWindow(storage, 'test', options) };
}

test('as many uses as the limit are granted, and the next one when the oldest is an hour old', async () => {
  const { window, clock } = await createWindow(2);
  const first = clock.now;
  expect((await window.take('ada')).kind).toBe('granted');
  clock.now += 10;
  expect((await window.take('ada')).kind).toBe('granted');
  clock.now += 10;
  expect(await window.take('ada')).toEqual({ kind: 'limited', limit: 2, retryAt: first + HOUR_MS });
  clock.now = first + HOUR_MS - 1;
  expect((await window.take('ada')).kind).toBe('limited');
  clock.now = first + HOUR_MS;
  expect((await window.take('ada')).kind).toBe('granted');
});

test('one person does not use up what another has', async () => {
  const { window } = await createWindow(1);
  expect((await window.take('ada')).kind).toBe('granted');
  expect((await window.take('eve')).kind).toBe('granted');
  expect((await window.take('ada')).kind).toBe('limited');
});

test('of many uses at once exactly the limit is granted', async () => {
  const { window } = await createWindow(3);
  const answers = await Promise.all(Array.from({ length: 50 }, () => window.take('ada')));
  expect(answers.filter(({ kind }) => kind === 'granted')).toHaveLength(3);
});

test('a refused use does not make the wait longer', async () => {
  const { window, clock } = await createWindow(1);
  await window.take('ada');
  for (let minute = 1; minute < 60; minute += 1) {
    clock.now += 60_000;
    await window.take('ada');
  }
  clock.now += 60_000;
  expect((await window.take('ada')).kind).toBe('granted');
});

test('with a limit that was lowered, the wait is told as it is', async () => {
  const { window, clock, storage, options } = await createWindow(3);
  for (let uses = 0; uses < 3; uses += 1) {
    await window.take('ada');
    clock.now += 1000;
  }
  const stricter = new SlidingWindow(storage, 'test', { ...options, limit: 1 });
  const answer = await stricter.take('ada');
  expect(answer.kind).toBe('limited');
  clock.now = answer.kind === 'limited' ? answer.retryAt : 0;
  expect((await stricter.take('ada')).kind).toBe('granted');
});

test('a use that is given back twice, or after its record is gone, gives nothing away', async () => {
  const { window, clock } = await createWindow(2);
  const grant = (await window.take('ada')) as Grant;
  clock.now += 1;
  await window.take('ada');
  await window.giveBack(grant);
  await window.giveBack(grant);
  expect((await window.take('ada')).kind).toBe('granted');
  expect((await window.take('ada')).kind).toBe('limited');
  clock.now += 2 * HOUR_MS;
  await window.giveBack(grant);
  const answers = await Promise.all([window.take('ada'), window.take('ada'), window.take('ada')]);
  expect(answers.map(({ kind }) => kind)).toEqual(['granted', 'granted', 'limited']);
});

test('the record names nobody, holds times alone and is gone with its window', async () => {
  const { window, clock, storage } = await createWindow(2);
  await window.take('ada@example.org');
  const raw = storage.records('limit-test', z.array(z.number()));
  const stored = async () => {
    const rows: [string, number[]][] = [];
    for await (const row of raw.entries()) rows.push(row);
    return rows;
  };
  expect(await stored()).toEqual([[expect.stringMatching(/^[\w-]{43}$/), [clock.now]]]);
  clock.now += HOUR_MS;
  expect(await stored()).toEqual([]);
});

test('whatever happens in which order, no window has more uses than the limit, and a wait that is told is true', async () => {
  const act = fc.oneof(
    fc.record({ kind: fc.constant('take' as const), key: fc.constantFrom('ada', 'eve') }),
    fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 800 }) }),
    fc.record({ kind: fc.constant('give back' as const), which: fc.nat({ max: 5 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(act, { maxLength: 40 }), async (limit, acts) => {
      const { window, clock, storage } = await createWindow(limit, 1000);
      /** The uses that count, as a list that everybody can read. */
      let uses: Grant[] = [];
      const recent = (key: string) => uses.filter((use) => use.key === key && use.at > clock.now - 1000);
      for (const one of acts) {
        if (one.kind === 'pass') clock.now += one.ms;
        else if (one.kind === 'give back') {
          const grant = uses[one.which];
          if (grant) await window.giveBack(grant);
          uses = uses.filter((use) => use !== grant);
        } else {
          const before = recent(one.key);
          const answer = await window.take(one.key);
          expect(answer.kind).toBe(before.length < limit ? 'granted' : 'limited');
          if (answer.kind === 'granted') uses.push(answer);
          else expect(answer.retryAt).toBe((before.at(-limit)?.at ?? 0) + 1000);
        }
      }
      await storage.close();
    }),
    { numRuns: 60 },
  );
});

test.each([
  ['a day', 24 * HOUR_MS],
  ['years', 5 * 365 * 24 * HOUR_MS],
  ['ten minutes', 600_000],
])('uses that were taken while the clock was ahead by %s keep nobody waiting once it is right', async (_, aheadMs) => {
  const { window, clock } = await createWindow(2);
  clock.now += aheadMs;
  await window.take('ada');
  await window.take('ada');
  expect((await window.take('ada')).kind).toBe('limited');
  clock.now -= aheadMs;
  const first = clock.now;
  expect((await window.take('ada')).kind).toBe('granted');
  clock.now += 1;
  expect((await window.take('ada')).kind).toBe('granted');
  expect(await window.take('ada')).toEqual({ kind: 'limited', limit: 2, retryAt: first + HOUR_MS });
});

test('a clock that is set back by a little gives no more uses away', async () => {
  const { window, clock } = await createWindow(1);
  const first = clock.now;
  await window.take('ada');
  clock.now -= 30_000;
  expect(await window.take('ada')).toEqual({ kind: 'limited', limit: 1, retryAt: first + HOUR_MS });
});

test('a record of many uses stays small, and nobody waits longer than a minute for an hour that is over', async () => {
  const LIMIT = 100_000;
  const { window, clock } = await createWindow(LIMIT);
  let uses: Uses = [];
  const take = () => {
    const taken = window.withUse(uses, clock.now);
    if (taken.kind === 'taken' && typeof taken.change === 'object') uses = taken.change.save;
    return taken;
  };
  const first = clock.now;
  let taken = 0;
  while (taken < LIMIT && take().kind === 'taken') {
    taken += 1;
    clock.now = first + Math.floor((taken * 59 * 60_000) / LIMIT);
  }
  expect(taken).toBe(LIMIT);
  expect(uses.length).toBeLessThanOrEqual(61);
  const limited = take();
  expect(limited.kind).toBe('limited');
  const retryAt = limited.kind === 'limited' ? limited.retryAt : 0;
  expect(retryAt - (first + HOUR_MS)).toBeGreaterThanOrEqual(0);
  expect(retryAt - (first + HOUR_MS)).toBeLessThanOrEqual(60_000);
  clock.now = retryAt - 1;
  expect(take().kind).toBe('limited');
  clock.now = retryAt;
  expect(take().kind).toBe('taken');
});

test('of a great limit, too, no window has more uses, a wait that is told is true, and what is given back is free', async () => {
  const act = fc.oneof(
    fc.record({ kind: fc.constant('take' as const), times: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 20_000 }) }),
    fc.record({ kind: fc.constant('give back' as const), which: fc.nat({ max: 50 }) }),
  );
  const WINDOW_MS = 60_000;
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
      const { window, clock, storage } = await createWindow(70, WINDOW_MS);
      let granted: Grant[] = [];
      const within = (ms: number) => granted.filter(({ at }) => at > clock.now - ms);
      for (const one of acts) {
        if (one.kind === 'pass') clock.now += one.ms;
        else if (one.kind === 'give back') {
          const grant = within(WINDOW_MS)[one.which];
          if (grant) await window.giveBack(grant);
          granted = granted.filter((other) => other !== grant);
        } else {
          for (let time = 0; time < one.times; time += 1) {
            const answer = await window.take('ada');
            if (answer.kind === 'granted') granted.push(answer);
            expect(within(WINDOW_MS).length).toBeLessThanOrEqual(70);
            // A sixtieth of the window is what may count for too long.
            if (answer.kind === 'limited') expect(within(WINDOW_MS + 1000).length).toBeGreaterThanOrEqual(70);
          }
        }
      }
      const last = await window.take('ada');
      if (last.kind === 'limited') {
        clock.now = last.retryAt;
        expect((await window.take('ada')).kind).toBe('granted');
      }
      await storage.close();
    }),
    { numRuns: 40 },
  );
});
