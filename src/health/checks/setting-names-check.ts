import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { SETTINGS } from '../../config.ts';
import { type Check, ok, warn } from '../check.ts';

/** Letters by which a name of the environment may differ from a setting and is still taken for a mistyped one. */
const MAX_MISTYPED = 2;
/** Names in the file that are for Node.js or the shell, and not for the bot. */
const FOR_OTHERS = /^(NODE_|NPM_|npm_|TZ$|LANG$|LC_|NO_COLOR$|FORCE_COLOR$|PATH$)/;

export interface SettingNamesOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The file of settings in the folder of the bot; it need not be there. */
  readonly envFile: string;
}

/**
 * Looks for names that the bot does not know: a mistyped one is no error for it, and its default holds in silence. All names in
 * the file count; of the environment, which has many of other programs, only those that are nearly a setting.
 */
export function settingNamesCheck({ env, envFile }: SettingNamesOptions): Check {
  return {
    name: 'Setting names',
    lookedAt: `${envFile} and the environment`,
    async run() {
      const inFile = namesIn(envFile).filter((name) => !SETTINGS.includes(name) && !FOR_OTHERS.test(name));
      const inEnvironment = Object.keys(env).filter(
        (name) => !SETTINGS.includes(name) && nearestTo(name, MAX_MISTYPED),
      );
      const unknown = [...new Set([...inFile, ...inEnvironment])].sort();
      if (unknown.length === 0) return ok('The bot knows every name.');
      return warn(
        `The bot does not know ${unknown.join(', ')}, and goes on as if that were not there.`,
        unknown.map(remedyFor).join(' '),
      );
    },
  };
}

function remedyFor(name: string): string {
  const nearest = nearestTo(name, Math.max(MAX_MISTYPED, Math.floor(name.length / 3)));
  return nearest
    ? `Write ${nearest} instead of ${name}.`
    : `Take ${name} away: .env.example has the names of all settings.`;
}

function namesIn(envFile: string): string[] {
  try {
    return Object.keys(parseEnv(readFileSync(envFile, 'utf8')));
  } catch {
    // No file, or one that this user may not read: then Node.js has not read it, either.
    return [];
  }
}

/** @returns The setting that takes the fewest changes of letters, if they are few enough. */
function nearestTo(name: string, atMost: number): string | undefined {
  const written = name.toUpperCase().replaceAll('-', '_');
  const [nearest] = SETTINGS.map((setting) => ({ setting, changes: changesBetween(written, setting) }))
    .filter(({ changes }) => changes <= atMost)
    .sort((one, other) => one.changes - other.changes);
  return nearest?.setting;
}

/** Letters to put in, leave out, change or swap with their neighbour, to make one word of another. */
function changesBetween(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? 0;
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    rows.push(current);
    for (let column = 1; column <= to.length; column += 1) {
      const changed = at(row - 1, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const swapped = isSwap ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY;
      current.push(Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, changed, swapped));
    }
  }
  return at(from.length, to.length);
}
