import { expect, test } from 'vitest';
import type { Table } from '../../sandbox/benchmark/benchmark.ts';
import { cellsOf, median, medianRatio, percentile, withoutGaps, withUnit } from '../../sandbox/benchmark/figures.ts';

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[7], 7],
  [[], Number.NaN],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toEqual(expected);
});

test.each([
  [0.5, 50],
  [0.99, 99],
  [0.991, 100],
  [1, 100],
  [0, 1],
])('of 1 to 100, a share of %d does not exceed %d', (share, expected) => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentile(values, share)).toBe(expected);
});

test('a percentile of nothing is no number', () => {
  expect(percentile([], 0.5)).toBeNaN();
});

test('a multiple compares turns that followed upon each other, not the medians of all', () => {
  // The machine became ten times slower in the middle: each turn still shows twice as much.
  expect(medianRatio([2, 20, 200], [1, 10, 100])).toBe(2);
  expect(medianRatio([2, 20, 6], [1, 10])).toBe(2);
});

test.each([
  [0.617, 'ms', '0.62 ms'],
  [8.44, 'ms', '8.4 ms'],
  [212.4, 'MB', '212 MB'],
  [763, '/s', '763/s'],
  [99_000, '', '99,000'],
  [1.337, '×', '1.34×'],
] as const)('%d %s is written %s', (value, unit, expected) => {
  expect(withUnit(value, unit)).toBe(expected);
});

test('a table tells what was not measured, and of what the bot is a multiple', () => {
  const table: Table = {
    id: 'one',
    title: 'One',
    columns: [
      { id: 'soap', name: 'bare' },
      { id: 'bot', name: 'the bot' },
    ],
    rows: [
      { id: 'a', name: 'CPU', unit: 'ms', values: { soap: 2, bot: 3 }, ratio: { to: 'soap', value: 1.5 } },
      { id: 'b', name: 'commits', unit: '', values: { bot: 4 } },
    ],
  };
  expect(cellsOf(table)).toEqual([
    ['', 'bare', 'the bot', 'the bot is'],
    ['CPU', '2 ms', '3 ms', '1.50× of bare'],
    ['commits', '–', '4', ''],
  ]);
});

test('what was not measured is kept as absent, not as a number that is none', () => {
  const row = { id: 'a', name: 'CPU', unit: 'ms' as const };
  const table: Table = {
    id: 'one',
    title: 'One',
    columns: [{ id: 'bot', name: 'the bot' }],
    rows: [{ ...row, values: { soap: Number.NaN, bot: 3 }, ratio: { to: 'soap', value: Number.NaN } }],
  };
  expect(withoutGaps(table).rows).toEqual([{ ...row, values: { bot: 3 } }]);
});
