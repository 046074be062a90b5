import { expect, test } from 'vitest';
import type { Place } from '../../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../../sandbox/discord/people/shown-message.ts';
import { codeIn, type Mailbox } from '../../../sandbox/mailbox.ts';
import { linkAccount, startConversation, submitTicket } from '../../support/conversation.ts';
import { ticketForm } from '../../support/ticket-form.ts';
import { wrongCode } from '../../support/wrong-code.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const ask = async (place: Place, email: string) =>
  asMessage(await asModal(await place.slash('link')).submit({ email }));
const enter = async (under: ShownMessage, code: string) =>
  asMessage(await asModal(await under.click('Enter code')).submit({ code }));
const labels = (message: ShownMessage) => message.buttons.map(({ label }) => label);
const nextCode = async (mailbox: Mailbox, to: string) => codeIn(await mailbox.next(to)) ?? 'no code';

test('/link asks for the address, mails a code to it and links it when the code is entered', async () => {
  const { ada, world } = await startConversation();
  const form = asModal(await ada.slash('link'));
  expect(form.fields).toMatchObject([{ customId: 'email', kind: 'text', required: true, max: 254 }]);
  const sent = asMessage(await form.submit({ email: 'ada@example.org' }));
  expect(sent.text).toContain('Code sent to ||ada@example.org||');
  expect(sent.text).toMatch(/expires <t:\d+:R>/);
  expect(labels(sent)).toEqual(['Enter code', 'Send again']);

  const mail = await world.mailbox.next('ada@example.org');
  expect(mail.text).toContain(`the Discord user ada (${ada.user.id})`);
  expect(mail.subject).toBe(`${codeIn(mail)} is your Discord link code`);
  const codeForm = asModal(await sent.click('Enter code'));
  expect(codeForm.fields).toMatchObject([{ customId: 'code', kind: 'text', required: true }]);
  const linked = asMessage(await codeForm.submit({ code: codeIn(mail) ?? '' }));
  expect(linked.text).toContain('Your email ||ada@example.org|| is linked');
  expect(labels(linked)).toEqual(['Open a ticket']);
  asModal(await linked.click('Open a ticket'));
});

test('a form that Discord delivers again mails no second code, and takes nothing back', async () => {
  const { ada, world } = await startConversation();
  const { mailbox, discord } = world;
  const sent = await ask(ada, 'ada@example.org');
  const code = await nextCode(mailbox, 'ada@example.org');
  discord.redeliver(sent.interaction?.id ?? '');
  const linked = await enter(sent, code);
  discord.redeliver(linked.interaction?.id ?? '');
  // What is delivered after it is handled after it.
  expect(asMessage(await ada.slash('account')).text).toContain('||ada@example.org||');
  expect(linked.text).toContain('is linked');
  expect(mailbox.mails).toHaveLength(1);
});

test('everything that /link answers is private', async () => {
  const talk = await startConversation();
  const { ada, world } = talk;
  const bob = talk.join('bob');
  const sent = await ask(ada, 'ada@example.org');
  await enter(sent, '000000');
  await sent.click('Send again');
  await ask(ada, 'not an address');
  await linkAccount(ada, 'lovelace@example.org', world);
  expect(ada.messages.length).toBeGreaterThan(2);
  expect(ada.messages.every(({ ephemeral }) => ephemeral)).toBe(true);
  expect(bob.messages).toEqual([]);
});

test('a wrong code says how many tries left; after the last one a new code has to be sent', async () => {
  const { ada, world } = await startConversation();
  const sent = await ask(ada, 'ada@example.org');
  const code = await nextCode(world.mailbox, 'ada@example.org');
  for (const left of ['4 tries left', '3 tries left', '2 tries left', '1 try left']) {
    const wrong = await enter(sent, wrongCode(code));
    expect(wrong.text).toContain(left);
    expect(labels(wrong)).toEqual(['Enter code', 'Send again']);
  }
  const form = asModal(await sent.click('Enter code'));
  const last = await enter(sent, wrongCode(code));
  expect(last.text).toContain('That was the last try');
  expect(labels(last)).toEqual(['Send again']);
  expect(asMessage(await form.submit({ code })).text).toContain('no longer works');
  expect(asMessage(await ada.slash('ticket')).text).toContain('email first');

  const again = asMessage(await last.click('Send again'));
  expect((await enter(again, await nextCode(world.mailbox, 'ada@example.org'))).text).toContain('is linked');
});

test('a code is dead after 15 minutes, and the person is told how to go on', async () => {
  const talk = await startConversation();
  const { ada, world } = talk;
  const sent = await ask(ada, 'ada@example.org');
  const code = await nextCode(world.mailbox, 'ada@example.org');
  talk.passTime(15 * MINUTE_MS);
  const form = asModal(await sent.click('Enter code'));
  expect(asMessage(await sent.click('Send again')).text).toContain('Nothing was sent');
  const late = asMessage(await form.submit({ code }));
  expect(late.text).toContain('expired or was used');
  expect(labels(late)).toEqual(['Link account']);
  expect(world.mailbox.mails).toHaveLength(1);
});

test('a code survives a restart of the bot, and so do the tries that are gone', async () => {
  const talk = await startConversation();
  const { ada, world } = talk;
  const sent = await ask(ada, 'ada@example.org');
  const code = await nextCode(world.mailbox, 'ada@example.org');
  await enter(sent, wrongCode(code));
  await talk.stop();
  await talk.start();
  expect((await enter(sent, wrongCode(code))).text).toContain('3 tries left');
  expect((await enter(sent, code)).text).toContain('is linked');
  await talk.stop();
  await talk.start();
  await ticketForm(ada);
});

test('linking another address keeps the old one until the new one is proved', async () => {
  const { ada, world } = await startConversation();
  await linkAccount(ada, 'ada@example.org', world);
  const sent = await ask(ada, 'lovelace@example.net');
  expect(sent.text).toContain('Your current link stays until you enter the code');
  const code = await nextCode(world.mailbox, 'lovelace@example.net');
  await enter(sent, wrongCode(code));
  await submitTicket(ada, { subject: 'First', body: 'Still the old account.' });
  expect((await enter(sent, code)).text).toContain('||lovelace@example.net|| is linked');
  await submitTicket(ada, { subject: 'Second', body: 'The new account.' });
  expect(world.helpdesk.tickets.map(({ requesterEmail }) => requesterEmail)).toEqual([
    'ada@example.org',
    'lovelace@example.net',
  ]);
});

test('"Send again" mails a new code and makes the old one void', async () => {
  const { ada, world } = await startConversation();
  const sent = await ask(ada, 'ada@example.org');
  expect(sent.text).toContain('Code sent to ||ada@example.org||');
  const old = await nextCode(world.mailbox, 'ada@example.org');
  const again = asMessage(await sent.click('Send again'));
  expect(again.text).toContain('Code sent to ||ada@example.org||');
  const code = await nextCode(world.mailbox, 'ada@example.org');
  // One time in a million they are the same.
  if (old !== code) expect((await enter(again, old)).text).toContain('Only the newest one works');
  expect((await enter(again, code)).text).toContain('is linked');
});

test('who asks for codes again and again gets three an hour, and the last one still works', async () => {
  const talk = await startConversation();
  const { ada, world } = talk;
  const sent = await ask(ada, 'ada@example.org');
  for (let presses = 0; presses < 5; presses += 1) await sent.click('Send again');
  expect(sent.text).toContain('Too many codes requested');
  expect(sent.text).toMatch(/You can ask for a new one <t:\d+:R>/);
  const limited = await ask(ada, 'other@example.org');
  expect(limited.text).toContain('Too many codes');
  expect(world.mailbox.mails).toHaveLength(3);
  const code = codeIn(world.mailbox.mails.at(-1) as (typeof world.mailbox.mails)[number]) ?? '';
  expect((await enter(limited, code)).text).toContain('Your email ||ada@example.org|| is linked');
  talk.passTime(HOUR_MS);
  expect((await ask(ada, 'other@example.org')).text).toContain('Code sent');
});

test('a mail server that cannot be reached is told, costs no code, and "Send again" works when it is back', async () => {
  const { ada, world } = await startConversation();
  await world.mailbox.down();
  const failed = await ask(ada, 'ada@example.org');
  expect(failed.text).toContain("couldn't be sent");
  expect(labels(failed)).toEqual(['Send again']);
  for (let presses = 0; presses < 4; presses += 1) await failed.click('Send again');
  await world.mailbox.up();
  const sent = asMessage(await failed.click('Send again'));
  expect((await enter(sent, await nextCode(world.mailbox, 'ada@example.org'))).text).toContain('is linked');
});

test('a mail that the server was given and did not confirm may arrive: that is said, and its code counts', async () => {
  const talk = await startConversation({ tuning: { mailTimeoutMs: 20_000 } });
  const { ada, world } = talk;
  world.mailbox.fault = 'take-and-hang';
  const asking = ask(ada, 'ada@example.org');
  const code = await nextCode(world.mailbox, 'ada@example.org');
  talk.passTime(20_000);
  const unsure = await asking;
  expect(unsure.text).toContain('may be delayed');
  expect(labels(unsure)).toEqual(['Enter code', 'Send again']);
  expect((await enter(unsure, code)).text).toContain('is linked');
});

test('an address that the mail server refuses is told, and the link stays as it was', async () => {
  const { ada, world } = await startConversation();
  await linkAccount(ada, 'ada@example.org', world);
  world.mailbox.fault = 'refuse';
  const refused = await ask(ada, 'nobody@example.org');
  expect(refused.text).toContain('refused ||nobody@example.org||');
  expect(refused.text).toContain('What you linked before stays linked.');
  expect(labels(refused)).toEqual(['Edit address']);
  const account = asMessage(await ada.slash('account'));
  expect(account.text).toContain('||ada@example.org||');
  expect(labels(account)).not.toContain('Send again');
});
