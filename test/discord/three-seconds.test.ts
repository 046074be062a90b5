import { describe, expect, onTestFinished, test } from 'vitest';
import type { Shown } from '../../sandbox/discord/people/shown.ts';
import { wait } from '../../src/clock.ts';
import { ACTS, everyHandler, NOT_LINKED, prepareHandler, startForEveryHandler } from '../support/every-handler.ts';

/** Milliseconds that Discord waits for the first answer. */
const DISCORD_WAITS_MS = 3000;

/** Everybody prepared, each for one act. */
async function prepareAll() {
  const { talk, breakage } = await startForEveryHandler();
  const prepared = [];
  for (const [name, act] of Object.entries(ACTS)) {
    const scene = await prepareHandler(talk, name);
    prepared.push({ name, act: () => act(scene, { untilAcknowledged: true }) });
  }
  return { talk, breakage, prepared };
}

test('every subcommand, button and modal stands in the table of these tests', () => {
  const tried = Object.keys(ACTS).map((name) => name.replace(/ of .*$/, ''));
  expect(new Set(tried)).toEqual(new Set(everyHandler()));
});

describe.each([
  ['is slow', 500],
  ['is very slow', 1500],
  ['hangs', 600_000],
])('while the store %s', (_how, ms) => {
  test('and the helpdesk hangs, every handler answers within the three seconds of Discord', async () => {
    const { talk, breakage, prepared } = await prepareAll();
    const { discord, helpdesk } = talk.world;
    const before = discord.interactions.length;
    onTestFinished(() => {
      // Whoever still waits for the store gets it now.
      breakage.around = undefined;
      talk.passTime(ms);
      helpdesk.clearFaults();
      helpdesk.release();
    });
    breakage.around = async (_access, run) => {
      await wait(talk.clock, ms);
      return run();
    };
    helpdesk.fault('hang', { operation: '*' });

    const showing = Promise.all(prepared.map(async ({ name, act }): Promise<[string, Shown]> => [name, await act()]));
    // Those that are answered late wait here for ever, and the wait says which.
    await talk.clock.passSlowly(DISCORD_WAITS_MS - 1);
    const shown = await showing;

    expect(shown.filter(([, { kind }]) => kind === 'failed').map(([name]) => name)).toEqual([]);
    const waits = discord.interactions
      .slice(before)
      .map(({ name, acknowledgedAfterMs }) => [name, acknowledgedAfterMs]);
    expect(waits).toHaveLength(prepared.length);
    expect(waits.filter(([, wait]) => Number(wait ?? Number.NaN) > DISCORD_WAITS_MS)).toEqual([]);
    const answers = shown.flatMap(([, answer]) => (answer.kind === 'message' && !answer.thinking ? [answer] : []));
    for (const { text, ephemeral } of answers) {
      expect(text).not.toMatch(NOT_LINKED);
      expect(ephemeral || text === '').toBe(true);
    }
  });
});
