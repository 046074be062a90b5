import { expect, test } from 'vitest';
import type { Place } from '../../../sandbox/discord/people/place.ts';
import { asMessage } from '../../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../../sandbox/discord/people/shown-message.ts';
import { press } from '../../handlers/act.ts';
import { deleteEverything, linkAccount, submitTicket } from '../../support/conversation.ts';
import { escalate, startModerated } from '../../support/moderated.ts';
import { labels, startWithTicket, TICKET_FIELDS } from '../../support/own-ticket.ts';

const FIELDS = TICKET_FIELDS;
const NOTE = 'This customer is difficult.';
const ANSWER = 'We have restarted it.';

const list = async (place: Place) => asMessage(await place.slash('tickets'));
const show = async (message: ShownMessage) => asMessage(await message.click('Show'));

test('what was opened for somebody is listed, with reference, subject and state, and shown in private', async () => {
  const { ada, ticket } = await startWithTicket();
  const listed = await list(ada);
  expect(listed.ephemeral).toBe(true);
  expect(listed.text).toContain(`**${ticket.reference}** · ${FIELDS.subject}`);
  expect(listed.text).toMatch(/Opened · <t:\d+:R>/);
  const shown = await show(listed);
  expect(shown.text).toContain(ticket.reference);
  expect(shown.text).toContain('**Open** · opened');
  expect(shown.text).toContain(FIELDS.body);
  expect(shown.text).toContain('Nobody else has written yet.');
  expect(shown.text).toMatch(/Last touched \d{4}-\d\d-\d\d \d\d:\d\d:\d\d by the clock of the helpdesk/);
  expect(labels(shown)).toEqual(['Reply', 'Tell me when something changes', 'Back']);
  // The look is remembered.
  expect(asMessage(await shown.click('Back')).text).toContain('Open · <t:');
});

test('of posts of others there is one and when; their text, which may be an internal note, never reaches Discord', async () => {
  const { talk, ada, helpdesk, ticket } = await startWithTicket();
  helpdesk.answerAsSupport({ reference: ticket.reference, text: NOTE, isPrivate: true });
  helpdesk.answerAsSupport({ reference: ticket.reference, text: ANSWER, isPrivate: false });
  const shown = await show(await list(ada));
  expect(shown.text).toMatch(/2 posts of others, the last one \d{4}-/);
  expect(shown.text).not.toContain(NOTE);
  expect(shown.text).not.toContain(ANSWER);
  expect(shown.text).not.toContain('staff.example');
  expect(JSON.stringify(talk.logged)).not.toContain(NOTE);
});

test('where an operator says that there are no internal notes, posts of others are shown without addresses of theirs', async () => {
  const { ada, helpdesk, ticket } = await startWithTicket({ env: { HELPDESK_SHOW_POSTS: 'yes' } });
  const text = '<p>Hello @everyone,<br>done.</p><p>Sam &lt;sam@staff.example&gt;</p>';
  helpdesk.answerAsSupport({ reference: ticket.reference, text, isPrivate: false });
  const shown = await show(await list(ada));
  expect(shown.text).toContain('Hello @\u200beveryone,\n> done.');
  expect(shown.text).toContain('Sam \\<(address)>');
  expect(shown.text).not.toContain('sam@');
});

test('the newest come first, a page at a time', async () => {
  const { ada } = await startWithTicket({ env: { TICKETS_PER_HOUR: '20' } });
  for (let number = 2; number <= 8; number += 1) await submitTicket(ada, { ...FIELDS, subject: `Ticket ${number}` });
  const first = await list(ada);
  expect(first.text).toContain('Your 8 tickets');
  expect(first.text.indexOf('Ticket 8')).toBeLessThan(first.text.indexOf('Ticket 7'));
  expect(first.text).not.toContain('Ticket 2');
  const second = asMessage(await first.click('Older'));
  expect(second.text).toContain('Ticket 2');
  expect(second.text).toContain('Page 2 of 2');
  expect(labels(second)).toContain('Newer');
});

test('whose it is is asked at every look: nothing is seen without a link, or with another address', async () => {
  const { ada, world, ticket } = await startWithTicket();
  const listed = await list(ada);
  await asMessage(await ada.slash('account')).click('Unlink');
  expect((await show(listed)).text).toContain('Link your');
  const unlinked = await list(ada);
  expect(unlinked.text).not.toContain(ticket.reference);
  await linkAccount(ada, 'other@example.org', world);
  expect((await list(ada)).text).toContain('No tickets yet');
  expect(asMessage(await ada.slash('account')).text).toContain('No tickets yet');
});

test('a ticket that the helpdesk names for somebody else is shown to nobody, as one that is gone', async () => {
  const { ada, world, ticket } = await startWithTicket();
  const listed = await list(ada);
  Object.assign(ticket, { requesterEmail: 'eve@example.org' });
  const moved = await show(listed);
  expect(moved.text).toContain("This ticket can't be shown");
  expect(moved.text).not.toContain(FIELDS.body);
  world.helpdesk.fault('view-failed', { times: 1 });
  const failed = await show(await list(ada));
  expect(failed.text).toBe(moved.text);
});

test('another person cannot look at it with its button', async () => {
  const { talk, ada, world } = await startWithTicket();
  const eve = talk.join('eve');
  await linkAccount(eve, 'eve@example.org', world);
  const button = (await list(ada)).buttons.find(({ label }) => label === 'Show');
  const tried = asMessage(await press(eve, String(button?.customId)));
  expect(tried.text).toContain("This ticket can't be shown");
});

test('a helpdesk that cannot be reached is told, and the ticket is untouched', async () => {
  const { ada, world } = await startWithTicket();
  world.helpdesk.fault('reset', { operation: 'api_viewTicket', times: 1 });
  const shown = await show(await list(ada));
  expect(shown.text).toContain("Can't reach the helpdesk right now");
  expect(asMessage(await shown.click('Try again')).text).toContain('**Open**');
});

test('the way to the list is in receipts and in /account; export knows the tickets and deletion forgets them', async () => {
  const { ada, world, ticket } = await startWithTicket();
  const receipt = await submitTicket(ada, { ...FIELDS, subject: 'Another' });
  expect(asMessage(await receipt.click('My tickets')).text).toContain(ticket.reference);
  const account = asMessage(await ada.slash('account'));
  expect(account.text).toContain('🎫 2 tickets');
  expect(asMessage(await account.click('My tickets')).text).toContain('Your 2 tickets');
  const exported = asMessage(await account.click('Export my data')).files[0]?.text ?? '';
  expect(JSON.parse(exported).tickets).toMatchObject([{ reference: ticket.reference, subject: FIELDS.subject }, {}]);
  await deleteEverything(account);
  await linkAccount(ada, 'ada@example.org', world);
  expect((await list(ada)).text).toContain('No tickets yet');
});

test("a ticket that a moderator opened in their name is among their own, and not among the moderator's", async () => {
  const { ada, mia, talk } = await startModerated();
  await linkAccount(ada, 'ada@example.org', talk.world);
  await linkAccount(mia, 'mia@example.org', talk.world);
  await (await escalate(mia, await ada.say('My server is down'))).submit({ behalf: ['author'] });
  const listed = await list(ada);
  expect(listed.text).toContain(`by <@${mia.user.id}> in your name`);
  expect((await list(mia)).text).toContain('No tickets yet');
});

test('what somebody quotes in a mail is not shown, nor the address of whom they quote', async () => {
  const { ada, helpdesk, ticket } = await startWithTicket();
  const text = `Thanks.\n\nOn Friday Sam <sam@staff.example> wrote:\n> ${ANSWER}`;
  helpdesk.answerByMail({ reference: ticket.reference, text });
  const shown = await show(await list(ada));
  expect(shown.text).toContain('Thanks.');
  expect(shown.text).not.toContain('staff.example');
  expect(shown.text).not.toContain(ANSWER);
});

test('tags that are no mail program’s are the text of their writer', async () => {
  const { ada, helpdesk, ticket } = await startWithTicket();
  const text = 'My config: <VirtualHost *:80>\nServerName a\n</VirtualHost>';
  helpdesk.answerByMail({ reference: ticket.reference, text });
  expect((await show(await list(ada))).text).toContain('VirtualHost');
});

test('posts of many lines fit into the card', async () => {
  const { ada, helpdesk, ticket } = await startWithTicket({ env: { HELPDESK_SHOW_POSTS: 'yes' } });
  const text = `a${'\n'.repeat(298)}b\n${'c\n'.repeat(200)}`;
  for (let times = 0; times < 2; times += 1) {
    helpdesk.answerByMail({ reference: ticket.reference, text });
    helpdesk.answerAsSupport({ reference: ticket.reference, text, isPrivate: false });
  }
  expect((await show(await list(ada))).text).toContain(ticket.reference);
});
