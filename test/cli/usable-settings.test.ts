import { expect, test } from 'vitest';
import { readUsableSettings } from '../../src/cli/usable-settings.ts';
import { parseConfig, SETTINGS } from '../../src/config.ts';

const RIGHT = {
  DISCORD_TOKEN: 'a.bot.token',
  HELPDESK_USERNAME: 'bot@example.com',
  HELPDESK_PASSWORD: 'a-password',
  SMTP_URL: 'smtp://127.0.0.1:25',
  MAIL_FROM: 'support@example.com',
};

test('settings that are right are read as the bot reads them', () => {
  expect(readUsableSettings(RIGHT)).toEqual({ config: parseConfig(RIGHT), error: undefined, faulty: new Set() });
});

test.each(SETTINGS)('a wrong %s is named, and the others are read', (name) => {
  const { error, faulty } = readUsableSettings({ ...RIGHT, [name]: 'wrong\u0000value' });
  expect([...faulty]).toEqual([name]);
  expect(error?.problems.map(({ variable }) => variable)).toEqual([name]);
});

test('settings that another one makes necessary count as missing, and the rest is read', () => {
  for (const verification of ['email', 'moderator', 'wrong']) {
    const { config } = readUsableSettings({ LINK_VERIFICATION: verification, TICKETS_PER_HOUR: '3' });
    expect(config.tickets.perPersonAndHour).toBe(3);
  }
});
