import type { Row, Table } from '../benchmark.ts';
import type { Result } from '../results.ts';

/** @param path The benchmark, the table and the row: `ack ack-50 slash-p50`. @returns Undefined where it was not measured. */
export function findRow(results: readonly Result[], path: string): Row | undefined {
  const [benchmark, table, row] = path.split(' ');
  return findTable(results, `${benchmark} ${table}`)?.rows.find(({ id }) => id === row);
}

export function findTable(results: readonly Result[], path: string): Table | undefined {
  const [benchmark, table] = path.split(' ');
  return results.find((result) => result.benchmark === benchmark)?.tables.find(({ id }) => id === table);
}
