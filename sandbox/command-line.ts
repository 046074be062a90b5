import { parseArgs } from 'node:util';

/** What can be said to a command of the sandbox, behind the `--` of npm. */
interface Option {
  readonly type: 'number' | 'text' | 'flag';
  /** The least number that it takes; 1 by default. */
  readonly from?: number;
  /** The only texts that it takes; any by default. */
  readonly choices?: readonly string[];
  /** For people, in half a line. */
  readonly says: string;
}
type Options = Readonly<Record<string, Option>>;
type ValueOf<O extends Option> = O['type'] extends 'number' ? number : O['type'] extends 'text' ? string : true;
type Values<O extends Options> = { readonly [Name in keyof O]?: ValueOf<O[Name]> };

export type CommandLine<O extends Options> =
  | { readonly kind: 'values'; readonly values: Values<O> }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'wrong'; readonly text: string };

/** @param command As it is typed, without its options. Numbers are whole. */
export function parseCommandLine<const O extends Options>(
  command: string,
  options: O,
  args: readonly string[],
): CommandLine<O> {
  const usage = usageOf(command, options);
  const wrong = (what: string) => ({ kind: 'wrong', text: `${what}\n\n${usage}` }) as const;
  const types = Object.entries(options).map(([name, { type }]) => [
    name,
    { type: type === 'flag' ? ('boolean' as const) : ('string' as const) },
  ]);
  try {
    const values: Record<string, unknown> = parseArgs({
      args: [...args],
      options: { ...Object.fromEntries(types), help: { type: 'boolean', short: 'h' } },
    }).values;
    if (values.help) return { kind: 'help', text: usage };
    for (const [name, { type, choices, from = 1 }] of Object.entries(options)) {
      const value = values[name];
      if (value === undefined) continue;
      if (choices && !choices.includes(String(value))) return wrong(`--${name} takes ${choices.join(' or ')}.`);
      if (type !== 'number') continue;
      const number = /^\d{1,9}$/.test(String(value)) ? Number(value) : Number.NaN;
      if (!(number >= from)) return wrong(`--${name} takes a whole number, ${from} or more.`);
      values[name] = number;
    }
    return { kind: 'values', values: values as Values<O> };
  } catch (error) {
    // Node's own words name the option; its advice about "--" is about something else.
    return wrong(`${(error as Error).message.split(/[.\n]/)[0]}.`);
  }
}

/** Reads what this process was started with; says what is wrong, or what there is, and ends otherwise. */
export function readCommandLine<const O extends Options>(
  command: string,
  options: O,
  args: readonly string[] = process.argv.slice(2),
): Values<O> {
  const line = parseCommandLine(command, options, args);
  if (line.kind === 'values') return line.values;
  if (line.kind === 'help') console.log(line.text);
  else console.error(line.text);
  process.exit(line.kind === 'help' ? 0 : 2);
}

/** Lets SIGINT and SIGTERM end this process in the way in which its bots end with it. */
export function endWithSignals(): void {
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
}

function usageOf(command: string, options: Options): string {
  const named = Object.entries(options).map(([name, { type, choices, says }]) => [
    `--${name}${type === 'flag' ? '' : type === 'number' ? ' N' : ` ${choices?.join('|') ?? 'TEXT'}`}`,
    says,
  ]);
  const width = Math.max(...named.map(([name]) => name?.length ?? 0));
  return [
    `Usage: ${command}${named.length > 0 ? ' -- [options]' : ''}`,
    ...named.map(([name, says]) => `  ${name?.padEnd(width)}  ${says}`),
  ].join('\n');
}
