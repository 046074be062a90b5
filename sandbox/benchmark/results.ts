import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { type Table, UNITS } from './benchmark.ts';

const table = z.object({
  id: z.string(),
  title: z.string(),
  columns: z.array(z.object({ id: z.string(), name: z.string() })),
  rows: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      unit: z.enum(UNITS),
      values: z.record(z.string(), z.number()),
      ratio: z.object({ to: z.string(), value: z.number() }).exactOptional(),
    }),
  ),
});

const resultSchema = z.object({
  benchmark: z.string(),
  quick: z.boolean(),
  /** ISO 8601, to the minute. */
  measuredAt: z.string(),
  seconds: z.number(),
  versions: z.object({
    bot: z.string(),
    commit: z.string().optional(),
    node: z.string(),
    'discord.js': z.string(),
    soap: z.string(),
  }),
  machine: z.object({
    cpu: z.string(),
    cores: z.number(),
    waitingBefore: z.number().optional(),
    waitingMeanwhile: z.number().optional(),
    diskSyncMs: z.number(),
  }),
  tables: z.array(table),
});

/** One run of one benchmark, as it is kept in bench/results/. */
export type Result = z.infer<typeof resultSchema>;

export const RESULTS_FOLDER = new URL('../../bench/results/', import.meta.url);

/** Figures are kept with four digits: more would say nothing. */
export function writeResult(result: Omit<Result, 'tables'> & { readonly tables: readonly Table[] }): void {
  const short = (_: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
  mkdirSync(RESULTS_FOLDER, { recursive: true });
  writeFileSync(new URL(`${result.benchmark}.json`, RESULTS_FOLDER), `${JSON.stringify(result, short, 2)}\n`);
}

/** @returns What has been measured, in the order of the names. */
export function readResults(): Result[] {
  return readdirSync(RESULTS_FOLDER)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => resultSchema.parse(JSON.parse(readFileSync(new URL(name, RESULTS_FOLDER), 'utf8'))));
}
