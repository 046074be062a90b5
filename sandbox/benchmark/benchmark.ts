/** One benchmark: it prints its figures. They depend on the machine, so nothing fails by them. */
export interface Benchmark {
  /** For people, in half a line. */
  readonly says: string;
  /** @param args What stands behind its name on the command line. */
  run(args: readonly string[]): Promise<void>;
}
