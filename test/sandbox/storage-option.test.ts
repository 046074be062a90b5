import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('the sandbox refuses a --storage that is no address of a store, before anything is opened', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'sandbox/main.ts', '--storage', 'somewhere'],
    { encoding: 'utf8' },
  );
  expect(stderr).toContain('--storage must be an address of a store, such as sqlite:./folder/file.sqlite');
  expect(stdout).toBe('');
  expect(status).toBe(2);
});
