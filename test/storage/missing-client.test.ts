import { rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hostedCheckout } from '../support/hosted-checkout.ts';

/** What a host reads whose STORAGE_URL needs a package that `npm ci --omit=dev` does not bring. */

const SETTINGS = {
  DISCORD_TOKEN: 'a.bot.token',
  // Nobody listens at these.
  DISCORD_API_URL: 'http://127.0.0.1:9/api',
  HELPDESK_URL: 'http://127.0.0.1:9/soap',
  HELPDESK_USERNAME: 'x',
  HELPDESK_PASSWORD: 'x',
  LINK_VERIFICATION: 'none',
};
const hasOwnSqlite = process.getBuiltinModule?.('node:sqlite') !== undefined;

describe.each([
  ['Redis', 'redis://user:hunter2@127.0.0.1:9', /@keyv\/redis@\d+\.\d+\.\d+ in the folder/],
  ['PostgreSQL', 'postgres://user:hunter2@127.0.0.1:9/records', /pg@\d+\.\d+\.\d+ in the folder/],
])('%s', (_name, url, command) => {
  test('the start and the doctor say which package is missing, and what installs it', async () => {
    const { runWith } = await hostedCheckout();
    const settings = { ...SETTINGS, STORAGE_URL: url };
    for (const [args, status] of [
      [['start'], 1],
      [['run', 'doctor'], 1],
    ] as const) {
      const { said, ...ended } = runWith(settings, 'npm', ...args);
      expect(said).toMatch(/need the package .*, which is not installed\. Nothing was opened or changed\./);
      expect(said).toMatch(command);
      expect(said).toContain('npm install --no-save --save-prod --omit=dev');
      expect(said).not.toContain('hunter2');
      expect(ended).toEqual({ status });
    }
  });
});

describe.skipIf(hasOwnSqlite)(`a file${hasOwnSqlite ? ': this Node has SQLite itself' : ''}`, () => {
  test('without libsql the start and the doctor say that this Node has no SQLite', async () => {
    const { path, runWith } = await hostedCheckout();
    rmSync(path('node_modules/libsql'));
    const settings = { ...SETTINGS, STORAGE_URL: `sqlite:${path('records.sqlite')}` };
    for (const args of [['start'], ['run', 'doctor']]) {
      const { said } = runWith(settings, 'npm', ...args);
      expect(said).toMatch(/need the package libsql, which is not installed.*\n?.*from 22\.13 on/);
    }
  });
});
