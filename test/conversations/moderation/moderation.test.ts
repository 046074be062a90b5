import { expect, test } from 'vitest';
import type { Place } from '../../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import { codeIn } from '../../../sandbox/mailbox.ts';
import {
  type ConversationOptions,
  deleteEverything,
  linkAccount,
  startConversation,
} from '../../support/conversation.ts';
import { ticketForm } from '../../support/ticket-form.ts';

/** A server with ada, a linked member, and mia, a moderator. */
async function startWithModerator(options: ConversationOptions = {}) {
  const talk = await startConversation(options);
  const role = talk.guild.createRole({ name: 'Moderators', permissions: ['ModerateMembers'] });
  const mia = talk.join('mia', { roles: [role] });
  const { ada } = talk;
  await linkAccount(ada, 'ada@example.org', talk.world);
  return { talk, ada, mia, role };
}

const read = async (place: Place, command: string, options: Record<string, string | number> = {}) =>
  asMessage(await place.slash(command, options)).text;

test('who says that a member is linked, since when and how proved, and never the address', async () => {
  const { ada, mia, talk } = await startWithModerator();
  const who = await read(mia, 'helpdesk who', { user: ada.user.id });
  expect(who).toMatch(/inked since <t:\d+:f> \(verified by email\)/);
  expect(who).not.toContain('ada@');
  const bob = talk.join('bob');
  expect(await read(mia, 'helpdesk who', { user: bob.user.id })).toContain("isn't linked");
});

test('a user of another server is none of a moderator’s business', async () => {
  const { talk, ada } = await startWithModerator();
  const elsewhere = talk.world.discord.createGuild({ name: 'Elsewhere' });
  const channel = elsewhere.createChannel({ name: 'mods' });
  const max = talk.world.discord.createUser({ name: 'max' });
  elsewhere.addMember(max, { roles: [elsewhere.createRole({ name: 'M', permissions: ['ModerateMembers'] })] });
  for (const command of ['who', 'unlink']) {
    expect(await read(max.in(channel), `helpdesk ${command}`, { user: ada.user.id })).toContain("isn't on this server");
  }
  await ticketForm(ada);
});

test('a member whom a moderator has unlinked is told and can link again', async () => {
  const { ada, mia } = await startWithModerator();
  await read(mia, 'helpdesk unlink', { user: ada.user.id });
  const told = asMessage(await ada.slash('ticket'));
  expect(told.text).toContain('Your account was unlinked');
  expect(told.buttons.map(({ label }) => label)).toContain('Link account');
});

test('who wants no tickets in their name is still not asked after a moderator has unlinked them', async () => {
  const { talk, ada, mia } = await startWithModerator({ env: { ESCALATION_EMAIL: 'community@example.com' } });
  await asMessage(await ada.slash('account')).click("Don't allow");
  await read(mia, 'helpdesk unlink', { user: ada.user.id });
  expect(await read(mia, 'helpdesk who', { user: ada.user.id })).toContain("isn't linked");
  expect(await read(mia, 'helpdesk unlink', { user: ada.user.id })).toContain('Nothing has changed');
  const account = asMessage(await ada.slash('account'));
  expect(account.text).toContain('When you link again, moderators may still not open tickets in your name');
  expect(asMessage(await account.click('Export my data')).files[0]?.text).toContain('"keepsRefusal": true');
  const told = await account.followUp();
  expect(told.text).toContain('Your account was unlinked');
  const linkForm = asModal(await told.click('Link account'));
  const sent = asMessage(await linkForm.submit({ email: 'ada@example.org' }));
  const mail = await talk.world.mailbox.next('ada@example.org');
  await asModal(await sent.click('Enter code')).submit({ code: codeIn(mail) ?? '' });
  const form = asModal(await mia.messageCommand('Escalate to ticket', await ada.say('Help')));
  expect(form.field('behalf').options?.map(({ value }) => value)).toEqual(['community']);
  expect(await read(mia, 'helpdesk who', { user: ada.user.id })).toContain(
    "They don't want moderators to open tickets",
  );

  // Delete everything removes this choice, too.
  await deleteEverything(asMessage(await ada.slash('account')));
  await linkAccount(ada, 'ada@example.org', talk.world);
  expect(await read(mia, 'helpdesk who', { user: ada.user.id })).toContain('Moderators may open tickets in their name');
});

test('with MODERATOR_ROLE_IDS only these roles count, whatever permissions somebody has, and a role taken away counts at once', async () => {
  const { talk, mia, role } = await startWithModerator();
  const helpers = talk.guild.createRole({ name: 'Helpers' });
  await talk.stop();
  await talk.start({ MODERATOR_ROLE_IDS: helpers.id });
  const max = talk.join('max', { roles: [helpers] });
  expect(role.permissions).not.toBe(0n);
  expect(await read(mia, 'helpdesk status')).toContain('Only moderators');
  expect(await read(max, 'helpdesk status')).toContain('The helpdesk is');
  talk.guild.member(max.user)?.removeRole(helpers);
  expect(await read(max, 'helpdesk status')).toContain('Only moderators');
});

test('with LINK_VERIFICATION=moderator a request stands in the audit channel, and one moderator decides', async () => {
  const talk = await startConversation();
  const role = talk.guild.createRole({ name: 'Moderators', permissions: ['ModerateMembers'] });
  const mia = talk.join('mia', { roles: [role] });
  const log = talk.guild.createChannel({ name: 'mod-log' });
  await talk.stop();
  await talk.start({ LINK_VERIFICATION: 'moderator', AUDIT_CHANNEL_ID: log.id, SMTP_URL: '', MAIL_FROM: '' });

  const asked = mia.user.waitFor(({ channelId }) => channelId === log.id);
  const waiting = asMessage(await asModal(await talk.ada.slash('link')).submit({ email: 'ada@example.org' }));
  expect(waiting.text).toContain('Sent to the moderators');
  const request = await asked;
  expect(request.text).toContain(`<@${talk.ada.user.id}> asks to link a•••@e•••.org`);
  expect(request.buttons.map(({ label }) => label)).toEqual(['Approve', 'Refuse']);

  // A newer request with another address makes the old buttons void.
  const askedAgain = mia.user.waitFor(({ channelId, id }) => channelId === log.id && id !== request.id);
  await asModal(await talk.ada.slash('link')).submit({ email: 'other@example.org' });
  const newer = await askedAgain;
  expect(asMessage(await request.click('Approve')).text).toContain('Closed');
  expect(await read(talk.ada, 'account')).toContain('No account is linked');

  expect(asMessage(await newer.click('Approve')).text).toContain(
    `Approved the link of <@${talk.ada.user.id}> · <@${mia.user.id}>`,
  );
  const told = asMessage(await talk.ada.slash('ticket'));
  expect(told.text).toContain('A moderator approved your request');
  const form = asModal(await told.click('Open a ticket'));
  await form.submit({ subject: 'Hello', body: 'World' });
  expect(talk.world.helpdesk.tickets.map(({ requesterEmail }) => requesterEmail)).toEqual(['other@example.org']);
});

test('a moderator cannot approve their own request', async () => {
  const talk = await startConversation();
  const role = talk.guild.createRole({ name: 'Moderators', permissions: ['ModerateMembers'] });
  const mia = talk.join('mia', { roles: [role] });
  const log = talk.guild.createChannel({ name: 'mod-log' });
  await talk.stop();
  await talk.start({ LINK_VERIFICATION: 'moderator', AUDIT_CHANNEL_ID: log.id });
  const asked = mia.user.waitFor(({ channelId }) => channelId === log.id);
  await asModal(await mia.slash('link')).submit({ email: 'boss@example.org' });
  expect(asMessage(await (await asked).click('Approve')).text).toContain('Another moderator has to decide');
  expect(await read(mia, 'account')).toContain('No account is linked');
});

test('a request that no moderator can see is not kept waiting', async () => {
  const talk = await startConversation();
  await talk.stop();
  await talk.start({ LINK_VERIFICATION: 'moderator', AUDIT_CHANNEL_ID: '100000000000000001' });
  const reply = asMessage(await asModal(await talk.ada.slash('link')).submit({ email: 'ada@example.org' }));
  expect(reply.text).toContain("couldn't be asked");
});
