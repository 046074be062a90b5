import { describe, expect, test } from 'vitest';
import type { Place } from '../../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../../sandbox/discord/people/shown-message.ts';
import { codeIn } from '../../../sandbox/mailbox.ts';
import { startBreakableConversation } from '../../support/breakable-storage.ts';
import { linkAccount, startConversation } from '../../support/conversation.ts';
import { ticketForm } from '../../support/ticket-form.ts';
import { wrongCode } from '../../support/wrong-code.ts';

const ask = async (place: Place, email: string) =>
  asMessage(await asModal(await place.slash('link')).submit({ email }));
const enter = async (under: ShownMessage, code: string) =>
  asMessage(await asModal(await under.click('Enter code')).submit({ code }));
const labels = (message: ShownMessage) => message.buttons.map(({ label }) => label);

test('from the first ticket to the link one message changes, and no old button stays', async () => {
  const { ada, world } = await startConversation();
  const card = asMessage(await ada.slash('ticket'));
  expect(labels(card)).toEqual(['Link account']);
  const wrongAddress = asMessage(await asModal(await card.click('Link account')).submit({ email: 'ada.example.org' }));
  const sent = asMessage(await asModal(await wrongAddress.click('Edit address')).submit({ email: 'ada@example.org' }));
  const code = codeIn(await world.mailbox.next('ada@example.org')) ?? '';
  const wrong = await enter(sent, wrongCode(code));
  const linked = await enter(wrong, code);
  expect([wrongAddress.id, sent.id, wrong.id, linked.id]).toEqual([card.id, card.id, card.id, card.id]);
  expect(linked.text).toContain('||ada@example.org||');
  expect(labels(card)).toEqual(['Open a ticket']);
  expect(ada.messages).toHaveLength(1);
});

test('the card about a refused ticket keeps its buttons when its Link button is used', async () => {
  const { ada, world } = await startConversation();
  await linkAccount(ada, 'ada@example.org', world);
  world.helpdesk.fault('refused', { times: 1 });
  const form = await ticketForm(ada);
  await asMessage(await ada.slash('account')).click('Unlink');
  const unsent = asMessage(await form.submit({ subject: 'Hello', body: 'My server is down' }));
  const before = labels(unsent);
  expect(before).toContain('Edit');
  const sent = asMessage(await asModal(await unsent.click('Link account')).submit({ email: 'ada@example.org' }));
  expect(sent.id).not.toBe(unsent.id);
  const linked = await enter(sent, codeIn(await world.mailbox.next('ada@example.org')) ?? '');
  expect(linked.id).toBe(sent.id);
  expect(labels(unsent)).toEqual(before);
});

test('a message that others see is never changed by a form about the link', async () => {
  const talk = await startConversation();
  const { ada } = talk;
  const other = await ada.say('Look at this');
  const shown = asMessage(await ada.slash('ticket'));
  const form = asModal(await ada.sendRaw({ customId: 'link', message: other }));
  const sent = asMessage(await form.submit({ email: 'ada@example.org' }));
  expect([other.id, shown.id]).not.toContain(sent.id);
  expect(other.text).toBe('Look at this');
});

test('a store that fails while a code is entered leaves the card with its buttons', async () => {
  const { talk, breakage } = await startBreakableConversation();
  const { ada, world } = talk;
  const sent = await ask(ada, 'ada@example.org');
  const code = codeIn(await world.mailbox.next('ada@example.org')) ?? '';
  breakage.broken = new Set(['codes']);
  const failed = await enter(sent, code);
  expect(failed.text).toContain("The bot can't use its storage");
  expect(failed.id).not.toBe(sent.id);
  breakage.broken = new Set();
  expect((await enter(sent, code)).text).toContain('is linked');
});

describe('the form comes back with what was typed', () => {
  test.each(['email', 'none'])('with LINK_VERIFICATION=%s', async (verification) => {
    const talk = await startConversation({ env: { LINK_VERIFICATION: verification } });
    const { ada } = talk;
    const refused = await ask(ada, 'ada at example.org');
    expect(labels(refused)).toEqual(['Edit address']);
    const form = asModal(await refused.click('Edit address'));
    expect(form.field('email').value).toBe('ada at example.org');
    expect(JSON.stringify(refused.components)).not.toContain('ada at');
    const bob = talk.join('bob');
    expect(asModal(await bob.sendRaw({ customId: 'link-edit', message: refused })).field('email').value).toBe('');
    expect((await ask(ada, 'ada@example.org')).text).toContain('||ada@example.org||');
    expect(talk.logged.join()).not.toContain('ada at');
  });

  test('for a quarter of an hour', async () => {
    const talk = await startConversation();
    const refused = await ask(talk.ada, 'ada at example.org');
    talk.passTime(15 * 60_000);
    expect(asModal(await refused.click('Edit address')).field('email').value).toBe('');
  });

  test.each([
    ['a line break', 'ada\n@example.org'],
    ['more than the field holds', `${'a'.repeat(300)}@example.org`],
    ['less than the field wants', 'a'],
  ])('unless it has %s', async (_, email) => {
    const { ada } = await startConversation();
    const refused = asMessage(await asModal(await ada.slash('link')).submit({ email }, { raw: true }));
    expect(asModal(await refused.click('Edit address')).field('email').value).toBe('');
  });

  test('also when the mail server refuses the address, and not after it was erased', async () => {
    const { ada, world } = await startConversation();
    world.mailbox.fault = 'refuse';
    const refused = await ask(ada, 'nobody@example.org');
    expect(asModal(await refused.click('Edit address')).field('email').value).toBe('nobody@example.org');
    await ada.sendRaw({ customId: 'account-unlink' });
    expect(asModal(await refused.click('Edit address')).field('email').value).toBe('');
  });
});

test('form, command and mail call the helpdesk by its name, and a long name fits', async () => {
  const name = 'Example Hosting and Game';
  const { ada, world } = await startConversation({ env: { HELPDESK_NAME: name } });
  const form = asModal(await ada.slash('link'));
  expect(form.title).toBe(`Link your ${name} account`);
  expect(form.field('email').label).toBe(`Email you use at ${name}`);
  expect(ada.commands.find((command) => command.name === 'link')?.description).toBe(`Link your ${name} account`);
  await form.submit({ email: 'ada@example.org' });
  expect((await world.mailbox.next('ada@example.org')).text).toContain(`is your code for ${name}.`);
});
