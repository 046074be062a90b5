import { expect, test } from 'vitest';
import { measureTickets } from '../../sandbox/benchmark/ticket-cost.ts';

// How much CPU that takes depends on the machine: `npm run bench -- ticket` shows it.
test('what a ticket costs is counted for the bot, and for one that keeps nothing', async () => {
  const { bot, bare } = await measureTickets({ tickets: 2, warmUp: 1, block: 1, counted: 2 });
  expect(bare).toMatchObject({ reads: { most: 0 }, commits: { most: 0 }, discordRequests: { most: 3 }, syncs: 0 });
  // One request shows the form, one acknowledges it, one tells the end.
  expect(bot).toMatchObject({ discordRequests: { median: 3, most: 3 }, helpdeskCalls: { median: 1, most: 1 } });
  expect(bot.commitsBeforeAcknowledgement.median, 'a form is durable before Discord hears of it').toBeGreaterThan(0);
  expect(bot.commits.median).toBeGreaterThan(bot.commitsBeforeAcknowledgement.median);
  expect(bot.reads.median).toBeGreaterThan(0);
});
