import { type Clock, systemClock } from '../clock.ts';
import { ConfigError } from '../config.ts';
import { explainEnvFile } from '../env-file.ts';
import { codeOf } from '../storage/backends/server-failure.ts';
import { StorageError } from '../storage/record-store.ts';
import { backUp, check, copy, rekey, restore, type StoreCommand } from './store-commands.ts';

/** What every command has. */
export interface StoreTools {
  /** Prints one line. */
  readonly write: (line: string) => void;
  readonly clock?: Clock;
}

/** 0: done. 1: not done, or something is wrong in the store. 2: the command line cannot be read. */
type ExitCode = 0 | 1 | 2;

const USAGE = `Works on the records of the bot. STORAGE_URL and STORAGE_KEY say where and with which keys.

  npm run store -- backup FILE      writes every record into a new file; the bot may run
  npm run store -- restore FILE     puts the records of such a file into an empty store; the bot must be stopped
  npm run store -- copy FROM TO     copies every record into another, empty store: two addresses as in STORAGE_URL, or the
                                    names of two environment variables that hold them; stop the bot for a move
  npm run store -- rekey            encrypts with the first key of STORAGE_KEY what is not; the bot may run on Redis and PostgreSQL
  npm run store -- check            reads every record and counts what cannot be read; the bot may run

  --replace    with restore and copy: removes the records that are there first`;

interface CommandForm {
  readonly run: StoreCommand;
  /** What is to stand behind its name. */
  readonly operands: readonly string[];
  /** Whether it takes `--replace`. */
  readonly canReplace?: boolean;
}

const COMMANDS: Readonly<Record<string, CommandForm>> = {
  backup: { run: backUp, operands: ['FILE'] },
  restore: { run: restore, operands: ['FILE'], canReplace: true },
  copy: { run: copy, operands: ['FROM', 'TO'], canReplace: true },
  rekey: { run: rekey, operands: [] },
  check: { run: check, operands: [] },
};

/** Runs `npm run store -- …`. @param args What follows the name of the program. */
export async function runStoreCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  { write, clock = systemClock }: StoreTools,
): Promise<ExitCode> {
  const [name = '', ...rest] = args;
  if (args.includes('--help') || args.includes('-h') || name === 'help') {
    write(USAGE);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const operands = rest.filter((arg) => arg !== '--replace');
  const replaces = operands.length < rest.length;
  const wrong = command ? wrongIn(name, command, operands, replaces) : wrongName(name);
  if (command === undefined || wrong !== undefined) {
    write(`${wrong}\n\n${USAGE}`);
    return 2;
  }
  try {
    return (await command.run({ operands, replaces, env, write, clock })) ? 0 : 1;
  } catch (error) {
    write(describe(error));
    return 1;
  }
}

function wrongName(name: string): string {
  return name === '' ? 'Which command?' : `There is no command ${name}.`;
}

/** What cannot be read in the arguments of a command. Does not repeat operands, which can hold passwords. */
function wrongIn(
  name: string,
  { operands: wanted, canReplace = false }: CommandForm,
  operands: readonly string[],
  replaces: boolean,
): string | undefined {
  const option = operands.find((operand) => operand.startsWith('-'));
  if (option !== undefined) return `${name} has no option ${option.split('=')[0]}.`;
  if (replaces && !canReplace) return `${name} has no option --replace.`;
  const missing = wanted.slice(operands.length);
  if (missing.length > 0) return `${name} needs ${missing.join(' and ')} behind it.`;
  const more = operands.length - wanted.length;
  if (more > 0) return `${[name, ...wanted].join(' ')} takes nothing more, and ${more} more stood behind it.`;
  return undefined;
}

/** What the operator can mend is one message; of anything else the kind, as its text may hold an address or a record. */
function describe(error: unknown): string {
  if (error instanceof ConfigError) return explainEnvFile(error).message;
  if (!(error instanceof StorageError)) {
    return `Something unexpected stopped this (${codeOf(error) ?? (error instanceof Error ? error.name : typeof error)}). Run it again.`;
  }
  const code = codeOf(error.cause);
  return code === undefined || error.message.includes(code) ? error.message : `${error.message} (${code})`;
}
