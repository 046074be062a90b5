import { expect, test } from 'vitest';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import { deleteEverything, linkAccount, submitTicket } from '../../support/conversation.ts';
import { ANSWER, answerForm, beginDoubtful, labels, startWithTicket, TICKET_FIELDS } from '../../support/own-ticket.ts';

test.each([
  ['<VirtualHost *:443></VirtualHost>', '<div><img src="cid:screenshot"></div>'],
  ['<a>one</a>', '<b>one</b>'],
])('a text of tags alone (%s) is not found in another post', async (body, mail) => {
  const { talk, ada, helpdesk, ticket } = await startWithTicket();
  helpdesk.fault('post-not-written-exception', { times: 1 });
  const message = await beginDoubtful(ada, body);
  const told = message.nextEdit();
  helpdesk.answerByMail({ reference: ticket.reference, text: mail });
  await talk.clock.passUntil(told);
  expect((await told).text).toContain('Not sure your reply went through');
  expect(asMessage(await message.click('Show my text')).text).toContain(body);
});

test.each(['<VirtualHost *:443>\r\n</VirtualHost>', 'a &amp; b', '日本語 '.repeat(300), 'x\u0007y'])(
  'a posted text is found whatever it is made of (%j)',
  async (body) => {
    const { talk, ada, helpdesk, ticket } = await startWithTicket();
    helpdesk.fault('post-then-exception', { times: 1 });
    const message = await beginDoubtful(ada, body);
    const told = message.nextEdit();
    await talk.clock.passUntil(told);
    expect((await told).text).toContain(`Your reply is in ${ticket.reference}`);
  },
);

test('a text that was changed meanwhile does not pass for the one that was sent, also after a restart', async () => {
  const { talk, ada, helpdesk, ticket } = await startWithTicket();
  helpdesk.answerByMail({ reference: ticket.reference, text: 'Any news?' });
  helpdesk.fault('post-not-written-exception', { times: 1 });
  const message = await beginDoubtful(ada, 'It is down again.');
  const drafts = asMessage(await asMessage(await ada.slash('account')).click('Drafts'));
  await asModal(await drafts.click('Edit')).submit({ body: 'Any news?' });
  await talk.stop();
  const told = message.nextEdit();
  await talk.start();
  await talk.clock.passUntil(told);
  expect((await told).text).toContain('Not sure your reply went through');
  expect(asMessage(await message.click('Show my text')).text).toContain('Any news?');
});

test('a posted answer is found although its text was changed meanwhile, and the new text stays', async () => {
  const { talk, ada, helpdesk, ticket } = await startWithTicket();
  helpdesk.fault('post-then-exception', { times: 1 });
  const message = await beginDoubtful(ada);
  const drafts = asMessage(await asMessage(await ada.slash('account')).click('Drafts'));
  await asModal(await drafts.click('Edit')).submit({ body: 'Something else.' });
  await talk.stop();
  const told = message.nextEdit();
  await talk.start();
  await talk.clock.passUntil(told);
  expect((await told).text).toContain(`Your reply is in ${ticket.reference}`);
  expect(asMessage(await ada.slash('account')).text).toContain('1 unsent');
});

test('a text that was deleted meanwhile is not promised', async () => {
  const { talk, ada, helpdesk } = await startWithTicket();
  helpdesk.fault('post-not-written-exception', { times: 1 });
  const message = await beginDoubtful(ada);
  const told = message.nextEdit();
  await asMessage(await asMessage(await ada.slash('account')).click('Drafts')).click('Delete');
  await talk.clock.passUntil(told);
  expect((await told).text).toContain('Not sure your reply went through');
  expect(message.text).not.toContain('Your text is saved');
  expect(labels(message)).toEqual(['My tickets']);
});

test('whoever has everything deleted meanwhile is not promised their text either', async () => {
  const { talk, ada, helpdesk } = await startWithTicket();
  helpdesk.fault('post-not-written-exception', { times: 1 });
  const message = await beginDoubtful(ada);
  const told = message.nextEdit();
  await deleteEverything(asMessage(await ada.slash('account')));
  await talk.clock.passUntil(told);
  await told;
  expect(message.text).not.toContain('Your text is saved');
});

test('an answer that was erased during its call is told as an answer after a restart', async () => {
  const { talk, ada, helpdesk } = await startWithTicket();
  const form = await answerForm(ada);
  helpdesk.fault('post-hang', { times: 1 });
  const calling = helpdesk.nextCall('api_ticketPost');
  const message = asMessage(await form.submit({ body: ANSWER }, { untilAcknowledged: true }));
  await calling;
  await deleteEverything(asMessage(await ada.slash('account')));
  await talk.clock.passUntil(talk.stop());
  if (!message.text.includes('Not sure your reply')) {
    const told = message.nextEdit();
    await talk.start();
    await talk.clock.passUntil(told);
  }
  expect(message.text).toContain('Not sure your reply went through');
  expect(message.text).not.toContain('ticket was opened');
});

test('looks that fail are made again, and say nothing of the answer', async () => {
  const { talk, ada, helpdesk, ticket } = await startWithTicket();
  helpdesk.fault('post-then-exception', { times: 1 });
  const message = await beginDoubtful(ada);
  helpdesk.fault('view-reset', { times: 4 });
  const told = message.nextEdit();
  await talk.clock.passUntil(told);
  expect((await told).text).toContain(`Your reply is in ${ticket.reference}`);
});

test('when no look gets through, nobody says that the answer is not there', async () => {
  const { talk, ada, helpdesk } = await startWithTicket();
  helpdesk.fault('post-then-exception', { times: 1 });
  const message = await beginDoubtful(ada);
  helpdesk.fault('view-reset');
  const told = message.nextEdit();
  await talk.clock.passUntil(told);
  expect((await told).text).toContain("couldn't be found out whether it is in");
});

test.each(['api_viewTicket', 'api_login'])('a firewall at %s has not refused the text', async (operation) => {
  const { ada, helpdesk } = await startWithTicket();
  const form = await answerForm(ada);
  helpdesk.expireSessions();
  helpdesk.fault('forbidden', { operation, times: 1 });
  const told = asMessage(await form.submit({ body: ANSWER }));
  expect(told.text).not.toContain("This text didn't get through");
  expect(told.text).toContain('Nothing was posted');
});

test('the same answer is asked about although it was written without a link', async () => {
  const { ada, world, ticket } = await startWithTicket();
  const form = await answerForm(ada);
  await asMessage(await ada.slash('account')).click('Unlink');
  const told = asMessage(await form.submit({ body: ANSWER }));
  await linkAccount(ada, 'ada@example.org', world);
  expect(asMessage(await told.click('Try again')).text).toContain('Your reply is in');
  const again = asMessage(await (await answerForm(ada)).submit({ body: ANSWER }));
  expect(again.text).toContain('Already posted to');
  expect(ticket.posts).toHaveLength(2);
});

test('one ticket that cannot be read shuts the helpdesk for nobody', async () => {
  const { talk, ada, world, helpdesk, ticket } = await startWithTicket();
  const bob = talk.join('bob');
  await linkAccount(bob, 'bob@example.org', world);
  const form = await answerForm(ada);
  helpdesk.answerByMail({ reference: ticket.reference, text: 'x'.repeat(1024 * 1024 + 10) });
  for (let times = 0; times < 6; times += 1) {
    const list = asMessage(await ada.slash('tickets'));
    expect(asMessage(await list.click('Show')).text).toContain("This ticket can't be shown");
  }
  // Nor does an answer to it, which is sent at no time.
  const told = asMessage(await form.submit({ body: ANSWER }));
  expect(told.text).toContain("This ticket can't be answered here");
  expect(labels(told)).not.toContain("Send when it's back");
  expect((await submitTicket(bob, { ...TICKET_FIELDS, subject: 'Bob' })).text).toContain('is open');
});

test('looks that hang hold up nobody who sends, and end', async () => {
  const { talk, ada, world, helpdesk } = await startWithTicket({ env: { HELPDESK_CONCURRENCY: '2' } });
  const bob = talk.join('bob');
  await linkAccount(bob, 'bob@example.org', world);
  const list = asMessage(await ada.slash('tickets'));
  helpdesk.fault('view-hang', { times: 2 });
  const called = helpdesk.nextCall('api_viewTicket');
  const look = list.click('Show');
  await called;
  const told = await submitTicket(bob, { ...TICKET_FIELDS, subject: 'Bob' });
  expect(told.text).toContain('is open');
  await talk.clock.passUntil(look);
  expect(asMessage(await look).text).toContain("Can't reach the helpdesk");
});

test('a doubtful answer holds up nobody else who waits for the helpdesk', async () => {
  const { talk, ada, world, helpdesk } = await startWithTicket();
  const bob = talk.join('bob');
  await linkAccount(bob, 'bob@example.org', world);
  const form = await answerForm(ada);
  const bobForm = asModal(await bob.slash('ticket'));
  helpdesk.expireSessions();
  helpdesk.fault('reset', { operation: 'api_login' });
  await asMessage(await form.submit({ body: ANSWER })).click("Send when it's back");
  await asMessage(await bobForm.submit({ ...TICKET_FIELDS, subject: 'Bob' })).click("Send when it's back");
  helpdesk.clearFaults();
  helpdesk.fault('post-not-written-exception', { times: 1 });
  const looked = helpdesk.nextCall('api_ticketPost');
  const opened = helpdesk.nextCall('api_openTicket');
  await talk.clock.passUntil(looked);
  await talk.clock.passUntil(opened);
  expect(helpdesk.calls.filter(({ operation }) => operation === 'api_viewTicket').length).toBeLessThan(5);
});
