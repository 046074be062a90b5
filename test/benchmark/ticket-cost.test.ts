import { expect, test } from 'vitest';
import { measureTickets } from '../../sandbox/benchmark/ticket-cost.ts';

// How much CPU that takes depends on the machine: `npm run bench -- ticket` shows it.
test('what a ticket costs is counted for the bot, and for those that keep nothing', async () => {
  const { bot, kept, soap, discord, raw } = await measureTickets({ tickets: 2, warmUp: 1, block: 1, counted: 2 });
  const keepsNothing = { reads: { most: 0 }, commits: { most: 0 }, discordRequests: { most: 3 }, syncs: 0 };
  for (const bare of [soap, discord, raw]) expect(bare).toMatchObject(keepsNothing);
  expect(discord.helpdeskCalls.most).toBe(0);
  for (const caller of [soap, raw]) expect(caller.helpdeskCalls).toEqual({ median: 1, most: 1 });
  // One request shows the form, one acknowledges it, one tells the end.
  expect(bot).toMatchObject({ discordRequests: { median: 3, most: 3 }, helpdeskCalls: { median: 1, most: 1 } });
  expect(bot.commitsBeforeAcknowledgement.median, 'a form is durable before Discord hears of it').toBeGreaterThan(0);
  expect(bot.commits.median).toBeGreaterThan(bot.commitsBeforeAcknowledgement.median);
  expect(bot.reads.median).toBeGreaterThan(0);
  // Otherwise it would not show what the same promises cost at the very least.
  const sameWork = ({ reads, commits, commitsBeforeAcknowledgement }: typeof bot) => [
    reads,
    commits,
    commitsBeforeAcknowledgement,
  ];
  expect(sameWork(kept)).toEqual(sameWork(bot));
  expect(bot.cpuMs).toHaveLength(2);
});
