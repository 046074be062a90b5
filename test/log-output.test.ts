import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLogOutput } from '../src/log-output.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

test('a line that cannot be written is counted, and nothing is thrown', () => {
  const full = openSync('/dev/full', 'w');
  const output = createLogOutput({ descriptor: full });
  output.write('one\n');
  output.write('two\n');
  closeSync(full);
  output.write('to a descriptor that is closed\n');
  expect(output.dropped).toBe(3);
});

test('once lines get through again, one says how many are missing', async () => {
  const file = join(await temporaryFolder(), 'log');
  const full = openSync('/dev/full', 'w');
  const output = createLogOutput({ descriptor: full });
  output.write('lost\n');
  closeSync(full);
  // The number of a descriptor that was closed is the next one to be given out.
  const again = openSync(file, 'w');
  expect(again).toBe(full);
  output.write('one\n');
  output.write('two\n');
  closeSync(again);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect([lines[0], lines[2]]).toEqual(['one', 'two']);
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({ level: 'warn', dropped: 1 });
});
