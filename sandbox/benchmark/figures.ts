import type { Row, Table, Unit } from './benchmark.ts';

/** The middle of some measurements; of an even number the mean of both in the middle. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

/** The least measurement that so large a share of them does not exceed. NaN for none. @param share 0.99 for p99. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** The bot as a multiple of a baseline: the median over turns that followed upon each other on the same machine. */
export function medianRatio(bot: readonly number[], baseline: readonly number[]): number {
  return median(bot.flatMap((value, turn) => (baseline[turn] === undefined ? [] : value / baseline[turn])));
}

/** A figure with as many decimals as it is worth: 0.62, 8.4, 212. */
export function rounded(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return value.toFixed(value < 1 ? 2 : value < 100 ? 1 : 0);
}

/** A figure with its unit: "0.62 ms", "763/s", "1.34×". */
export function withUnit(value: number, unit: Unit): string {
  if (unit === '×') return `${value.toFixed(2)}×`;
  const number = Math.abs(value) >= 10_000 ? Math.round(value).toLocaleString('en') : rounded(value);
  return unit === '' || unit === '/s' ? `${number}${unit}` : `${number} ${unit}`;
}

/** A table without what is no number: nothing was measured there. */
export function withoutGaps(table: Table): Table {
  const rows = table.rows.map(({ ratio, values, ...row }) => ({
    ...row,
    values: Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value))),
    ...(ratio && Number.isFinite(ratio.value) && { ratio }),
  }));
  return { ...table, rows };
}

/** A table as text: a line of heads, then one for each row. The last column tells the ratios, where there are any. */
export function cellsOf({ columns, rows }: Table): string[][] {
  const hasRatio = rows.some(({ ratio }) => ratio !== undefined);
  const nameOf = (id: string) => columns.find((column) => column.id === id)?.name ?? id;
  const ratioOf = ({ ratio }: Row) => (ratio ? `${withUnit(ratio.value, '×')} of ${nameOf(ratio.to)}` : '');
  return [
    ['', ...columns.map(({ name }) => name), ...(hasRatio ? ['the bot is'] : [])],
    ...rows.map((row) => [
      row.name,
      ...columns.map(({ id }) => {
        const value = row.values[id];
        return value === undefined ? '–' : withUnit(value, row.unit);
      }),
      ...(hasRatio ? [ratioOf(row)] : []),
    ]),
  ];
}

/** Prints rows in columns; the first is a name, and the others stand to the right. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart((widths[column] ?? 0) + 3),
    );
    console.log(cells.join('').trimEnd());
  }
}
