import { expect, test } from 'vitest';
import { createLog } from '../src/log.ts';
import { readableLine } from '../src/readable-line.ts';

/** What somebody on a terminal reads of what is logged, without the time. */
function shown(write: (log: ReturnType<typeof createLog>) => void): string {
  let text = '';
  const log = createLog('trace', (line) => {
    text += readableLine(line);
  });
  write(log);
  return text.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d /gm, '');
}

test('level, what happened and the fields stand on one line', () => {
  expect(shown((log) => log.info({ shard: 0, reason: 'two words', ids: ['a'], none: '' }, 'connected'))).toBe(
    'INFO  connected shard=0 reason="two words" ids=["a"] none=""\n',
  );
  expect(shown((log) => log.warn('only words'))).toBe('WARN  only words\n');
  expect(shown((log) => log.info({ shard: 1 }))).toBe('INFO  shard=1\n');
});

test('the time is that of the machine', () => {
  const at = new Date(2026, 10, 7, 9, 5, 3);
  const line = JSON.stringify({ level: 'info', time: at.toISOString(), msg: 'x' });
  expect(readableLine(`${line}\n`)).toBe('2026-11-07 09:05:03 INFO  x\n');
});

test('an error has its stack and its causes below', () => {
  const cause = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  const lines = shown((log) => log.error({ error: new Error('The store is away.', { cause }) }, 'failed')).split('\n');
  expect(lines[0]).toBe('ERROR failed');
  expect(lines[1]).toBe('    Error: The store is away.');
  expect(lines[2]).toMatch(/^ {8}at .*readable-line\.test/);
  expect(lines).toContain('    caused by Error: connect');
  expect(lines).toContain('    errorCode="ECONNREFUSED"'.replaceAll('"', ''));
});

test('a warning says what went wrong without a stack: it is no bug, and somebody has to read it', () => {
  const cause = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  expect(shown((log) => log.warn({ error: new TypeError('fetch failed', { cause }) }, 'Discord is away'))).toBe(
    'WARN  Discord is away\n    TypeError: fetch failed\n    caused by Error: connect\n    errorCode=ECONNREFUSED\n',
  );
});

test('words from elsewhere cannot move the cursor or write a line of their own', () => {
  const hostile = 'a\u001b[2Jb\u009bc\nd\re\u202ef';
  for (const text of [
    shown((log) => log.info({ warning: hostile }, hostile)),
    shown((log) => log.error({ error: new Error(hostile) }, 'x')),
    readableLine(`${hostile}\n`),
  ]) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(text).toContain('\\u001b[2J');
  }
  expect(shown((log) => log.info(hostile)).match(/\n/g)).toHaveLength(1);
});

test('what is no line of the log stays as it is', () => {
  expect(readableLine('Debugger attached.\n')).toBe('Debugger attached.\n');
  expect(readableLine('42\n')).toBe('42\n');
});
