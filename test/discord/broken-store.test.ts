import { afterAll, beforeAll, expect, test } from 'vitest';
import { asMessage, type Shown } from '../../sandbox/discord/people/shown.ts';
import { type HandlersBot, NOT_LINKED, startForEveryHandler } from '../handlers/every-handler.ts';
import type { StorageBreakage } from '../support/breakable-storage.ts';

/** These open a form and look nothing up. */
const STATIC = ['button link', 'button link-edit', 'button link-enter-code'];
/** This reads and writes nothing. */
const WITHOUT_STORE = ['/helpdesk panel'];

let bots: HandlersBot[] = [];
beforeAll(async () => {
  bots = await startForEveryHandler();
});
afterAll(() => Promise.all(bots.map(({ talk }) => talk.close())));

/** Does everything that can be done, with a store that is sound before and broken like this then. */
async function doAll(broken: StorageBreakage['broken']) {
  const done = await Promise.all(bots.map((bot) => doAllWith(bot, broken)));
  return done.flat();
}

async function doAllWith({ talk, breakage, reachAll }: HandlersBot, broken: StorageBreakage['broken']) {
  const done: { name: string; shown: Shown; tickets: number }[] = [];
  for (const { name, invoke } of await reachAll()) {
    const before = talk.world.helpdesk.tickets.length;
    breakage.broken = broken;
    const shown = await invoke();
    breakage.broken = undefined;
    done.push({ name, shown, tickets: talk.world.helpdesk.tickets.length - before });
  }
  return done;
}

/** The messages among the answers. */
function messagesOf(done: Awaited<ReturnType<typeof doAll>>) {
  return done.flatMap(({ name, shown, tickets }) => {
    if (shown.kind === 'modal') return [];
    const { text, ephemeral } = asMessage(shown);
    return [{ name, text, ephemeral, tickets }];
  });
}

test('a store that is broken is told by every handler, privately, and nothing is sent', async () => {
  const done = await doAll('all');
  const told = messagesOf(done).filter(({ name }) => !WITHOUT_STORE.includes(name));

  const forms = done.filter(({ shown }) => shown.kind === 'modal').map(({ name }) => name);
  expect(forms).toEqual(STATIC);
  const failures = /The bot can't use its storage|Your text couldn't be saved/;
  expect(told.filter(({ text, ephemeral }) => !failures.test(text) || !ephemeral)).toEqual([]);
  expect(told.filter(({ text }) => NOT_LINKED.test(text))).toEqual([]);
  expect(done.filter(({ tickets }) => tickets > 0)).toEqual([]);
});

test.each(['links', 'people', 'escalated-messages', 'open-requests', 'drafts', 'pauses', 'blocks'])(
  'with only its %s unreadable, nobody reads that they are not linked, and what is told as open is open',
  async (namespace) => {
    const told = messagesOf(await doAll(new Set([namespace])));

    expect(told.filter(({ text }) => NOT_LINKED.test(text))).toEqual([]);
    expect(told.filter(({ text, tickets }) => /\bis open\b/.test(text) !== tickets > 0)).toEqual([]);
  },
);
