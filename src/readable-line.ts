/**
 * Makes of a JSON line of the log one that people read on a terminal: time, level, what happened, then the fields. An error
 * gets lines of its own below; its stack only where it may be a bug, which a warning is not.
 * @param line With its line break. What is no line of the log stays as it is, without control characters.
 */
export function readableLine(line: string): string {
  const entry = parseEntry(line);
  if (!entry) return `${printable(line.trimEnd())}\n`;
  const { level, time, msg, error, err, ...fields } = entry;
  const shown = Object.entries(fields).map(([name, value]) => `${name}=${shownValue(value)}`);
  const head = [clockTime(time), String(level).toUpperCase().padEnd(5), msg, ...shown];
  const first = printable(head.filter((part) => part !== undefined).join(' '));
  return [first, ...errorLines(error ?? err, '', MAY_BE_A_BUG.has(level))].map((one) => `${one}\n`).join('');
}

function parseEntry(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The time in this machine's own zone, as its owner's watch has it. */
function clockTime(time: unknown): string {
  const date = new Date(String(time));
  if (Number.isNaN(date.getTime())) return String(time);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function shownValue(value: unknown): string {
  return typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}

/** The levels of what nobody expects. The JSON has the stack at every level. */
const MAY_BE_A_BUG: ReadonlySet<unknown> = new Set(['error', 'fatal', 'debug', 'trace']);

/** The stack begins with name and message; without one these stand alone. */
function errorLines(error: unknown, prefix: string, withStack: boolean): string[] {
  if (typeof error !== 'object' || error === null) return [];
  const { name, message, stack, cause, ...fields } = error as Record<string, unknown>;
  const words = withStack && typeof stack === 'string' ? stack : `${name}: ${message ?? ''}`;
  const more = Object.entries(fields).map(([field, value]) => `${field}=${shownValue(value)}`);
  const lines = [...`${prefix}${words}`.split('\n'), ...(more.length > 0 ? [more.join(' ')] : [])];
  return [...lines.map((line) => `    ${printable(line)}`), ...errorLines(cause, 'caused by ', withStack)];
}

/** Some words come from servers elsewhere: an escape sequence in them must not move the cursor or change the terminal. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced.
  return text.replace(/[\u0000-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
