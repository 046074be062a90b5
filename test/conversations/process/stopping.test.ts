import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { prepareProcess, processForTest } from '../../support/process-in-world.ts';

test('a bot that has nothing to do and is asked to stop ends at once with 0', async () => {
  const { world, bot } = await prepareProcess();
  const started = bot.nextLine('the commands are where people find them');
  bot.start();
  await started;

  expect(await bot.stop()).toBe(0);
  expect(bot.lines.slice(-2).map((line) => JSON.parse(line).msg)).toEqual(['stopping', 'stopped']);
  expect(world.discord.isBotConnected).toBe(false);
});

test('a bot that is asked to stop while it opens its store ends with 0', async () => {
  // Takes connections and never says a word: the store is being opened as long as this test wants.
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  onTestFinished(() => void silent.close());
  await once(silent, 'listening');
  const { port } = silent.address() as { port: number };
  const bot = await processForTest({
    DISCORD_TOKEN: 'a.bot.token',
    HELPDESK_USERNAME: 'bot@example.com',
    HELPDESK_PASSWORD: 'a-password',
    LINK_VERIFICATION: 'none',
    STORAGE_URL: `postgres://127.0.0.1:${port}/tickets`,
  });
  const connected = once(silent, 'connection');
  bot.start();
  await connected;

  expect(await bot.stop()).toBe(0);
});

test.each(['rest-refused', 'gateway-refused'] as const)(
  'a bot that is asked to stop while it waits for Discord (%s) ends with 0',
  async (fault) => {
    const { world, bot } = await prepareProcess();
    world.discord.fault(fault);
    const waits = bot.nextLine(fault === 'rest-refused' ? 'the bot tries again' : 'reconnecting to Discord');
    bot.start();
    await waits;

    expect(await bot.stop()).toBe(0);
  },
);

test('a bot that is asked to stop while Discord keeps it waiting for its first word ends with 0', async () => {
  const { world, bot } = await prepareProcess();
  world.discord.fault('gateway-silent');
  const waits = once(world.discord.events, 'gateway');
  bot.start();
  expect(await waits).toEqual([{ what: 'kept-waiting' }]);

  expect(await bot.stop()).toBe(0);
});

test('a bot that is asked to stop while it publishes its commands ends with 0', async () => {
  const { world, bot } = await prepareProcess();
  const failed = bot.nextLine('the start after the connection was not complete');
  world.discord.events.once('gateway', () => world.discord.fault('rest-500'));
  bot.start();
  await failed;

  expect(await bot.stop()).toBe(0);
});
