import type { Row } from '../benchmark.ts';
import { withUnit } from '../figures.ts';
import type { Result } from '../results.ts';
import { type BarGroup, type BarPlot, drawBars } from './bar-plot.ts';
import { findRow, findTable } from './find.ts';
import { drawLines, type LinePlot } from './line-plot.ts';
import type { Theme } from './svg.ts';

/** One picture of the page. */
export interface Plot {
  /** Its files are docs/images/NAME-light.svg and NAME-dark.svg. */
  readonly name: string;
  /** What it shows, for who cannot see it. */
  readonly alt: string;
  draw(theme: Theme): string;
}

const SERIES = [
  { id: 'raw', name: 'raw ws + node:http' },
  { id: 'discord', name: 'discord.js' },
  { id: 'soap', name: 'discord.js + soap' },
  { id: 'bot', name: 'the bot' },
] as const;

/** Every plot of which something was measured. */
export function plotsOf(results: readonly Result[]): Plot[] {
  const waits = (rate: number): BarGroup[] =>
    (['slash', 'deferral', 'final'] as const).flatMap((wait) => {
      const [half, most] = [50, 99].map((share) => findRow(results, `ack ack-${rate} ${wait}-p${share}`));
      return half ? [group(half.name.replace(', p50', ''), half, most)] : [];
    });
  const bars = (name: string, title: string, groups: readonly BarGroup[]) =>
    barPlot(name, { title, groups, series: SERIES });
  const named = (path: string, name: string): BarGroup[] => {
    const row = findRow(results, path);
    return row ? [group(name, row)] : [];
  };
  return [
    ...bars('waiting-50', 'What people wait for at 50 tickets a second: p50, paler until p99', waits(50)),
    ...bars('waiting-200', 'What people wait for at 200 tickets a second: p50, paler until p99', waits(200)),
    ...bars('cost', 'What a bot needs', [
      ...named('ticket ticket cpu', 'CPU for a ticket'),
      ...named('start start ready', 'start until READY'),
      ...named('start idle memory-5', 'memory after 5 s'),
      ...named('install install size', 'installed'),
    ]),
    ...bars('helpdesk', 'Calls of the helpdesk', [
      ...named('soap soap cpu-1', 'CPU for a call'),
      ...named('soap soap rate-8', '8 calls at once'),
      ...named('soap soap rate-64', '64 calls at once'),
    ]),
    ...linePlot(results, 'grow people', 'grow-people', {
      title: 'The heap after so many people',
      along: 'people who have typed the slash command',
      unit: 'MB',
      isLogarithmic: false,
    }),
    ...linePlot(results, 'grow look-ups', 'grow-look-ups', {
      title: 'A look-up in a store with so many records',
      along: 'records in the store',
      unit: 'µs',
      isLogarithmic: true,
    }),
  ];
}

function group(name: string, row: Row, until?: Row): BarGroup {
  const entries = Object.entries(row.values).map(([id, value]) => {
    const most = until?.values[id];
    return [id, { value, ...(most !== undefined && { until: most }) }] as const;
  });
  return { name, unit: row.unit, values: Object.fromEntries(entries) };
}

function barPlot(name: string, plot: BarPlot): Plot[] {
  if (plot.groups.length === 0) return [];
  const told = plot.groups.map(({ name: what, unit, values }) => {
    const figures = plot.series.flatMap(({ id, name: who }) => {
      const found = values[id];
      return found ? [`${who} ${withUnit(found.value, unit)}`] : [];
    });
    return `${what}: ${figures.join(', ')}`;
  });
  return [{ name, alt: `${plot.title}. ${told.join('; ')}.`, draw: (theme) => drawBars(plot, theme) }];
}

/** A table whose rows are named by the number along the line. */
function linePlot(results: readonly Result[], path: string, name: string, plot: Omit<LinePlot, 'lines'>): Plot[] {
  const table = findTable(results, path);
  if (!table) return [];
  const rows = table.rows.filter(({ id }) => /^\d+$/.test(id));
  const lines = table.columns.map(({ id, name: who }) => ({
    id,
    name: who.replaceAll('`', ''),
    points: rows.flatMap((row) => (row.values[id] === undefined ? [] : [[Number(row.id), row.values[id]] as const])),
  }));
  const told = lines.map(({ name: who, points }) => {
    const [first, last] = [points[0]?.[1] ?? Number.NaN, points.at(-1)?.[1] ?? Number.NaN];
    return `${who}: from ${withUnit(first, plot.unit)} to ${withUnit(last, plot.unit)}`;
  });
  return [{ name, alt: `${plot.title}. ${told.join('; ')}.`, draw: (theme) => drawLines({ ...plot, lines }, theme) }];
}
