import { expect, test } from 'vitest';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import { codeIn } from '../../../sandbox/mailbox.ts';
import { FIELD_NAMES, TICKET_FIELDS } from '../../../src/tickets/ticket-fields.ts';
import { linkAccount, startConversation, submitTicket } from '../../support/conversation.ts';
import { ticketForm } from '../../support/ticket-form.ts';

test('a member who is not linked yet gets from /ticket to an open ticket without starting over', async () => {
  const { ada, world } = await startConversation();

  const notLinked = asMessage(await ada.slash('ticket'));
  expect(notLinked.ephemeral).toBe(true);
  expect(notLinked.text).toContain('email first');
  const linkForm = asModal(await notLinked.click('Link account'));
  expect(linkForm.fields.map(({ customId }) => customId)).toEqual(['email']);
  const sent = asMessage(await linkForm.submit({ email: 'ada@example.org' }));
  expect(sent.ephemeral).toBe(true);
  expect(sent.text).toContain('||ada@example.org||');
  expect(sent.buttons.map(({ label }) => label)).toEqual(['Enter code', 'Send again']);

  const mail = await world.mailbox.next('ada@example.org');
  const codeForm = asModal(await sent.click('Enter code'));
  const linked = asMessage(await codeForm.submit({ code: codeIn(mail) ?? '' }));
  expect(linked.text).toContain('is linked');

  const form = asModal(await linked.click('Open a ticket'));
  expect(form.fields.map(({ customId, required }) => [customId, required])).toEqual(
    FIELD_NAMES.map((field) => [field, TICKET_FIELDS[field].isRequired]),
  );
  const opened = asMessage(
    await form.submit({ subject: 'My server is down', product: 'VPS 2', body: 'Since this morning.\nPlease help 🙏' }),
  );
  expect(opened.ephemeral).toBe(true);
  const [ticket] = world.helpdesk.tickets;
  expect(opened.text).toContain(`Ticket ${ticket?.reference} is open`);
  expect(opened.text).toContain('||ada@example.org||');
  expect(world.helpdesk.tickets).toHaveLength(1);
  expect(ticket).toMatchObject({
    requesterEmail: 'ada@example.org',
    subject: 'VPS 2 : My server is down',
    userIp: '127.0.0.1',
  });
  expect(ticket?.body).toContain('Since this morning.\nPlease help 🙏');
  expect(ticket?.body).toContain(`\n\n-- \nDiscord: ada (${ada.user.id}), #help in Example Hosting (`);
});

test('HELPDESK_USER_IP is the address that the helpdesk gets, and MAIL_FROM the sender of the code', async () => {
  const { ada, world } = await startConversation({
    env: { HELPDESK_USER_IP: '192.0.2.77', MAIL_FROM: 'Desk <desk@example.com>' },
  });
  await linkAccount(ada, 'ada@example.org', world);
  expect(world.mailbox.mails[0]?.from).toBe('desk@example.com');
  await submitTicket(ada, { subject: 'My server is down', body: 'Since this morning.' });
  expect(world.helpdesk.tickets[0]?.userIp).toBe('192.0.2.77');
});

test('a link without a proof counts no longer when LINK_VERIFICATION asks for one', async () => {
  const talk = await startConversation({ env: { LINK_VERIFICATION: 'none' } });
  const { ada, world } = talk;
  await asModal(await ada.slash('link')).submit({ email: 'somebody-else@example.org' });
  const form = await ticketForm(ada);
  await talk.stop();
  await talk.start({ LINK_VERIFICATION: 'email' });

  const kept = asMessage(await form.submit({ subject: 'Mine?', body: 'No' }));
  expect(kept.text).toContain('Link your email at the helpdesk first');
  expect(asMessage(await ada.slash('ticket')).text).toContain('email first');
  expect(asMessage(await ada.slash('account')).text).toContain('This proof no longer counts here');
  expect(world.helpdesk.tickets).toEqual([]);
});
