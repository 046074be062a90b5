import { expect, test } from 'vitest';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../../sandbox/discord/people/shown-message.ts';
import { codeIn } from '../../../sandbox/mailbox.ts';
import { deleteEverything, linkAccount, startConversation, submitTicket } from '../../support/conversation.ts';
import { noticeOf } from '../../support/ticket-form.ts';
import {
  directMessages,
  notTold,
  passLooks,
  passUntil,
  passUntilNotTold,
  passUntilTold,
  watchTicket,
} from '../../support/watched.ts';

const FIELDS = { subject: 'My server is down', body: 'Since this morning.' };
const NOTE = 'The customer forgot to pay. Wait.';
const MINUTE = 60_000;
const TELL_ME = 'Tell me when something changes';
const labels = (message: ShownMessage) => message.buttons.map(({ label }) => label);

test('whoever says so at the receipt is told once when support answers, without any text, and Show shows the ticket', async () => {
  const talk = await startConversation();
  const { ada, helpdesk, reference, receipt, told } = await watchTicket(talk);
  expect(labels(receipt)).toContain(TELL_ME);
  expect(told.text).toContain("We'll tell you when something changes");
  helpdesk.answerAsSupport({ reference, text: 'Please restart it.', isPrivate: false });
  const notice = await passUntilTold(talk, ada);
  expect(notice.text).toContain(`Something changed at ${reference}`);
  expect(notice.text).not.toContain(FIELDS.subject);
  expect(notice.text).not.toContain('restart');
  expect(labels(notice)).toEqual(['Show', 'Stop']);
  await passLooks(talk, 4);
  expect(directMessages(ada)).toHaveLength(1);
  const listed = asMessage(await ada.slash('tickets'));
  expect(listed.text).toContain('Something changed');
  const shown = asMessage(await notice.click('Show'));
  expect(shown.ephemeral).toBe(true);
  expect(shown.text).toContain('1 post of somebody else');
  expect(labels(shown)).toContain('Stop telling me');
  expect(asMessage(await ada.slash('tickets')).text).not.toContain('Something changed');
});

test("no internal note's text ever reaches Discord or the log", async () => {
  const talk = await startConversation();
  const { ada, helpdesk, world, reference } = await watchTicket(talk);
  helpdesk.answerAsSupport({ reference, text: NOTE, isPrivate: true });
  const notice = await passUntilTold(talk, ada);
  asMessage(await notice.click('Show'));
  asMessage(await asMessage(await ada.slash('tickets')).click('Show'));
  await talk.stop();
  expect(
    JSON.stringify([...world.discord.world.messages.values()].map(({ content, wire }) => [content, wire])),
  ).not.toContain(NOTE);
  expect(talk.logged.filter((line) => line.includes(NOTE))).toEqual([]);
});

test('own replies are no news, from Discord or by mail, also where the ticket is open again because of one', async () => {
  const talk = await startConversation();
  const { ada, helpdesk, reference } = await watchTicket(talk);
  helpdesk.answerByMail({ reference, text: 'Still down.' });
  await passLooks(talk, 2);
  const shown = asMessage(await asMessage(await ada.slash('tickets')).click('Show'));
  const form = asModal(await shown.click('Reply'));
  await form.submit({ body: 'I have restarted it.' });
  await passLooks(talk, 3);
  expect(directMessages(ada)).toEqual([]);
  helpdesk.setState(reference, 'On Hold');
  await passUntilTold(talk, ada);
  helpdesk.answerByMail({ reference, text: 'And now?' });
  await passLooks(talk, 3);
  expect(directMessages(ada)).toHaveLength(1);
});

test('Stop in the direct message holds, and the message stays', async () => {
  const talk = await startConversation();
  const { ada, helpdesk, reference } = await watchTicket(talk);
  helpdesk.setState(reference, 'In Progress');
  const notice = await passUntilTold(talk, ada);
  expect(asMessage(await notice.click('Stop')).text).toContain("We won't tell you about changes");
  expect(notice.text).toContain(reference);
  const before = helpdesk.calls.length;
  helpdesk.setState(reference, 'On Hold');
  await talk.clock.passSlowly(60 * MINUTE, MINUTE);
  expect(helpdesk.calls).toHaveLength(before);
  expect(directMessages(ada)).toHaveLength(1);
});

test('it is turned on and off in /account and at the ticket, and offered where it is off alone', async () => {
  const talk = await startConversation();
  const { ada, world } = talk;
  await linkAccount(ada, 'ada@example.org', world);
  const account = asMessage(await ada.slash('account'));
  expect(account.text).toContain("We don't tell you when something changes");
  const on = asMessage(await account.click(TELL_ME));
  expect(on.text).toContain('We tell you when something changes');
  // Now it is on: the receipt does not ask again.
  expect(labels(await submitTicket(ada, FIELDS))).not.toContain(TELL_ME);
  expect(asMessage(await on.click('Stop telling me')).text).toContain("We don't tell you");
  const shown = asMessage(await asMessage(await ada.slash('tickets')).click('Show'));
  expect(labels(shown)).toContain(TELL_ME);
  asMessage(await shown.click(TELL_ME));
  expect(labels(asMessage(await asMessage(await ada.slash('tickets')).click('Show')))).toContain('Stop telling me');
});

test('who is not linked is asked to link first', async () => {
  const talk = await startConversation();
  const { ada, helpdesk, receipt } = await watchTicket(talk);
  const before = helpdesk.calls.length;
  asMessage(await asMessage(await ada.slash('account')).click('Unlink'));
  expect(labels(asMessage(await receipt.click(TELL_ME)))).toContain('Link account');
  await talk.clock.passSlowly(30 * MINUTE, MINUTE);
  expect(helpdesk.calls).toHaveLength(before);
});

test('with direct messages closed it is told at the next command, and after three in a row that this ends', async () => {
  const talk = await startConversation();
  const { ada, helpdesk, reference } = await watchTicket(talk);
  ada.user.closeDirectMessages();
  helpdesk.setState(reference, 'In Progress');
  await passUntil(talk, () => notTold(talk) === 1);
  await passLooks(talk, 1);
  const first = asMessage(await ada.slash('ticket'));
  expect(first.text).toContain(`Something changed at ${reference}`);
  expect(labels(first)).toEqual(['Show', 'Stop', 'Open a ticket']);
  helpdesk.setState(reference, 'On Hold');
  await passUntil(talk, () => notTold(talk) === 2);
  await passLooks(talk, 1);
  helpdesk.setState(reference, 'Open');
  await passUntil(talk, () => notTold(talk) === 3);
  await passUntil(talk, async () => asMessage(await ada.slash('account')).text.includes("We don't tell you"));
  await ada.user.waitFor(({ text }) => text.includes('We stopped telling you about changes'));
  ada.user.openDirectMessages();
  helpdesk.setState(reference, 'On Hold');
  await talk.clock.passSlowly(60 * MINUTE, MINUTE);
  expect(directMessages(ada)).toEqual([]);
});

test('who has looked before the next command is not told again there', async () => {
  const talk = await startConversation();
  const { ada, helpdesk, reference } = await watchTicket(talk);
  const listed = asMessage(await ada.slash('tickets'));
  ada.user.closeDirectMessages();
  helpdesk.setState(reference, 'In Progress');
  await passUntil(talk, () => notTold(talk) === 1);
  await passLooks(talk, 1);
  expect(asMessage(await listed.click('Show')).text).toContain('**In Progress**');
  // Otherwise it would be told before the form.
  asModal(await ada.slash('ticket'));
});

test('whoever never got to see it is told at the next command all the same', async () => {
  const talk = await startConversation();
  const { ada, world, helpdesk, reference } = await watchTicket(talk);
  const listed = asMessage(await ada.slash('tickets'));
  ada.user.closeDirectMessages();
  helpdesk.setState(reference, 'In Progress');
  await passUntil(talk, () => notTold(talk) === 1);
  await passLooks(talk, 1);
  world.discord.fault('edit-unknown-message', { times: 1 });
  await listed.click('Show', { untilAcknowledged: true });
  await world.activity.until({
    look: () => world.discord.requests.find(({ code }) => code === 10008),
    describe: () => 'the ticket that Discord did not show',
  });
  const told = await noticeOf(ada);
  expect(asMessage(told).text).toContain(`Something changed at ${reference}`);
});

test.each(['Unlink', 'another address'] as const)(
  'after %s nothing is told at the next command either',
  async (how) => {
    const talk = await startConversation();
    const { ada, world, helpdesk, reference } = await watchTicket(talk);
    const account = asMessage(await ada.slash('account'));
    const form = asModal(await ada.slash('link'));
    ada.user.closeDirectMessages();
    helpdesk.setState(reference, 'In Progress');
    await passUntil(talk, () => notTold(talk) === 1);
    await passLooks(talk, 1);
    if (how === 'Unlink') asMessage(await account.click('Unlink'));
    const email = 'ada.new@example.org';
    const sent = asMessage(await form.submit({ email }));
    const code = codeIn(await world.mailbox.next(email)) ?? '';
    await asModal(await sent.click('Enter code')).submit({ code });
    // Otherwise it would be told before the form.
    asModal(await ada.slash('ticket'));
    expect(ada.user.messages.filter(({ text }) => text.includes('Something changed'))).toEqual([]);
  },
);

test.each(['Unlink', 'another address', 'erase'] as const)('%s ends it', async (how) => {
  const talk = await startConversation();
  const { ada, world, helpdesk, reference } = await watchTicket(talk);
  helpdesk.setState(reference, 'In Progress');
  if (how === 'Unlink') asMessage(await asMessage(await ada.slash('account')).click('Unlink'));
  if (how === 'another address') await linkAccount(ada, 'ada.new@example.org', world);
  if (how === 'erase') await deleteEverything(asMessage(await ada.slash('account')));
  const looks = () => helpdesk.calls.filter(({ operation }) => operation === 'api_viewTicket').length;
  const before = looks();
  await talk.clock.passSlowly(60 * MINUTE, MINUTE);
  expect(looks()).toBe(before);
  expect(directMessages(ada)).toEqual([]);
});

test('the word survives a restart, and what changed meanwhile is told', async () => {
  const talk = await startConversation();
  const { ada, helpdesk, reference } = await watchTicket(talk);
  await talk.stop();
  helpdesk.answerAsSupport({ reference, text: 'Done.', isPrivate: false });
  talk.passTime(60 * MINUTE);
  await talk.start();
  expect((await passUntilTold(talk, ada)).text).toContain(reference);
});

test('a message of which Discord did not say that it has it is sent again and is one', async () => {
  const talk = await startConversation();
  const { ada, helpdesk, world, reference } = await watchTicket(talk);
  world.discord.fault('message-reset-after', { times: 2 });
  helpdesk.setState(reference, 'In Progress');
  await passUntilNotTold(talk);
  expect(directMessages(ada)).toHaveLength(1);
  const posts = () =>
    world.discord.requests.filter(
      ({ method, route, status }) => method === 'POST' && route === '/channels/:channel/messages' && status === 200,
    ).length;
  const before = posts();
  await talk.clock.passSlowly(40_000, 1000);
  await world.activity.until({ look: () => posts() > before || undefined, describe: () => 'the message once more' });
  await passLooks(talk, 3);
  expect(directMessages(ada)).toHaveLength(1);
  // It was delivered: the next command has nothing to tell.
  asModal(await ada.slash('ticket'));
});

test('a bot that stops before Discord took it sends it after a start, within two minutes', async () => {
  const talk = await startConversation();
  const { ada, helpdesk, world, reference } = await watchTicket(talk);
  world.discord.fault('message-500');
  helpdesk.setState(reference, 'In Progress');
  await passUntilNotTold(talk);
  await talk.stop();
  world.discord.clearFaults();
  talk.passTime(40_000);
  await talk.start();
  await ada.user.waitFor(({ text }) => text.includes(`Something changed at ${reference}`));
  await passLooks(talk, 3);
  expect(directMessages(ada)).toHaveLength(1);
});

test('after two minutes nobody knows whether it has arrived: the next command tells it', async () => {
  const talk = await startConversation();
  const { ada, helpdesk, world, reference } = await watchTicket(talk);
  world.discord.fault('message-500');
  helpdesk.setState(reference, 'In Progress');
  await passUntilNotTold(talk);
  await talk.stop();
  world.discord.clearFaults();
  talk.passTime(3 * MINUTE);
  await talk.start();
  await passLooks(talk, 2);
  expect(directMessages(ada)).toEqual([]);
  expect(asMessage(await ada.slash('ticket')).text).toContain(`Something changed at ${reference}`);
});

test('with WATCH_LOOKS_PER_MINUTE=0 it is offered to nobody', async () => {
  const talk = await startConversation({ env: { WATCH_LOOKS_PER_MINUTE: '0' } });
  const { ada, world } = talk;
  await linkAccount(ada, 'ada@example.org', world);
  expect(labels(await submitTicket(ada, FIELDS))).not.toContain(TELL_ME);
  expect(asMessage(await ada.slash('account')).text).not.toContain('something changes');
});
