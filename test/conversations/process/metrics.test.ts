import { expect, test } from 'vitest';
import { asModal } from '../../../sandbox/discord/people/shown.ts';
import { wait } from '../../../src/clock.ts';
import { startBreakableConversation } from '../../support/breakable-storage.ts';
import { type Conversation, startConversation } from '../../support/conversation.ts';

/** The value of one line of the metrics; undefined when there is no such line. */
async function metric({ app }: Pick<Conversation, 'app'>, name: string): Promise<number | undefined> {
  const lines = (await app.metrics.registry.metrics()).split('\n');
  const line = lines.find((one) => one.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}

function nextLine({ world, logged }: Conversation, words: string): Promise<string> {
  const from = logged.length;
  return world.activity.until({
    look: () => logged.slice(from).find((line) => line.includes(words)),
    describe: () => `a line with “${words}” in the log`,
  });
}

test('the connection to Discord, and each shard of it, is 1 while it stands; readiness follows', async () => {
  const talk = await startConversation();
  const { discord } = talk.world;
  const state = async () => [
    await metric(talk, 'openticket_gateway_connected'),
    await metric(talk, 'openticket_gateway_shard_connected{shard="0"}'),
    await talk.app.notReady(),
  ];
  expect(await state()).toEqual([1, 1, []]);

  discord.fault('gateway-refused');
  const lost = nextLine(talk, 'reconnecting to Discord');
  discord.fault('gateway-dropped');
  await lost;
  expect(await state()).toEqual([0, 0, ['not connected to Discord']]);

  const back = nextLine(talk, 'connected to Discord again');
  discord.clearFaults();
  await talk.clock.passUntil(back);
  expect(await state()).toEqual([1, 1, []]);
});

test('the sessions that are left are those that Discord names, without those begun since', async () => {
  const talk = await startConversation();
  expect(await metric(talk, 'openticket_session_starts_left')).toBe(999);

  // A session that is resumed costs none.
  let back = nextLine(talk, 'connected to Discord again');
  talk.world.discord.fault('gateway-dropped');
  await talk.clock.passUntil(back);
  expect(await metric(talk, 'openticket_session_starts_left')).toBe(999);

  back = nextLine(talk, 'connected to Discord again');
  talk.world.discord.fault('gateway-session-lost');
  await talk.clock.passUntil(back);
  expect(await metric(talk, 'openticket_session_starts_left')).toBe(998);
  talk.passTime(24 * 3_600_000);
  expect(await metric(talk, 'openticket_session_starts_left')).toBe(1000);
});

test('the time until the first answer is measured for every interaction, whatever comes of it', async () => {
  const { talk, breakage } = await startBreakableConversation({ env: { LINK_VERIFICATION: 'none' } });
  const { ada, app, clock } = talk;
  await asModal(await ada.slash('link')).submit({ email: 'ada@example.org' });
  breakage.around = async (_access, run) => {
    await wait(clock, 1200);
    return run();
  };
  await clock.passUntil(ada.slash('ticket'));
  breakage.around = undefined;
  breakage.broken = 'all';
  await ada.slash('ticket');
  breakage.broken = undefined;
  // Somebody sees an answer a moment before the bot knows that Discord has it.
  await talk.stop();

  const upTo = (seconds: string) => metric({ app }, `openticket_acknowledgement_seconds_bucket{le="${seconds}"}`);
  expect([await upTo('1'), await upTo('2'), await upTo('3')]).toEqual([3, 4, 4]);
  expect(await metric({ app }, 'openticket_acknowledgement_seconds_count')).toBe(4);
});
