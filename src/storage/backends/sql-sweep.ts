import { CLOCK_TOLERANCE_MS } from '../clock-ahead.ts';
import type { SqlDriver } from './sql-driver.ts';
import { SLICE_SIZE } from './sql-texts.ts';

/**
 * Deletes what has expired, in slices. What was written while the clock was ahead, and would live for as long as that was, gets
 * the longest life of its kind.
 * @param longestLives Milliseconds, for each namespace.
 */
export async function sweepTable(
  driver: SqlDriver,
  longestLives: ReadonlyMap<string, number>,
  now: () => number,
): Promise<void> {
  await shortenLives(driver, longestLives, now());
  const { table, row, isOneOf, keepFreeRows } = driver.dialect;
  const at = now();
  const slice = `SELECT ${row} FROM ${table} WHERE expires <= ? ORDER BY expires LIMIT ${SLICE_SIZE} ${keepFreeRows}`;
  // The second condition: a record that was written again meanwhile has another expiry, and stays.
  const sql = `DELETE FROM ${table} WHERE ${isOneOf(row, slice)} AND expires <= ? RETURNING 1`;
  while ((await driver.write({ sql, values: [at, at] })).length === SLICE_SIZE);
}

async function shortenLives(driver: SqlDriver, longestLives: ReadonlyMap<string, number>, now: number): Promise<void> {
  const { table, tableByExpiry, row, isOneOf, keepFreeRows } = driver.dialect;
  if (longestLives.size === 0) return;
  const latest = now + Math.max(...longestLives.values()) + CLOCK_TOLERANCE_MS;
  const later = await driver.read({ sql: `SELECT 1 FROM ${table} WHERE expires > ? LIMIT 1`, values: [latest] });
  if (later.length === 0) return;
  // By the index of expiries: nothing is looked at that expires when it may.
  const slice = `SELECT ${row} FROM ${tableByExpiry} WHERE namespace = ? AND expires > ? LIMIT ${SLICE_SIZE} ${keepFreeRows}`;
  const sql = `UPDATE ${table} SET expires = ? WHERE ${isOneOf(row, slice)} AND expires > ? RETURNING 1`;
  for (const [namespace, longestMs] of longestLives) {
    const statement = { sql, values: [now + longestMs, namespace, latest, latest] };
    while ((await driver.write(statement)).length === SLICE_SIZE);
  }
}
