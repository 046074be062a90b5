import { InteractionType } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import { asMessage, asModal } from '../../sandbox/discord/people/shown.ts';
import { linkAccount, startConversation } from '../support/conversation.ts';

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
  asModal(await ada.slash('ticket'));
});
