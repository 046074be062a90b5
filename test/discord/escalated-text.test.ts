import { expect, test } from 'vitest';
import { asMessage, asModal } from '../../sandbox/discord/people/shown.ts';
import { startConversation } from '../support/conversation.ts';

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
