import { expect, test } from 'vitest';
import { asMessage, asModal } from '../../sandbox/discord/people/shown.ts';
import { startConversation } from '../support/conversation.ts';
import { escalate, startModerated } from '../support/moderated.ts';

test('the link in an escalated ticket leads to the message in its server', async () => {
  const conversation = await startConversation({ env: { ESCALATION_EMAIL: 'community@example.com' } });
  const { ada, world, guild, channel } = conversation;
  const moderators = guild.createRole({ name: 'Moderators', permissions: ['ModerateMembers'] });
  const mo = conversation.join('mo', { roles: [moderators] });
  const message = await ada.say('My server is down');

  const form = asModal(await mo.messageCommand('Escalate to ticket', message));
  const link = `https://discord.com/channels/${guild.id}/${channel.id}/${message.id}`;
  expect(form.field('body').value).toContain(link);
  asMessage(await form.submit());
  const [ticket] = world.helpdesk.tickets;
  expect(ticket?.body).not.toContain('@me');
  expect(ticket?.body.split(link)).toHaveLength(3);
});

test('a poll can be escalated', async () => {
  const { ada, mia } = await startModerated();
  const answers = ['Small', 'Big'].map((text, i) => ({ answer_id: i + 1, poll_media: { text } }));
  const poll = { question: { text: 'Which VPS?' }, answers, expiry: null, allow_multiselect: false, layout_type: 1 };
  const form = await escalate(mia, await ada.say('', { wire: { poll } }));
  expect(form.field('body').value).toContain(`-- ada (user ${ada.user.id})`);
});
