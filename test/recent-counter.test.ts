import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { RecentCounter } from '../src/recent-counter.ts';
import { ManualClock } from './support/manual-clock.ts';

const HOUR_MS = 3_600_000;

function createCounter() {
  const clock = new ManualClock(() => 1_800_000_000_000);
  const registry = new Registry();
  const counter = new RecentCounter({ name: 'told', help: 'Told.', label: 'outcome', registers: [registry] }, clock);
  const recent = () => Object.fromEntries(counter.recent().counts);
  return { clock, registry, counter, recent };
}

test('what was counted a day ago is forgotten, to a quarter of an hour, and the metric goes on', async () => {
  const { clock, registry, counter, recent } = createCounter();
  counter.inc({ outcome: 'opened' });
  counter.inc({ outcome: 'opened' });
  clock.pass(12 * HOUR_MS);
  counter.inc({ outcome: 'refused' });
  clock.pass(11.75 * HOUR_MS - 1);
  expect(recent()).toEqual({ opened: 2, refused: 1 });
  clock.pass(0.25 * HOUR_MS + 1);
  expect(recent()).toEqual({ refused: 1 });
  clock.pass(12 * HOUR_MS);
  expect(recent()).toEqual({});
  expect(await registry.metrics()).toContain('told{outcome="opened"} 2');
});

test('it says since when it has counted: since its start, and a day at most', () => {
  const { clock, counter } = createCounter();
  expect(counter.recent()).toMatchObject({ since: clock.now(), isWholeDay: false });
  clock.pass(3 * HOUR_MS);
  expect(counter.recent()).toMatchObject({ since: clock.now() - 3 * HOUR_MS, isWholeDay: false });
  clock.pass(30 * HOUR_MS);
  expect(counter.recent()).toMatchObject({ since: clock.now() - 24 * HOUR_MS, isWholeDay: true });
});
