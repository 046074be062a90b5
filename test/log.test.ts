import { DiscordAPIError } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { createLog } from '../src/log.ts';

const SECRET = 'canary-secret';

/** What is written by `write`, as one text. */
function written(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  write(createLog('trace', (line) => lines.push(line)));
  expect(lines.length).toBeGreaterThan(0);
  return lines.join('');
}

const FIELDS = [
  ...['token', 'password', 'sid', 'session', 'code', 'email', 'address', 'subject', 'body', 'text', 'url'],
  'requestBody',
];

test.each(FIELDS)('a field called %s is not written down, wherever it stands', (field) => {
  const line = written((log) => {
    log.info({ [field]: SECRET }, 'on top');
    log.info({ draft: { [field]: SECRET } }, 'within');
    log.info({ person: { draft: { [field]: SECRET } } }, 'deeper');
    log.info({ drafts: [{ [field]: SECRET }] }, 'in a list');
    log.info({ [field]: { of: SECRET } }, 'an object');
  });
  expect(line).not.toContain(SECRET);
  expect(line.match(/\[redacted\]/g)).toHaveLength(5);
});

describe('an error of discord.js', () => {
  const error = new DiscordAPIError(
    { code: 50035, message: 'Invalid Form Body', errors: {} } as never,
    50035,
    400,
    'PATCH',
    `https://discord.com/api/v10/webhooks/1/${SECRET}/messages/@original`,
    { files: undefined, body: { content: SECRET } },
  );

  test('is written with what an operator needs, and without its address and body', () => {
    const line = written((log) => log.error({ error }, 'it failed'));
    expect(line).not.toContain(SECRET);
    expect(JSON.parse(line).error).toMatchObject({
      name: 'DiscordAPIError[50035]',
      message: expect.stringContaining('Invalid Form Body'),
      errorCode: 50035,
      status: 400,
      stack: expect.stringContaining('log.test'),
    });
  });

  test.each<[string, (log: ReturnType<typeof createLog>) => void]>([
    ['without a name', (log) => log.error(error)],
    ['under another name', (log) => log.error({ err: error })],
    ['as a cause', (log) => log.error({ error: new Error('outer', { cause: error }) })],
    [
      'as a cause of a cause',
      (log) => log.error({ error: new Error('1', { cause: new Error('2', { cause: error }) }) }),
    ],
    [
      'with more in it',
      (log) => log.error({ error: Object.assign(error, { response: { body: SECRET }, config: SECRET }) }),
    ],
  ])('is as safe when it is logged %s', (_how, write) => {
    const line = written(write);
    expect(line).not.toContain(SECRET);
    expect(line).toContain('Invalid Form Body');
  });
});

test('the codes of causes are written: they say what is wrong with a network or a disk', () => {
  const cause = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  const line = written((log) => log.error({ error: new Error('The storage could not find a record.', { cause }) }));
  expect(JSON.parse(line).error.cause).toMatchObject({ message: 'connect', errorCode: 'ECONNREFUSED' });
});

test.each([SECRET, { message: SECRET }, undefined, 42])(
  'what is thrown and is no error is not written down: %j',
  (thrown) => {
    expect(written((log) => log.error({ error: thrown ?? null }))).not.toContain(SECRET);
  },
);

test('an error that is its own cause ends somewhere', () => {
  const error: Error & { cause?: unknown } = new Error('again');
  error.cause = error;
  expect(written((log) => log.error({ error }, 'x')).length).toBeLessThan(20_000);
});

test('a level keeps the lines below it away', () => {
  const lines: string[] = [];
  const log = createLog('warn', (line) => lines.push(line));
  log.info('no');
  log.warn('yes');
  expect(lines).toHaveLength(1);
  createLog('silent', (line) => lines.push(line)).fatal('no');
  expect(lines).toHaveLength(1);
});
