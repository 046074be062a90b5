import { expect, test } from 'vitest';
import { asMessage } from '../../sandbox/discord/people/shown.ts';
import type { StorageBreakage } from '../support/breakable-storage.ts';
import { ACTS, NOT_LINKED, prepareHandler, startForEveryHandler } from '../support/every-handler.ts';

/** These open a form and look nothing up. */
const STATIC = ['button link', 'button link-enter-code'];

/** Does everything that can be done, each with a sound store before it, and with this broken. */
async function doAll(broken: StorageBreakage['broken']) {
  const { talk, breakage } = await startForEveryHandler();
  const told: { name: string; text: string; ephemeral: boolean }[] = [];
  for (const [name, act] of Object.entries(ACTS)) {
    const scene = await prepareHandler(talk, name);
    breakage.broken = broken;
    const shown = await act(scene);
    breakage.broken = undefined;
    if (shown.kind === 'modal') continue;
    const { text, ephemeral } = asMessage(shown);
    told.push({ name, text, ephemeral });
  }
  return { talk, told };
}

test('a store that is broken is told by every handler, privately, and nothing is sent', async () => {
  const { talk, told } = await doAll('all');

  expect(told.map(({ name }) => name)).toEqual(Object.keys(ACTS).filter((name) => !STATIC.includes(name)));
  const failures = /Something went wrong in the bot|Your text could not be saved, and nothing was sent/;
  expect(told.filter(({ text, ephemeral }) => !failures.test(text) || !ephemeral)).toEqual([]);
  expect(told.filter(({ text }) => NOT_LINKED.test(text))).toEqual([]);
  expect(talk.world.helpdesk.tickets).toEqual([]);
});

test.each(['links', 'notices', 'claims', 'submissions', 'drafts', 'blocks'])(
  'with only its %s unreadable, nobody reads that they are not linked, and what is told as open is open',
  async (namespace) => {
    const { talk, told } = await doAll(new Set([namespace]));

    expect(told.filter(({ text }) => NOT_LINKED.test(text))).toEqual([]);
    expect(told.filter(({ text }) => /\bis open\b/.test(text))).toHaveLength(talk.world.helpdesk.tickets.length);
  },
);
