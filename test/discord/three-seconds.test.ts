import { describe, expect, onTestFinished, test } from 'vitest';
import type { Shown } from '../../sandbox/discord/people/shown.ts';
import { wait } from '../../src/clock.ts';
import { type HandlersBot, NOT_LINKED, startForEveryHandler } from '../handlers/every-handler.ts';

/** Milliseconds that Discord waits for the first answer. */
const DISCORD_WAITS_MS = 3000;

/** Invokes everything at once, with a store that takes so long and a helpdesk that hangs. */
async function invokeAll({ talk, breakage, reachAll, auditChannelId }: HandlersBot, storeMs: number) {
  const reached = await reachAll();
  const { discord, helpdesk } = talk.world;
  const before = discord.interactions.length;
  const arrived = () => talk.logged.filter((line) => line.includes('an interaction has arrived')).length;
  const arrivedBefore = arrived();
  onTestFinished(() => {
    // Whoever still waits for the store gets it now.
    breakage.around = undefined;
    talk.passTime(storeMs);
    helpdesk.clearFaults();
    helpdesk.release();
  });
  breakage.around = async (_access, run) => {
    await wait(talk.clock, storeMs);
    return run();
  };
  helpdesk.fault('hang', { operation: '*' });
  const showing = Promise.all(
    reached.map(
      async ({ name, invoke }): Promise<[string, Shown]> => [name, await invoke({ untilAcknowledged: true })],
    ),
  );
  // A busy machine takes its time to bring them to the bot: Discord's three seconds begin there.
  await talk.world.activity.until({
    look: () => (arrived() - arrivedBefore >= reached.length ? true : undefined),
    describe: () => `${reached.length} interactions; ${arrived() - arrivedBefore} have arrived`,
  });
  // Those that are answered late wait here for ever, and the wait says which.
  await talk.clock.passSlowly(DISCORD_WAITS_MS - 1);
  const shown = await showing;
  const waits = discord.interactions.slice(before).map(({ name, acknowledgedAfterMs }) => [name, acknowledgedAfterMs]);
  expect(waits).toHaveLength(reached.length);
  return { shown, waits, auditChannelId };
}

describe.each([
  ['is slow', 500],
  ['is very slow', 1500],
  ['hangs', 600_000],
])('while the store %s', (_how, storeMs) => {
  test('and the helpdesk hangs, every handler answers within the three seconds of Discord', async () => {
    const bots = await startForEveryHandler();
    onTestFinished(async () => {
      await Promise.all(bots.map(({ talk }) => talk.close()));
    });

    for (const { shown, waits, auditChannelId } of await Promise.all(bots.map((bot) => invokeAll(bot, storeMs)))) {
      expect(shown.filter(([, { kind }]) => kind === 'failed').map(([name]) => name)).toEqual([]);
      expect(waits.filter(([, wait]) => Number(wait ?? Number.NaN) > DISCORD_WAITS_MS)).toEqual([]);
      const answers = shown.flatMap(([, answer]) => (answer.kind === 'message' && !answer.thinking ? [answer] : []));
      for (const { text, ephemeral, channelId } of answers) {
        expect(text).not.toMatch(NOT_LINKED);
        // A request in the moderators' channel stands there for all of them.
        expect(ephemeral || text === '' || channelId === auditChannelId).toBe(true);
      }
    }
  });
});
