import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { BACKENDS, backendKindOf } from '../../src/storage/backends/backend-kinds.ts';

const REQUIRED = {
  DISCORD_TOKEN: 'a.bot.token',
  HELPDESK_USERNAME: 'x',
  HELPDESK_PASSWORD: 'x',
  LINK_VERIFICATION: 'none',
};
const read = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

describe.each(Object.entries(BACKENDS))('%s', (kind, { example, prefixes }) => {
  test('is a STORAGE_URL', () => {
    expect(parseConfig({ ...REQUIRED, STORAGE_URL: example }).storage.url).toBe(example);
    expect(prefixes.map((prefix) => backendKindOf(`${prefix}x`))).toEqual(prefixes.map(() => kind));
  });

  test('keeps the contract of all stores, is explained, and says what it survives', () => {
    // Servers share a file, as they are started in the same way.
    const files = [`test/storage/${kind}.test.ts`, 'test/storage/servers.test.ts'].filter((file) => {
      const text = read(file);
      return text.includes('describeRecordStore(') && text.includes(kind);
    });
    expect(
      files,
      `run describeRecordStore(…) of test/contracts/record-store.ts in test/storage/${kind}.test.ts`,
    ).not.toEqual([]);
    for (const prefix of prefixes) {
      expect(read('docs/storage.md'), `say in docs/storage.md what ${prefix} survives`).toContain(`| \`${prefixes[0]}`);
      expect(read('.env.example'), `explain ${prefix} at STORAGE_URL in .env.example`).toContain(prefixes[0]);
    }
  });
});
