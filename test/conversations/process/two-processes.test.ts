import { expect, test } from 'vitest';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import { codeIn } from '../../../sandbox/mailbox.ts';
import { type Conversation, startConversation } from '../../support/conversation.ts';
import { type SecondBot, startSecondBot } from '../../support/second-bot.ts';
import { ticketForm } from '../../support/ticket-form.ts';

const FIELDS = { subject: 'My server is down', body: 'Since this morning.' };
const SAID = 'another process has answered this interaction';

async function startTwo(env = { LINK_VERIFICATION: 'none' }): Promise<{ talk: Conversation; second: SecondBot }> {
  const talk = await startConversation({ env });
  const second = await startSecondBot(talk, env);
  return { talk, second };
}

/** Links somebody in both stores: each bot is asked while the other one is not there. */
async function linkInBoth(): Promise<{ talk: Conversation; second: SecondBot }> {
  const { talk, second } = await startTwo();
  await talk.stop();
  asMessage(await asModal(await talk.ada.slash('link')).submit({ email: 'ada@example.org' }));
  await talk.start();
  // The first one answers as soon as the second one is not quicker; whoever answers writes the link down.
  await second.app.stop();
  asMessage(await asModal(await talk.ada.slash('link')).submit({ email: 'ada@example.org' }));
  return { talk, second: await startSecondBot(talk, { LINK_VERIFICATION: 'none' }) };
}

/** Waits until the bot that was slower has said so, or has met the other's answer to what is under way. */
function refusals({ world }: Conversation, count: number): Promise<true> {
  return world.activity.until({
    look: () => world.discord.requests.filter(({ code }) => code === 40060).length >= count || undefined,
    describe: () => `${count} refusals of a second first answer`,
  });
}

const warnings = (lines: readonly string[]) =>
  lines.filter((line) => line.includes(SAID) && line.includes('"level":"warn"'));

test('of two bots with one token and two stores, only one opens a ticket, and the other one says why it does not', async () => {
  const { talk, second } = await linkInBoth();
  const { ada, world } = talk;
  const edits: number[] = [];
  const form = await ticketForm(ada);
  await refusals(talk, 1);
  world.discord.events.on('request', ({ method, status }) => method === 'PATCH' && edits.push(status));
  const opened = asMessage(await form.submit(FIELDS));
  expect(opened.text).toContain(`Ticket ${world.helpdesk.tickets[0]?.reference} is open`);
  await refusals(talk, 2);
  await Promise.all([talk.stop(), second.app.stop()]);
  expect(world.helpdesk.tickets).toHaveLength(1);
  expect(world.helpdesk.calls.filter(({ operation }) => operation === 'api_openTicket')).toHaveLength(1);
  expect(edits).toEqual([200]);
  const said = [...warnings(talk.logged), ...warnings(second.logged)];
  expect(said.length).toBeGreaterThan(0);
  expect(warnings(talk.logged).length).toBeLessThan(2);
  expect(warnings(second.logged).length).toBeLessThan(2);
  expect(said[0]).toContain('DISCORD_TOKEN');
  expect([...talk.logged, ...second.logged].filter((line) => line.includes('"level":"error"'))).toEqual([]);
});

test('after a start, the bot that did not answer leaves the reply of the other one alone', async () => {
  const { talk, second } = await linkInBoth();
  const { ada, world } = talk;
  const opened = asMessage(await (await ticketForm(ada)).submit(FIELDS));
  await refusals(talk, 2);
  await Promise.all([talk.stop(), second.app.stop()]);
  const before = opened.text;
  const edits: string[] = [];
  world.discord.events.on('request', ({ method }) => method === 'PATCH' && edits.push(method));
  await talk.start();
  await talk.stop();
  const third = await startSecondBot(talk, { LINK_VERIFICATION: 'none' });
  await third.app.stop();
  expect(edits).toEqual([]);
  expect(opened.text).toBe(before);
});

test('of two bots only one mails a code', async () => {
  const { talk } = await startTwo({ LINK_VERIFICATION: 'email' });
  const sent = asMessage(await asModal(await talk.ada.slash('link')).submit({ email: 'ada@example.org' }));
  await refusals(talk, 2);
  expect(codeIn(await talk.world.mailbox.next('ada@example.org'))).toBeDefined();
  await talk.stop();
  expect(sent.text).toContain('Code sent to');
  expect(talk.world.mailbox.mails).toHaveLength(1);
});

test('an own first answer that was lost is no other process', async () => {
  const talk = await startConversation({ env: { LINK_VERIFICATION: 'none' } });
  const { ada, world } = talk;
  for (const fault of ['callback-reset-after', 'callback-500-after'] as const) {
    world.discord.fault(fault, { times: 1 });
    asModal(await ada.slash('link'));
    world.discord.fault(fault, { times: 1 });
    asMessage(await ada.slash('account'));
  }
  await talk.stop();
  expect(world.discord.requests.filter(({ code }) => code === 40060)).toHaveLength(4);
  expect(talk.logged.filter((line) => line.includes(SAID))).toEqual([]);
});
