import { InteractionType } from 'discord-api-types/v10';
import { describe, expect, test } from 'vitest';
import { asMessage } from '../../../sandbox/discord/people/shown.ts';
import { linkAccount, startConversation } from '../../support/conversation.ts';
import { ticketForm } from '../../support/ticket-form.ts';

test.each([
  ['as long as Discord allows', 'A'.repeat(93)],
  ['with a path to somebody else', '../100000000000000001/AAAAAAAAAAAAAAAA'],
  ['with half an emoji', `AAAAAAAAAAAAAAA${'😀'[0]}`],
  ['with NUL', 'AAAAAAAAAAAAAAA\0'],
  ['that is empty', ''],
])('a ticket form with a forged ID %s opens one ticket and tells it', async (_, draftId) => {
  const { ada, world } = await startConversation();
  await linkAccount(ada, 'ada@example.org', world);
  const fields = { subject: 'My server is down', product: '', body: 'Since this morning.' };
  const forged = { type: InteractionType.ModalSubmit, customId: `ticket:${draftId}`, fields };
  world.helpdesk.fault('refused', { times: 1 });
  const refused = asMessage(await ada.sendRaw(forged));
  expect(refused.text).toContain('Nothing was opened');
  expect(asMessage(await refused.click('Try again')).text).toContain('is open');
  expect(world.helpdesk.tickets.map(({ requesterEmail }) => requesterEmail)).toEqual(['ada@example.org']);
  await ticketForm(ada);
});

describe('who is no moderator opens no ticket with a form that asks for an account', () => {
  const fields = { subject: 'My server is down', product: '', body: 'Since this morning.' };

  async function startWithCommunity() {
    const { ada, world } = await startConversation({ env: { ESCALATION_EMAIL: 'community@example.com' } });
    await linkAccount(ada, 'ada@example.org', world);
    return { ada, world };
  }

  test.each(['author', 'community', 'self'])('a new form that asks for the account of: %s', async (behalf) => {
    const { ada, world } = await startWithCommunity();
    const customId = (await ticketForm(ada)).customId;
    const forged = { type: InteractionType.ModalSubmit, customId, fields: { ...fields, behalf: [behalf] } };
    const shown = asMessage(await ada.sendRaw(forged));
    expect(shown.text).toContain('Nothing was sent');
    expect(asMessage(await shown.click('Show my text')).text).toContain(fields.body);
    expect(world.helpdesk.tickets).toEqual([]);
  });

  test.each(['author', 'community'])('a form of their own, sent again for the account of: %s', async (behalf) => {
    const { ada, world } = await startWithCommunity();
    world.helpdesk.fault('refused', { times: 1 });
    const form = await ticketForm(ada);
    await form.submit({ subject: fields.subject, body: fields.body });
    const forged = { ...fields, behalf: [behalf] };
    const shown = await ada.sendRaw({ type: InteractionType.ModalSubmit, customId: form.customId, fields: forged });
    expect(asMessage(shown).text).toContain('Nothing was sent');
    expect(world.helpdesk.tickets).toEqual([]);
  });

  test('a draft of somebody else, by its ID, is neither shown nor sent nor changed', async () => {
    const { ada, world } = await startWithCommunity();
    const user = world.discord.createUser({ name: 'eve' });
    ada.channel.guild?.addMember(user);
    const eve = user.in(ada.channel);
    await linkAccount(eve, 'eve@example.org', world);
    world.helpdesk.fault('refused', { times: 1 });
    const refused = asMessage(await (await ticketForm(ada)).submit({ subject: 'Secret', body: 'Of ada' }));
    for (const { customId } of refused.buttons) {
      const shown = await eve.sendRaw({ customId: customId ?? '' });
      expect(JSON.stringify(shown.kind === 'modal' ? shown.fields : asMessage(shown).text)).not.toContain('Of ada');
    }
    expect(world.helpdesk.tickets).toEqual([]);
    expect(asMessage(await refused.click('Show my text')).text).toContain('Of ada');
  });
});
