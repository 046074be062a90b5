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

/** Results by the Node that ran them, with the bot and all that it is measured beside. Every other one is rather alike. */
export type NodeMajor = 20 | 24;

const folderOf = (major: string | number) => new URL(`../../bench/results/node-${major}/`, import.meta.url);

/** Figures are kept with four digits: more would say nothing. */
export function writeResult(result: Omit<Result, 'tables'> & { readonly tables: readonly Table[] }): void {
  const short = (_: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
  const folder = folderOf(result.versions.node.slice(1).split('.')[0] ?? '');
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(`${result.benchmark}.json`, folder), `${JSON.stringify(result, short, 2)}\n`);
}

/** @returns What has been measured, in the order of the names. */
export function readResults(major: NodeMajor): Result[] {
  const folder = folderOf(major);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => resultSchema.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))));
}
