import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AIMS, aimRows } from '../../sandbox/benchmark/report/aims.ts';
import { drawBars } from '../../sandbox/benchmark/report/bar-plot.ts';
import { limitRows } from '../../sandbox/benchmark/report/limits.ts';
import { drawLines } from '../../sandbox/benchmark/report/line-plot.ts';
import { writePage } from '../../sandbox/benchmark/report/page.ts';
import { plotsOf } from '../../sandbox/benchmark/report/plots.ts';
import { type Result, readResults } from '../../sandbox/benchmark/results.ts';

const results = readResults(20);

test('docs/performance.md says what was measured: npm run bench:report writes it', () => {
  expect(readFileSync('docs/performance.md', 'utf8')).toBe(writePage(results, readResults(24)));
});

test('its plots show what was measured', () => {
  const plots = plotsOf(results);
  expect(plots.length).toBeGreaterThan(0);
  for (const { name, draw } of plots) {
    for (const theme of ['light', 'dark'] as const) {
      const file = `docs/images/${name}-${theme}.svg`;
      expect(existsSync(file) && readFileSync(file, 'utf8'), file).toBe(draw(theme));
    }
  }
});

/** A result with one figure changed. */
function withTicketCpu(bot: number, ratio: number): Result[] {
  const values = { raw: 1, soap: 3, bot };
  const row = { id: 'cpu', name: 'CPU time', unit: 'ms' as const, values, ratio: { to: 'soap', value: ratio } };
  const columns = [
    { id: 'raw', name: 'raw' },
    { id: 'soap', name: 'bare' },
    { id: 'bot', name: 'the bot' },
  ];
  return [
    {
      benchmark: 'ticket',
      quick: false,
      measuredAt: '2026-11-27T12:00Z',
      seconds: 30,
      versions: { bot: '1.0.0', node: 'v20.0.0', 'discord.js': '14.0.0', soap: '1.0.0' },
      machine: { cpu: 'some CPU', cores: 2, waitingBefore: 1, waitingMeanwhile: 50, diskSyncMs: 0.5 },
      tables: [{ id: 'ticket', title: 'One ticket', columns, rows: [row] }],
    },
  ];
}

test('an aim is reached or missed by its figures, and says when nothing was measured', () => {
  const ofTickets = (found: Result[]) => aimRows(found, []).find(([work]) => work?.startsWith('one ticket, CPU'));
  expect(ofTickets(withTicketCpu(3.6, 1.2))).toEqual([
    'one ticket, CPU (slash command and form)',
    '1 ms',
    '3 ms',
    '7.6 ms (2.25×)',
    '3.6 ms (1.20×)',
    '≤ 1.3×',
    'reached',
    'not measured',
    '',
  ]);
  expect(ofTickets(withTicketCpu(6, 2))?.[6]).toBe('**missed**');
  expect(ofTickets([])?.slice(4, 7)).toEqual(['not measured', '≤ 1.3×', '']);
  const onNewer = aimRows(withTicketCpu(6, 2), withTicketCpu(3.6, 1.2)).find(([work]) =>
    work?.startsWith('one ticket, CPU'),
  );
  expect(onNewer?.slice(6)).toEqual(['**missed**', '3.6 ms (1.20×)', 'reached']);
});

test('no aim is reached by figures that are missing', () => {
  const nothing = { of: () => Number.NaN, ratio: () => Number.NaN, syncMs: Number.NaN };
  expect(AIMS.filter(({ isReached }) => isReached(nothing))).toEqual([]);
});

test('the page says how busy the machine was, and with what it was measured', () => {
  const page = writePage(withTicketCpu(3.6, 1.2), []);
  expect(page).toContain(
    '| ticket | 2026-11-27 12:00 UTC, 2 × some CPU | 30 s | 1 % | 50 % | 0.50 ms | 1.0.0, Node 20.0.0',
  );
});

test('a limit of a library is told by what was measured of it', () => {
  const rows = limitRows(withTicketCpu(3.6, 1.2));
  expect(rows.find(([limit]) => limit === 'CPU of a ticket')?.[2]).toBe('3 ms instead of 1 ms');
  expect(rows.find(([limit]) => limit === 'Starting')?.[2]).toBe('not measured instead of not measured');
  const columns = rows.map((cells) => cells.length);
  expect(new Set(columns)).toEqual(new Set([4]));
});

test('a bar is as long as its figure', () => {
  const values = { soap: { value: 10 }, bot: { value: 5, until: 20 } };
  const series = [
    { id: 'soap', name: 'a <bare> bot' },
    { id: 'bot', name: 'the bot' },
  ];
  const drawn = drawBars({ title: 'Waiting', groups: [{ name: 'form', unit: 'ms', values }], series }, 'dark');
  const widths = [...drawn.matchAll(/<rect x="190" .*?width="([\d.]+)"/g)].map(([, width]) => Number(width));
  expect(widths).toEqual([210, 420, 105]);
  expect(drawn).toContain('5 ms … 20 ms');
  expect(drawn).toContain('a &lt;bare> bot');
});

test('a line that does not grow is flat', () => {
  const points = [
    [1000, 40],
    [100_000, 40],
  ] as const;
  const lines = [{ id: 'bot', name: 'the bot', points }];
  const drawn = drawLines({ title: 'Look-ups', along: 'records', unit: 'µs', isLogarithmic: true, lines }, 'light');
  const [, from, to] = /<path d="M[\d.]+ ([\d.]+)L[\d.]+ ([\d.]+)"/.exec(drawn) ?? [];
  expect(from).toBe(to);
  expect(drawn).toContain('100,000');
});
