import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { ConfigError } from '../../src/config.ts';
import { explainEnvFile } from '../../src/env-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
/** Whom root becomes, who may read everything. */
const NOBODY = 65_534;

test.each([
  ['npm start', 'src/main.ts', []],
  ['npm run doctor', 'src/cli/doctor.ts', []],
  ['npm run store', 'src/cli/store.ts', ['check']],
])('%s says that .env is there and may not be read', async (_, program, args) => {
  const folder = await temporaryFolder();
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, '.env'), 'STORAGE_URL=sqlite:./data/store.sqlite\n', { mode: 0o000 });
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  // With the setting that is wrong in any case: without one that is missing or wrong, nobody asks where it stands.
  const env = { PATH: process.env.PATH, STORAGE_URL: 'nowhere' };
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--env-file-if-exists=.env', '--import', TSX, join(process.cwd(), program), ...args],
    { cwd: folder, env, encoding: 'utf8', ...user },
  );

  expect(stdout + stderr).toContain('.env: is there, but this user may not read it');
});

test('a file that is not there, or can be read, explains nothing', async () => {
  const error = new ConfigError([{ variable: 'DISCORD_TOKEN', remedy: 'missing' }]);
  const file = join(await temporaryFolder(), '.env');
  expect(explainEnvFile(error, file)).toBe(error);
  writeFileSync(file, '');
  expect(explainEnvFile(error, file)).toBe(error);
});
