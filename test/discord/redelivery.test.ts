import { InteractionType } from 'discord-api-types/v10';
import { expect, onTestFinished, test } from 'vitest';
import { asMessage, asModal } from '../../sandbox/discord/people/shown.ts';
import { codeIn } from '../../sandbox/mailbox.ts';
import { startForEveryHandler } from '../handlers/every-handler.ts';
import { startBreakableConversation } from '../support/breakable-storage.ts';
import { type Conversation, startConversation } from '../support/conversation.ts';

const OLD = 'ticket-reopen:AAAAAAAAAAAAAAAA';

/** Delivers the next interaction twice at the same instant. */
function twice({ world }: Conversation): void {
  world.discord.events.once('interaction', ({ id }) => world.discord.redeliver(id));
}

const callbacks = ({ world }: Conversation) =>
  world.discord.requests.filter(({ route }) => route === '/interactions/:id/:token/callback');

test('whatever is delivered twice at the same instant is handled once, by every handler', async () => {
  for (const { talk, reachAll } of await startForEveryHandler()) {
    onTestFinished(() => talk.close());
    const reached = await reachAll();
    const before = callbacks(talk).length;
    for (const { invoke } of reached) {
      twice(talk);
      await invoke({ untilAcknowledged: true });
    }
    twice(talk);
    await talk.ada.sendRaw({ customId: OLD });
    twice(talk);
    await talk.ada.sendRaw({ customId: OLD, type: InteractionType.ModalSubmit, fields: {} });
    const { metrics } = talk.app;
    await talk.stop();
    const statuses = callbacks(talk)
      .slice(before)
      .map(({ status }) => status);
    expect(statuses).toEqual(Array(reached.length + 2).fill(204));
    const { values } = await metrics.interactions.get();
    expect(values.filter(({ labels }) => labels.result !== 'done')).toEqual([]);
  }
});

test('the form of /link that is delivered twice at once mails one code, and a wrong code costs one try', async () => {
  const talk = await startConversation();
  const { ada, world } = talk;
  const form = asModal(await ada.slash('link'));
  twice(talk);
  const sent = asMessage(await form.submit({ email: 'ada@example.org' }));
  const code = codeIn(await world.mailbox.next('ada@example.org')) ?? '';
  const wrong = code === '000000' ? '000001' : '000000';
  for (let left = 4; left > 1; left -= 1) {
    const codeForm = asModal(await sent.click('Enter code'));
    twice(talk);
    expect(asMessage(await codeForm.submit({ code: wrong })).text).not.toContain('Too many');
  }
  expect(asMessage(await asModal(await sent.click('Enter code')).submit({ code })).text).toContain('is linked');
  await talk.stop();
  expect(world.mailbox.mails).toHaveLength(1);
});

test('what failed before Discord had any answer is handled when it is delivered again', async () => {
  const { talk, breakage } = await startBreakableConversation({ env: { LINK_VERIFICATION: 'none' } });
  const { ada, world } = talk;
  breakage.broken = 'all';
  world.discord.fault('callback-rate-limited', { retryAfterMs: 60_000 });
  const shown = ada.slash('ticket');
  const id = await world.activity.until({
    look: () => /"interactionId":"(\d+)".*the failure could not be told/.exec(talk.logged.join('\n'))?.[1],
    describe: () => 'a failure that could not be told',
  });
  breakage.broken = undefined;
  world.discord.clearFaults();
  world.discord.redeliver(id);
  expect(asMessage(await shown).buttons.map(({ label }) => label)).toEqual(['Link account']);
  await talk.stop();
  expect(callbacks(talk).filter(({ status }) => status === 204)).toHaveLength(1);
});
