import { expect, test } from 'vitest';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import { codeIn } from '../../../sandbox/mailbox.ts';
import { deleteEverything, linkAccount, startConversation, submitTicket } from '../../support/conversation.ts';

const FIELDS = { subject: 'My server is down', body: 'Since this morning.' };

/** A person in direct messages with the bot. */
async function startDirect(env: Record<string, string> = {}) {
  const talk = await startConversation({ env });
  return { talk, world: talk.world, ada: talk.ada.user.inDirectMessage(), inServer: talk.ada };
}

test('in direct messages the bot offers what members do, and nothing for moderators', async () => {
  const { ada, inServer } = await startDirect();
  expect(ada.commands.map(({ name }) => name).sort()).toEqual(['account', 'link', 'ticket', 'tickets']);
  expect(inServer.commands.map(({ name }) => name).sort()).toEqual(['account', 'link', 'ticket', 'tickets']);
});

test('somebody who writes to the bot alone gets from /ticket to an open ticket', async () => {
  const { ada, world } = await startDirect();
  const notLinked = asMessage(await ada.slash('ticket'));
  expect(notLinked.text).toContain('email first');
  const sent = asMessage(await asModal(await notLinked.click('Link account')).submit({ email: 'ada@example.org' }));
  const code = codeIn(await world.mailbox.next('ada@example.org')) ?? '';
  const linked = asMessage(await asModal(await sent.click('Enter code')).submit({ code }));
  expect(linked.text).toContain('is linked');
  const opened = asMessage(await asModal(await linked.click('Open a ticket')).submit(FIELDS));
  const [ticket] = world.helpdesk.tickets;
  expect(opened.text).toContain(`Ticket ${ticket?.reference} is open`);
  expect(ticket?.requesterEmail).toBe('ada@example.org');
  expect(ticket?.body).toContain(`Discord: ada (${ada.user.id}), direct message with the bot`);
});

test('who linked in a server is linked in direct messages, and the other way round', async () => {
  const { ada, inServer, world } = await startDirect();
  await linkAccount(inServer, 'ada@example.org', world);
  expect((await submitTicket(ada, FIELDS)).text).toContain('is open');
  await asMessage(await ada.slash('account')).click('Unlink');
  expect(asMessage(await inServer.slash('ticket')).text).toContain('email first');
  await linkAccount(ada, 'lovelace@example.org', world);
  expect((await submitTicket(inServer, { ...FIELDS, body: 'Still down.' })).text).toContain('||lovelace@example.org||');
});

test('a code that was asked for in a server can be entered in direct messages', async () => {
  const { ada, inServer, world } = await startDirect();
  await asModal(await inServer.slash('link')).submit({ email: 'ada@example.org' });
  const code = codeIn(await world.mailbox.next('ada@example.org')) ?? '';
  const account = asMessage(await ada.slash('account'));
  expect(asMessage(await asModal(await account.click('Enter code')).submit({ code })).text).toContain('is linked');
});

test('/account shows, exports, changes and removes everything in direct messages', async () => {
  const { ada, world } = await startDirect();
  await linkAccount(ada, 'ada@example.org', world);
  world.helpdesk.fault('refused', { times: 1 });
  await submitTicket(ada, FIELDS);
  const account = asMessage(await ada.slash('account'));
  expect(account.text).toContain('||ada@example.org||');
  const [file] = asMessage(await account.click('Export my data')).files;
  expect(file?.text).toContain('ada@example.org');
  expect(file?.text).toContain(FIELDS.body);
  expect(asMessage(await account.click("Don't allow")).text).toContain('may not open tickets in your name');
  expect((await deleteEverything(account)).text).toContain('Everything about you was deleted');
  expect(asMessage(await ada.slash('account')).text).toContain('Nothing is stored about you.');
});

test('a ticket that the helpdesk did not take can be edited and sent again in direct messages', async () => {
  const { ada, world } = await startDirect();
  await linkAccount(ada, 'ada@example.org', world);
  world.helpdesk.fault('refused', { times: 2 });
  const refused = await submitTicket(ada, FIELDS);
  expect(refused.text).toContain('Nothing was opened');
  await refused.click('Try again');
  const form = asModal(await refused.click('Edit'));
  expect(form.field('body').value).toBe(FIELDS.body);
  expect(asMessage(await form.submit({ body: 'Since yesterday.' })).text).toContain('is open');
});

test('everything that the bot says in direct messages is private, as in a server', async () => {
  const { ada, world } = await startDirect();
  await ada.slash('ticket');
  await linkAccount(ada, 'ada@example.org', world);
  await submitTicket(ada, FIELDS);
  await asMessage(await ada.slash('account')).click('Export my data');
  await asModal(await ada.slash('link')).submit({ email: 'not an address' });
  const told = ada.messages.filter(({ author }) => author.bot);
  expect(told.length).toBeGreaterThan(5);
  expect(told.every(({ ephemeral }) => ephemeral)).toBe(true);
});

test('a moderator’s buttons do nothing in direct messages', async () => {
  const { talk, ada } = await startDirect();
  await talk.stop();
  await talk.start({ LINK_VERIFICATION: 'moderator', AUDIT_CHANNEL_ID: ada.channel.id });
  const shown = asMessage(await ada.sendRaw({ customId: `link-approve:${ada.user.id}:x` }));
  expect(shown.text).toContain('Only moderators can do that');
});
