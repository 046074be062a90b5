import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';
import { parseCommandLine } from '../../sandbox/command-line.ts';

const OPTIONS = {
  kills: { type: 'number', says: 'of the bot' },
  port: { type: 'number', from: 0, says: 'of the page' },
  seed: { type: 'text', says: 'of the schedule' },
  only: { type: 'text', choices: ['slow', 'hang'], says: 'what happens' },
  'show-log': { type: 'flag', says: 'prints it' },
} as const;
const parse = (...args: string[]) => parseCommandLine('npm run sandbox', OPTIONS, args);
const USAGE = `Usage: npm run sandbox -- [options]
  --kills N         of the bot
  --port N          of the page
  --seed TEXT       of the schedule
  --only slow|hang  what happens
  --show-log        prints it`;

test('options are read by their types', () => {
  expect(parse()).toEqual({ kind: 'values', values: {} });
  expect(parse('--port', '0', '--seed=7', '--only', 'hang', '--show-log')).toEqual({
    kind: 'values',
    values: { port: 0, seed: '7', only: 'hang', 'show-log': true },
  });
});

test('--help and -h say what there is', () => {
  expect(parse('--help')).toEqual({ kind: 'help', text: USAGE });
  expect(parse('-h')).toEqual({ kind: 'help', text: USAGE });
});

test.each([
  [['--prot', '80'], "Unknown option '--prot'."],
  [['8080'], "Unexpected argument '8080'."],
  [['--port'], "Option '--port <value>' argument missing."],
  [['--port', 'http'], '--port takes a whole number, 0 or more.'],
  [['--kills', '0'], '--kills takes a whole number, 1 or more.'],
  [['--only', 'slwo'], '--only takes slow or hang.'],
  [['--port', '1e3'], '--port takes a whole number, 0 or more.'],
])('%j is told to be wrong, in one line and the usage', (args, what) => {
  const line = parse(...args);
  expect(line.kind).toBe('wrong');
  expect('text' in line && line.text.startsWith(what)).toBe(true);
  expect('text' in line && line.text.endsWith(`\n\n${USAGE}`)).toBe(true);
});

test.each([
  ['sandbox/main.ts', 'npm run sandbox'],
  ['sandbox/chaos/main.ts', 'npm run chaos'],
  ['sandbox/load-test/main.ts', 'npm run load-test'],
])('%s starts nothing with an option that it does not know', async (file, command) => {
  const [code, output] = await new Promise<[unknown, string]>((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', file, '--colour'], (error, stdout, stderr) =>
      resolve([error?.code, stdout + stderr]),
    );
  });
  expect(code).toBe(2);
  expect(output).toMatch(/^Unknown option '--colour'\.\n\nUsage: /);
  expect(output).toContain(`Usage: ${command} -- [options]\n  --`);
  expect(output).not.toContain('    at ');
});

test('several bots on one SQLite file are refused before anything starts', async () => {
  const [code, output] = await new Promise<[unknown, string]>((resolve) => {
    const args = ['--import', 'tsx', 'sandbox/chaos/main.ts', '--processes', '2', '--store', 'sqlite'];
    execFile(process.execPath, args, (error, stdout, stderr) => resolve([error?.code, stdout + stderr]));
  });
  expect(code).toBe(1);
  expect(output).toContain('A SQLite file belongs to one process');
});
