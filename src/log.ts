import { pino, stdTimeFunctions } from 'pino';

/** The log: one JSON line an event, with the name of its level and an ISO time; IDs and kinds only. */
export type Log = ReturnType<typeof createLog>;
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Names of fields that could carry a secret or a person's text: whoever logs one by mistake logs "[redacted]". */
const SECRET_FIELDS = [
  'token',
  'password',
  'sid',
  'session',
  'code',
  'email',
  'address',
  'subject',
  'body',
  'text',
  'url',
  'requestBody',
];

/**
 * Makes the log. An error is logged by its name, message, code and stack alone: discord.js errors carry the
 * interaction token in `url` and the person's text in `requestBody`, and soap errors carry the password.
 * @param write Where the lines go; standard output by default.
 */
export function createLog(level: LogLevel, write?: (line: string) => void) {
  return pino(
    {
      level,
      base: null,
      // Names and dates: whoever reads the lines, person or program, needs no table for them.
      formatters: { level: (label) => ({ level: label }) },
      timestamp: stdTimeFunctions.isoTime,
      redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '[redacted]' },
      // pino calls an error `err` that is logged without a name, and would write down all of its properties.
      serializers: { error: (error: unknown) => describeError(error), err: (error: unknown) => describeError(error) },
    },
    write ? { write } : undefined,
  );
}

/** Causes of causes that are followed. */
const MAX_CAUSES = 5;

/** What may be said of an error in a log: discord.js puts tokens and texts in its other properties. */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { name: typeof error };
  const { name, message, stack } = error;
  const described: Record<string, unknown> = { name, message, stack };
  // Not as `code`, which is what people get by mail and stays out of the log.
  if ('code' in error) described.errorCode = error.code;
  if ('kind' in error) described.kind = error.kind;
  if ('status' in error) described.status = error.status;
  if (error.cause !== undefined && depth < MAX_CAUSES) described.cause = describeError(error.cause, depth + 1);
  return described;
}
