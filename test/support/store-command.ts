import { runStoreCommand } from '../../src/cli/store-command.ts';
import type { Clock } from '../../src/clock.ts';

export interface StoreCommandResult {
  readonly code: number;
  /** Everything that it printed. */
  readonly said: string;
}

/** Runs `npm run store -- …` in this process. */
export async function runStore(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  clock?: Clock,
): Promise<StoreCommandResult> {
  const lines: string[] = [];
  const code = await runStoreCommand(args, env, { write: (line) => lines.push(line), ...(clock && { clock }) });
  return { code, said: lines.join('\n') };
}
