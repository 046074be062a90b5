import { expect, test } from 'vitest';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import { linkAccount, submitTicket } from '../../support/conversation.ts';
import { startModerated } from '../../support/moderated.ts';
import {
  ANSWER,
  answer,
  answerForm,
  beginDoubtful,
  labels,
  shownTicket,
  startWithTicket,
  TICKET_FIELDS,
} from '../../support/own-ticket.ts';

const FIELDS = TICKET_FIELDS;

test('an answer is posted to its ticket as it was typed, in the name of its person, and told', async () => {
  const { ada, ticket } = await startWithTicket();
  const form = await answerForm(ada);
  expect(form.title).toBe(`Reply to ${ticket.reference}`);
  const told = asMessage(await form.submit({ body: ANSWER }));
  expect(told.text).toContain(`Your reply is in ${ticket.reference}`);
  expect(ticket.posts.at(-1)).toMatchObject({ authorEmail: 'ada@example.org', contents: ANSWER });
  const shown = asMessage(await asMessage(await told.click('My tickets')).click('Show'));
  expect(shown.text).toContain('kernel panic');
});

test('what the helpdesk refuses is saved, can be changed, and is posted once', async () => {
  const { ada, helpdesk, ticket } = await startWithTicket();
  helpdesk.fault('post-refused', { times: 1 });
  const refused = await answer(ada);
  expect(refused.text).toContain('Nothing was posted');
  const edit = asModal(await refused.click('Edit'));
  expect(edit.field('body').value).toBe(ANSWER);
  const told = asMessage(await edit.submit({ body: `${ANSWER} Twice.` }));
  expect(told.text).toContain('Your reply is in');
  expect(ticket.posts).toHaveLength(2);
});

test('a doubtful answer that was posted is found by a look, and told as posted', async () => {
  const { talk, ada, helpdesk, ticket } = await startWithTicket();
  helpdesk.fault('post-then-exception', { times: 1 });
  const message = await beginDoubtful(ada);
  const told = message.nextEdit();
  await talk.clock.passUntil(told);
  expect((await told).text).toContain(`Your reply is in ${ticket.reference}`);
  expect(ticket.posts).toHaveLength(2);
  expect(asMessage(await ada.slash('account')).text).not.toContain('unsent');
});

test('three looks without it leave a doubt: nothing is repeated, and the person decides', async () => {
  const { talk, ada, helpdesk, ticket } = await startWithTicket();
  helpdesk.fault('post-not-written-exception', { times: 1 });
  const message = await beginDoubtful(ada);
  const views = () => helpdesk.calls.filter(({ operation }) => operation === 'api_viewTicket').length;
  const before = views();
  const told = message.nextEdit();
  await talk.clock.passUntil(told);
  expect((await told).text).toContain('Not sure your reply went through');
  expect(views() - before).toBe(3);
  expect(ticket.posts).toHaveLength(1);
  expect(labels(message)).toEqual(['Send it again: it may appear twice', 'Edit', 'Show my text', 'My tickets']);
  const sent = asMessage(await message.click('Send it again: it may appear twice'));
  expect(sent.text).toContain('Your reply is in');
  expect(ticket.posts).toHaveLength(2);
});

test('an older post with the same text does not pass for the answer', async () => {
  const { talk, ada, helpdesk, ticket } = await startWithTicket();
  await answer(ada, 'Any news?');
  helpdesk.answerByMail({ reference: ticket.reference, text: 'Something else' });
  talk.passTime(25 * 3_600_000);
  helpdesk.fault('post-not-written-exception', { times: 1 });
  const message = await beginDoubtful(ada, 'Any news?');
  const told = message.nextEdit();
  await talk.clock.passUntil(told);
  expect((await told).text).toContain('Not sure your reply went through');
});

test('the looks survive a restart', async () => {
  const { talk, ada, helpdesk, ticket } = await startWithTicket();
  helpdesk.fault('post-then-exception', { times: 1 });
  const message = await beginDoubtful(ada);
  await talk.stop();
  expect(message.text).toContain('Checking whether your reply went through');
  const told = message.nextEdit();
  await talk.start();
  await talk.clock.passUntil(told);
  expect((await told).text).toContain(`Your reply is in ${ticket.reference}`);
  expect(ticket.posts).toHaveLength(2);
});

test('the same answer twice is posted once, unless the person wants it there twice', async () => {
  const { ada, ticket } = await startWithTicket();
  await answer(ada);
  const again = await answer(ada);
  expect(again.text).toContain('Already posted to');
  expect(ticket.posts).toHaveLength(2);
  const twice = asMessage(await again.click('Send it once more'));
  expect(twice.text).toContain('Your reply is in');
  expect(ticket.posts).toHaveLength(3);
});

test('the same words in two tickets are two answers', async () => {
  const { ada, helpdesk } = await startWithTicket();
  await answer(ada);
  await submitTicket(ada, { ...FIELDS, subject: 'Another' });
  const told = await answer(ada);
  expect(told.text).toContain('Your reply is in');
  expect(helpdesk.tickets.map(({ posts }) => posts.length)).toEqual([2, 2]);
});

test.each(['0', ' 0\n', '\u200b'])('%j is no answer: it is not sent', async (body) => {
  const { ada, ticket } = await startWithTicket();
  const told = await answer(ada, body);
  expect(told.text).toContain('Please fix this first');
  expect(ticket.posts).toHaveLength(1);
});

test('a closed ticket has no way to answer, and one that closes meanwhile takes none', async () => {
  const { ada, helpdesk, ticket } = await startWithTicket();
  const form = await answerForm(ada);
  const shown = await shownTicket(ada);
  helpdesk.setState(ticket.reference, 'Closed');
  expect(asMessage(await form.submit({ body: ANSWER })).text).toContain('This ticket is closed');
  expect(labels(await shownTicket(ada))).toEqual(['Back']);
  expect(asMessage(await shown.click('Reply')).text).toContain('is closed');
  expect(ticket.posts).toHaveLength(1);
});

test('nobody answers a ticket that is not theirs (any more), nor with a form that was open before', async () => {
  const { ada, world, ticket } = await startWithTicket();
  const form = await answerForm(ada);
  await asMessage(await ada.slash('account')).click('Unlink');
  await linkAccount(ada, 'other@example.org', world);
  const told = asMessage(await form.submit({ body: ANSWER }));
  expect(told.text).toContain("This ticket can't be answered here");
  expect(ticket.posts).toHaveLength(1);
});

test('the helpdesk is asked whose it is right before an answer is sent', async () => {
  const { ada, ticket } = await startWithTicket();
  const form = await answerForm(ada);
  Object.assign(ticket, { requesterEmail: 'eve@example.org' });
  expect(asMessage(await form.submit({ body: ANSWER })).text).toContain("This ticket can't be answered here");
  expect(ticket.posts).toHaveLength(1);
});

test('a pause and a block are told before the form', async () => {
  const { talk, ada, mia } = await startModerated();
  await linkAccount(ada, 'ada@example.org', talk.world);
  await submitTicket(ada, FIELDS);
  const shown = await shownTicket(ada);
  await mia.slash('helpdesk pause', { notice: 'We are moving.' });
  expect(asMessage(await shown.click('Reply')).text).toContain('We are moving.');
  await mia.slash('helpdesk resume');
  await mia.slash('helpdesk block', { user: ada.user.id, reason: 'Spam' });
  expect(asMessage(await shown.click('Reply')).text).toContain('Spam');
});

test('a helpdesk that is away: the answer waits for it when its person says so, and is posted once', async () => {
  const { talk, ada, helpdesk, ticket } = await startWithTicket();
  const form = await answerForm(ada);
  helpdesk.fault('reset', { operation: 'api_viewTicket' });
  helpdesk.fault('reset', { operation: 'api_login' });
  const told = asMessage(await form.submit({ body: ANSWER }));
  expect(told.text).toContain('Nothing was posted');
  const waiting = asMessage(await told.click("Send when it's back"));
  expect(waiting.text).toContain('Sent as soon as');
  expect(waiting.text).toContain('Nothing was posted yet');
  helpdesk.clearFaults();
  const sent = waiting.until(({ text }) => text.includes('Your reply is in'));
  await talk.clock.passUntil(sent);
  expect(ticket.posts).toHaveLength(2);
});

test('Cancel does not hide that the same answer was posted with another form meanwhile', async () => {
  const { ada, helpdesk, ticket } = await startWithTicket();
  const form = await answerForm(ada);
  const other = await answerForm(ada);
  helpdesk.fault('reset', { operation: 'api_viewTicket' });
  helpdesk.fault('reset', { operation: 'api_login' });
  const told = asMessage(await form.submit({ body: ANSWER }));
  const waiting = asMessage(await told.click("Send when it's back"));
  // Logins go on failing, so nothing is sent by itself; the session that there is still works.
  helpdesk.clearFaults();
  helpdesk.fault('reset', { operation: 'api_login' });
  await other.submit({ body: ANSWER });
  expect(ticket.posts).toHaveLength(2);
  const cancelled = asMessage(await waiting.click('Cancel'));
  expect(cancelled.text).toContain('is in the ticket already');
});
