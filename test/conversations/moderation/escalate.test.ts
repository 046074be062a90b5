import { expect, test } from 'vitest';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import { linkAccount } from '../../support/conversation.ts';
import { COMMUNITY, choices, escalate, startModerated } from '../../support/moderated.ts';

test('a moderator hands a message on in the name of its linked author, who is told and asked nothing', async () => {
  const { talk, ada, mia } = await startModerated();
  await linkAccount(ada, 'ada@example.org', talk.world);
  const message = await ada.say('My VPS does not boot\nIt stays at the boot menu since the update.');

  const form = await escalate(mia, message);
  expect(form.field('subject').value).toBe('My VPS does not boot');
  expect(form.field('body').value).toBe('> My VPS does not boot\n> It stays at the boot menu since the update.\n\n');
  expect(choices(form)).toEqual(['author', 'community']);

  const receipt = asMessage(await form.submit({ behalf: ['author'] }));
  const [ticket] = talk.world.helpdesk.tickets;
  expect(receipt.ephemeral).toBe(true);
  expect(receipt.text).toContain(`Ticket ${ticket?.reference} is open`);
  expect(ticket?.requesterEmail).toBe('ada@example.org');
  const link = `https://discord.com/channels/${talk.guild.id}/${talk.channel.id}/${message.id}`;
  const [, origin] = ticket?.body.split('\n\n-- \n') ?? [];
  expect(origin?.replace(/\d+ \w+ \d{4}, \d\d:\d\d UTC/, 'TIME').split('\n')).toEqual([
    `Discord: message of ada (${ada.user.id}), TIME: ${link}`,
    `Escalated by the moderator mia (${mia.user.id}), #help in Example Hosting (${talk.guild.id})`,
  ]);

  const told = await ada.user.waitFor(({ text }) => text.includes('in your name'));
  expect(told.text).toContain(ticket?.reference);
  expect(told.channelId).toBe(ada.user.inDirectMessage().channel.id);
});

test('the choice shows only accounts that are allowed at that moment', async () => {
  const { talk, ada, mia } = await startModerated();
  const message = await ada.say('Help');
  expect(choices(await escalate(mia, message))).toEqual(['community']);

  await linkAccount(ada, 'ada@example.org', talk.world);
  await linkAccount(mia, 'mia@example.org', talk.world);
  expect(choices(await escalate(mia, message))).toEqual(['author', 'community', 'self']);

  const account = asMessage(await ada.slash('account'));
  await account.click("Don't allow");
  expect(choices(await escalate(mia, message))).toEqual(['community', 'self']);
  // Their own message is nobody else's.
  expect(choices(await escalate(mia, await mia.say('Mine')))).toEqual(['community', 'self']);
});

test('an author who opts out or unlinks while the form is open is not used', async () => {
  const { talk, ada, mia } = await startModerated();
  await linkAccount(ada, 'ada@example.org', talk.world);
  const form = await escalate(mia, await ada.say('Help'));
  await asMessage(await ada.slash('account')).click("Don't allow");

  const reply = asMessage(await form.submit({ behalf: ['author'] }));
  expect(reply.text).toContain('Nothing was sent');
  expect(talk.world.helpdesk.tickets).toEqual([]);
  const again = asModal(await reply.click('Edit'));
  expect(choices(again)).toEqual(['community']);
  asMessage(await again.submit({ behalf: ['community'] }));
  expect(talk.world.helpdesk.tickets.map(({ requesterEmail }) => requesterEmail)).toEqual([COMMUNITY]);
});

test('without any account there is no form, and a way to get one', async () => {
  const { ada, mia } = await startModerated({ env: { ESCALATION_EMAIL: '' } });
  const reply = asMessage(await mia.messageCommand('Escalate to ticket', await ada.say('Help')));
  expect(reply.text).toContain("Nobody's account can be used for this ticket");
  expect(reply.buttons.map(({ label }) => label)).toEqual(['Link account']);
});

test('a text for which no account is left says so, and Edit goes on once there is one', async () => {
  const { talk, ada, mia, restart } = await startModerated();
  const form = await escalate(mia, await ada.say('Help'));
  talk.world.helpdesk.fault('refused', { times: 1 });
  const refused = asMessage(await form.submit({ behalf: ['community'] }));
  await restart({ ESCALATION_EMAIL: '' });
  expect(asMessage(await refused.click('Try again')).text).toContain('Choose another account with **Edit**');
  const none = asMessage(await refused.click('Edit'));
  expect(none.text).toContain("Nobody's account can be used for this ticket");
  expect(none.text).toContain('your text is saved');
  expect(none.buttons.map(({ label }) => label)).toEqual(['Link account', 'Edit', 'Show my text']);
  await linkAccount(mia, 'mia@example.org', talk.world);
  const again = asModal(await none.click('Edit'));
  expect(asMessage(await again.submit({ behalf: ['self'] })).text).toContain('is open');
  expect(talk.world.helpdesk.tickets.map(({ requesterEmail }) => requesterEmail)).toEqual(['mia@example.org']);
});

test('an escalation that the helpdesk refuses is kept, edited and sent like any ticket', async () => {
  const { talk, ada, mia } = await startModerated();
  const form = await escalate(mia, await ada.say('Help'));
  talk.world.helpdesk.fault('refused', { times: 1 });
  const refused = asMessage(await form.submit({ behalf: ['community'] }));
  expect(refused.text).toContain('Nothing was opened');
  const edited = asModal(await refused.click('Edit'));
  expect(edited.field('body').value).toContain('> Help');
  const opened = asMessage(await edited.submit({ behalf: ['community'], subject: 'Better' }));
  expect(opened.text).toContain('is open');
  expect(talk.world.helpdesk.tickets).toHaveLength(1);
});
