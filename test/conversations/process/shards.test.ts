import { randomInt } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { asMessage } from '../../../sandbox/discord/people/shown.ts';
import { shardOf } from '../../../sandbox/discord/server/gateway.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { type Conversation, linkAccount, startConversation } from '../../support/conversation.ts';
import { startSecondBot } from '../../support/second-bot.ts';
import { ticketForm } from '../../support/ticket-form.ts';

const FIELDS = { subject: 'My server is down', body: 'Since this morning.' };

/** A member of a server that falls to this shard. */
function joinOn(talk: Conversation, shard: number, count: number) {
  for (;;) {
    // The time in an ID decides the shard: any regular step could miss one for ever.
    talk.clock.pass(randomInt(1, 50));
    const guild = talk.world.discord.createGuild({ name: 'Another server' });
    if (shardOf(guild.id, count) !== shard) continue;
    const user = talk.world.discord.createUser({ name: `member${shard}` });
    guild.addMember(user);
    return user.in(guild.createChannel({ name: 'help' }));
  }
}

test('two processes with a part of the shards each serve all servers, and each interaction is answered once', async () => {
  const stores: Storage[] = [];
  const open = async () => {
    const storage = stores[0] ?? (await openStorage({ url: 'sqlite::memory:', keys: [] }));
    if (stores.push(storage) === 1) onTestFinished(() => storage.close());
    return { ...storage, isShared: true, close: async () => {} };
  };
  const talk = await startConversation({ env: { SHARDS: '0/2' }, tuning: { openStorage: open } });
  await startSecondBot(talk, { SHARDS: '1/2' }, { openStorage: open });
  for (const shard of [0, 1]) {
    const place = joinOn(talk, shard, 2);
    await linkAccount(place, `member${shard}@example.org`, talk.world);
    expect(asMessage(await (await ticketForm(place)).submit(FIELDS)).text).toContain('is open');
  }
  expect(talk.world.helpdesk.tickets).toHaveLength(2);
  const { requests, interactions } = talk.world.discord;
  const answers = requests.filter(({ route, status }) => route.endsWith('/callback') && status < 300);
  expect(interactions.length).toBeGreaterThan(6);
  expect(answers).toHaveLength(interactions.length);
});

test('SHARDS=auto holds as many as Discord recommends, in one process', async () => {
  const talk = await startConversation();
  await talk.stop();
  talk.world.discord.sharding.shards = 3;
  talk.world.discord.sharding.maxConcurrency = 3;
  talk.clock.pass(5000);
  await talk.start({ SHARDS: 'auto' });
  expect(talk.logged.some((line) => line.includes('"shards":[0,1,2],"of":3'))).toBe(true);
  for (const shard of [0, 1, 2]) {
    expect(asMessage(await joinOn(talk, shard, 3).slash('account')).text).toContain('Nothing is stored about you');
  }
});

test('a bot in more servers than its shards may hold ends, and says what to set', async () => {
  const talk = await startConversation();
  await talk.stop();
  talk.world.discord.sharding.guildsPerShard = 0;
  void talk.start().catch(() => undefined);
  const app = await talk.world.activity.until({
    look: () => runningApp(talk),
    describe: () => 'the bot that is started',
  });
  const { message } = await app.ended;
  expect(message).toContain('4011');
  expect(message).toContain('SHARDS=auto');
});

function runningApp(talk: Conversation) {
  try {
    return talk.app;
  } catch {
    return undefined;
  }
}
