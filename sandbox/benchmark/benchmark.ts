/** What somebody can ask of every benchmark. */
export interface BenchmarkOptions {
  /** Fewer rounds: rougher figures in about a third of the time. */
  readonly quick: boolean;
}

/** One benchmark. Its figures depend on the machine, so nothing fails by them. */
export interface Benchmark {
  /** For people, in half a line. */
  readonly says: string;
  /** Measures, with its baselines in the same call. It may print what it is about to do. */
  run(options: BenchmarkOptions): Promise<readonly Table[]>;
}

export const UNITS = ['ms', 'µs', 's', 'MB', 'kB', '/s', '×', ''] as const;
export type Unit = (typeof UNITS)[number];

/** Figures that one looks at together. */
export interface Table {
  /** One word for the report. */
  readonly id: string;
  readonly title: string;
  /** What was measured beside each other, such as the bot and its baselines. */
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

export interface Column {
  readonly id: string;
  readonly name: string;
}

export interface Row {
  /** One word for the report. */
  readonly id: string;
  readonly name: string;
  readonly unit: Unit;
  /** By column. What was not measured is absent. */
  readonly values: Readonly<Record<string, number>>;
  /** The bot as a multiple of one of the other columns. */
  readonly ratio?: { readonly to: string; readonly value: number };
}
