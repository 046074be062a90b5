import { ComponentType, InteractionType } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import { asMessage, asModal } from '../../sandbox/discord/people/shown.ts';
import { startBreakableConversation } from '../support/breakable-storage.ts';
import { type Conversation, startConversation } from '../support/conversation.ts';

const OLD =
  '### ⌛ This button is out of date\nIt belongs to an older version of the bot and does nothing now. Use the command again.';

/** Stops the bot, so that everything is counted. */
async function countedBy(talk: Conversation): Promise<Record<string, number>> {
  const { metrics } = talk.app;
  await talk.stop();
  const { values } = await metrics.interactions.get();
  return Object.fromEntries(values.map(({ labels, value }) => [`${labels.handler}: ${labels.result}`, value]));
}

test.each([
  ['a button', { customId: 'ticket-reopen:AAAAAAAAAAAAAAAA' }],
  ['a button without a name', { customId: ':x' }],
  ['a button with the name of a property', { customId: 'constructor' }],
  ['a menu', { customId: 'ticket-retry', componentType: ComponentType.StringSelect, values: ['x'] }],
  ['a form', { customId: 'ticket-answer', type: InteractionType.ModalSubmit, fields: { subject: 'x' } }],
  ['a form with the name of a button', { customId: 'ticket-retry', type: InteractionType.ModalSubmit, fields: {} }],
])('%s that the bot does not know is answered with what to do instead', async (_what, raw) => {
  const talk = await startConversation();
  const told = asMessage(await talk.ada.sendRaw(raw));
  expect(told.ephemeral).toBe(true);
  expect(told.text).toBe(OLD);
  expect(await countedBy(talk)).toEqual({ 'unknown: done': 1 });
});

test('a command of an older version is answered, too', async () => {
  const talk = await startConversation();
  const data = { id: talk.world.discord.world.newId(), name: 'helpme', type: 1 };
  const told = asMessage(
    await talk.ada.sendRaw({ type: InteractionType.ApplicationCommand, customId: 'helpme', data }),
  );
  expect(told.text).toBe(OLD);
});

test('a handler that fails is told once, privately, with an ID by which the operator finds it in the log', async () => {
  const { talk, breakage } = await startBreakableConversation({ env: { LINK_VERIFICATION: 'none' } });
  const { ada } = talk;
  breakage.broken = 'all';
  // Before any answer, after a deferral, and under a message that shows something already.
  for (const act of [
    () => ada.slash('ticket'),
    () => ada.slash('account'),
    () => ada.sendRaw({ customId: 'account-unlink' }),
  ]) {
    const before = ada.messages.length;
    const told = asMessage(await act());
    expect(told.ephemeral).toBe(true);
    const id = /quote (\d+)/.exec(told.text)?.[1];
    expect(talk.world.discord.interactions.at(-1)?.id).toBe(id);
    expect(ada.messages).toHaveLength(before + 1);
    const lines = talk.logged.filter(
      (line) => line.includes(`"interactionId":"${id}"`) && !line.includes('an interaction has arrived'),
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('an interaction failed');
    expect(lines[0]).toContain('The disk of');
  }
  expect(await countedBy(talk)).toMatchObject({ 'ticket: failed': 1, 'account: failed': 1 });
});

test('a failure that Discord does not take is logged, and the bot goes on', async () => {
  const { talk, breakage } = await startBreakableConversation();
  breakage.broken = 'all';
  talk.world.discord.fault('edit-unknown-message');
  const refused = new Promise((resolve) =>
    talk.world.discord.events.on('request', ({ code }) => code === 10008 && resolve(code)),
  );
  await talk.ada.slash('account', {}, { untilAcknowledged: true });
  await refused;
  breakage.broken = undefined;
  talk.world.discord.clearFaults();
  asMessage(await talk.ada.slash('account'));
  expect(talk.logged.filter((line) => line.includes('the failure could not be told'))).toHaveLength(1);
});

test('an answer that comes too late is counted as late and told nowhere: Discord has said so already', async () => {
  const talk = await startConversation({ env: { LINK_VERIFICATION: 'none' } });
  const late = async (act: () => Promise<unknown>) => {
    talk.world.discord.events.once('interaction', ({ id }) => talk.world.discord.expire(id));
    const refused = new Promise((resolve) =>
      talk.world.discord.events.on('request', ({ code }) => code === 10062 && resolve(code)),
    );
    await act();
    await refused;
  };
  await late(() => talk.ada.slash('link'));
  asModal(await talk.ada.slash('link'));
  expect(await countedBy(talk)).toEqual({ 'link: late': 1, 'link: done': 1 });
  expect(talk.world.discord.requests.filter(({ route }) => route.startsWith('/webhooks'))).toEqual([]);
});
