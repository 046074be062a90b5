import { InteractionType } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import { asMessage, asModal, type Shown } from '../../sandbox/discord/people/shown.ts';
import { codeIn } from '../../sandbox/mailbox.ts';
import { type Conversation, linkAccount, startConversation } from '../support/conversation.ts';

/** Does something whose answer reaches Discord too late: the person reads that it failed. */
async function tooLate({ world }: Conversation, act: () => Promise<Shown>): Promise<void> {
  const refused = new Promise((resolve) =>
    world.discord.events.on('request', ({ code }) => code === 10062 && resolve(code)),
  );
  world.discord.events.once('interaction', ({ id }) => world.discord.expire(id));
  expect((await act()).kind).toBe('failed');
  await refused;
}

test('who reads that Unlink failed is still linked', async () => {
  const talk = await startConversation();
  await linkAccount(talk.ada, 'ada@example.org', talk.world);
  await tooLate(talk, () => talk.ada.sendRaw({ customId: 'account-unlink' }));
  await talk.stop();
  await talk.start();
  expect(asMessage(await talk.ada.slash('account')).text).toContain('||ada@example.org||');
});

test('who reads that a form failed has got no mail, and whose code was not looked at can enter it again', async () => {
  const talk = await startConversation();
  const { ada, world } = talk;
  const form = asModal(await ada.slash('link'));
  await tooLate(talk, () => form.submit({ email: 'ada@example.org' }));
  const sent = asMessage(await form.submit({ email: 'ada@example.org' }));
  const code = codeIn(await world.mailbox.next()) ?? '';
  await tooLate(talk, () =>
    ada.sendRaw({ customId: 'link-code', type: InteractionType.ModalSubmit, fields: { code } }),
  );
  expect(asMessage(await asModal(await sent.click('Enter code')).submit({ code })).text).toContain('is linked');
  expect(world.mailbox.mails).toHaveLength(1);
});

test('a moderator who reads that a pause failed has paused nothing', async () => {
  const talk = await startConversation();
  const moderators = talk.guild.createRole({ name: 'Moderators', permissions: ['ModerateMembers'] });
  const mo = talk.join('mo', { roles: [moderators] });
  await tooLate(talk, () => mo.slash('helpdesk pause', { notice: 'Back soon' }));
  await talk.stop();
  await talk.start();
  expect(asMessage(await mo.slash('helpdesk status')).text).toContain('Tickets are open');
});

test('what came too late is counted as late', async () => {
  const talk = await startConversation();
  await tooLate(talk, () => talk.ada.slash('account'));
  await tooLate(talk, () => talk.ada.slash('link'));
  const { metrics } = talk.app;
  await talk.stop();
  const { values } = await metrics.interactions.get();
  expect(values.map(({ labels }) => labels)).toEqual([
    { handler: 'account', result: 'late' },
    { handler: 'link', result: 'late' },
  ]);
});
