import { expect, test } from 'vitest';
import type { Place } from '../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../sandbox/discord/people/shown.ts';
import { everythingShownTo, linkAccount, startConversation, submitTicket } from '../support/conversation.ts';

const ADDRESS = /[\w.+-]+@[\w-]+\.[\w.]+/g;

async function startAudited(env: Record<string, string> = {}) {
  const talk = await startConversation();
  const log = talk.guild.createChannel({ name: 'mod-log' });
  const role = talk.guild.createRole({ name: 'Moderators', permissions: ['ModerateMembers'] });
  const mia = talk.join('mia', { roles: [role] });
  await talk.stop();
  await talk.start({ AUDIT_CHANNEL_ID: log.id, ESCALATION_EMAIL: 'community@example.com', ...env });
  /** The next entry of the audit channel that says this. */
  const entry = (words: string) =>
    mia.user.waitFor(({ channelId, text }) => channelId === log.id && text.includes(words));
  return { talk, mia, log, entry, ada: talk.ada };
}

const say = async (place: Place, command: string, options: Record<string, string> = {}) =>
  asMessage(await place.slash(command, options));

test('the audit channel tells of tickets, escalations, pauses, blocks and links: who, whose, from where, what came of it', async () => {
  const { talk, ada, mia, entry } = await startAudited();
  await linkAccount(ada, 'ada@example.org', talk.world);
  await entry(`<@${ada.user.id}> linked by mailed code`);

  await submitTicket(ada, { subject: 'A secret subject', body: 'a secret body' });
  const opened = await entry('opened');
  expect(opened.text).toBe(`🎫 <@${ada.user.id}>: ticket ${talk.world.helpdesk.tickets[0]?.reference} opened`);
  talk.world.helpdesk.fault('refused', { times: 1 });
  await submitTicket(ada, { subject: 'Another', body: 'text' });
  await entry(`<@${ada.user.id}>: refused by the helpdesk`);
  talk.world.helpdesk.fault('open-then-reset', { times: 1 });
  await submitTicket(ada, { subject: 'A third', body: 'text' });
  await entry(`<@${ada.user.id}>: unconfirmed`);

  const message = await ada.say('Help me');
  const form = asModal(await mia.messageCommand('Escalate to ticket', message));
  await form.submit({ behalf: ['author'] });
  const escalated = await entry('escalated');
  expect(escalated.text).toContain(`<@${mia.user.id}> escalated http`);
  expect(escalated.text).toContain(message.id);
  expect(escalated.text).toContain(
    `on behalf of <@${ada.user.id}>: ticket ${talk.world.helpdesk.tickets.at(-1)?.reference} opened`,
  );

  await say(mia, 'helpdesk pause', { notice: 'Moving' });
  await entry('paused tickets: Moving');
  await say(mia, 'helpdesk resume');
  await entry('resumed tickets');
  await say(mia, 'helpdesk block', { user: ada.user.id, reason: 'Spam' });
  await entry(`blocked <@${ada.user.id}>: Spam`);
  await say(mia, 'helpdesk unblock', { user: ada.user.id });
  await entry(`unblocked <@${ada.user.id}>`);
  await (await say(ada, 'account')).click('Unlink');
  await entry(`<@${ada.user.id}> unlinked`);
});

test('nobody is shown an address, and the audit channel no text', async () => {
  const { talk, ada, mia, log, entry } = await startAudited();
  const bob = talk.join('bob');
  await linkAccount(ada, 'ada@example.org', talk.world);
  await linkAccount(mia, 'mia@example.org', talk.world);
  await submitTicket(ada, { subject: 'Wordy subject', body: 'wordy body' });
  const form = asModal(await mia.messageCommand('Escalate to ticket', await ada.say('Help me, the server hums')));
  expect(JSON.stringify(form.fields)).not.toMatch(ADDRESS);
  await form.submit({ behalf: ['author'] });
  await entry('escalated');
  await say(mia, 'helpdesk who', { user: ada.user.id });
  await say(mia, 'helpdesk unlink', { user: ada.user.id });
  await say(ada, 'account');
  await say(mia, 'helpdesk status');
  await entry('unlinked');

  for (const { user } of [ada, bob, mia]) expect(everythingShownTo(user).match(ADDRESS)).toBeNull();
  const entries = mia.user.messages.filter(({ channelId }) => channelId === log.id).map(({ text }) => text);
  expect(entries.length).toBeGreaterThan(3);
  expect(entries.join('\n')).not.toMatch(/wordy|hums|•••/i);
});

test('an audit channel that is gone is logged once, counted, and never in the way of a ticket', async () => {
  const { talk, ada } = await startAudited({ AUDIT_CHANNEL_ID: '100000000000000001' });
  await linkAccount(ada, 'ada@example.org', talk.world);
  const first = await submitTicket(ada, { subject: 'One', body: 'a' });
  const second = await submitTicket(ada, { subject: 'Two', body: 'b' });
  expect(first.text).toContain('is open');
  expect(second.text).toContain('is open');
  const { metrics } = talk.app;
  await talk.stop();
  expect(talk.logged.filter((line) => line.includes('AUDIT_CHANNEL_ID'))).toHaveLength(1);
  expect((await metrics.undelivered.get()).values).toEqual([{ labels: { what: 'audit' }, value: 3 }]);
});
