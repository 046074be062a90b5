import { expect } from 'vitest';
import { codeIn } from '../../sandbox/mailbox.ts';
import type { World } from '../../sandbox/world.ts';

/** What people of these tests type; found anywhere in a log, it has leaked. */
export const TYPED = {
  subject: 'canary subject',
  product: 'canary product',
  body: 'canary body',
  email: 'canary@leak.example',
} as const;

/** Expects that nothing secret of this world, and nothing that anybody typed, stands in these lines. */
export function expectNoLeak(lines: readonly string[], world: World, more: readonly string[] = []): void {
  const codes = world.mailbox.mails.map((mail) => codeIn(mail) ?? '');
  const secrets: Record<string, readonly (string | RegExp)[]> = {
    password: [world.settings.HELPDESK_PASSWORD ?? ''],
    'bot token': [world.discord.botToken],
    'interaction token': world.discord.interactions.map(({ token }) => token),
    'session ID': [/\b[0-9a-f]{32}\b/],
    code: codes.filter((code) => code !== '').map((code) => new RegExp(`(?<!\\d)${code}(?!\\d)`)),
    address: [TYPED.email, 'leak.example', 'bot@example.com', 'support@example.com'],
    text: [/canary/],
    other: more,
  };
  const leaked = Object.entries(secrets).flatMap(([what, wanted]) =>
    wanted.flatMap((one) => {
      const line = lines.find((text) => (typeof one === 'string' ? text.includes(one) : one.test(text)));
      return line === undefined ? [] : [`${what} in ${line}`];
    }),
  );
  expect(leaked).toEqual([]);
}
