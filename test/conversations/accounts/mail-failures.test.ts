import { describe, expect, test } from 'vitest';
import type { Place } from '../../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import { codeIn, type MailboxAnswer } from '../../../sandbox/mailbox.ts';
import { linkAccount, startConversation } from '../../support/conversation.ts';

const ask = async (place: Place, email: string) =>
  asMessage(await asModal(await place.slash('link')).submit({ email }));

const REFUSALS: readonly [cause: string, stage: string, fault: MailboxAnswer][] = [
  ['5.7.1', 'sender', { at: 'sender', answer: '553 5.7.1 Sender address rejected: not owned by user web' }],
  ['5.7.1', 'recipient', { at: 'recipient', answer: '553 5.7.1 Sender address rejected' }],
  ['554', 'recipient', { at: 'recipient', answer: '554 relay denied' }],
  ['530', 'sender', { at: 'sender', answer: '530 Must issue STARTTLS' }],
  ['5.4.5', 'recipient', { at: 'recipient', answer: '550 5.4.5 Daily user sending limit exceeded' }],
  ['5.7.26', 'message', { at: 'message', answer: '550 5.7.26 Unauthenticated email is not accepted' }],
  ['5.7.8', 'login', { at: 'login', answer: '535 5.7.8 Authentication failed' }],
];

describe('a mail server that refuses the bot is no fault of the person, and costs them nothing', () => {
  test.each(REFUSALS)('%s at %s', async (cause, stage, fault) => {
    const talk = await startConversation();
    const { ada, world } = talk;
    await talk.stop();
    await talk.start({ SMTP_URL: world.mailbox.url.replace('//', '//bot:secret-word@') });
    world.mailbox.fault = fault;

    const refused = await ask(ada, 'ada@example.org');
    expect(refused.text).toContain('The mail server refused the bot');
    expect(refused.text).toContain('||ada@example.org||');
    expect(refused.text).not.toMatch(/Check it for typos/);
    expect(refused.buttons.map(({ label }) => label)).toEqual(['Send again']);
    // More often than the limit allows mails.
    for (let presses = 0; presses < 5; presses += 1) {
      expect(asMessage(await refused.click('Send again')).text).toContain('The mail server refused the bot');
    }
    const { values } = await talk.app.metrics.mailFailures.get();
    expect(values).toEqual([{ labels: { kind: 'bot-refused', stage, cause }, value: 6 }]);
    const line = talk.logged.map((one) => JSON.parse(one)).find(({ msg }) => msg === 'mail not sent');
    expect(line).toMatchObject({ level: 'warn', kind: 'bot-refused', stage, status: Number(fault.answer.slice(0, 3)) });
    if (cause.includes('.')) expect(line.enhancedStatus).toBe(cause);
    expect(talk.logged.join()).not.toMatch(/secret-word|ada@|support@/);

    world.mailbox.fault = undefined;
    const sent = asMessage(await refused.click('Send again'));
    const code = codeIn(await world.mailbox.next()) ?? '';
    expect(asMessage(await asModal(await sent.click('Enter code')).submit({ code })).text).toContain('is linked');
  });
});

test('an address that takes no mail is told so, costs a mail, and is no failure of the bot', async () => {
  const talk = await startConversation();
  const { ada, world } = talk;
  await linkAccount(ada, 'ada@example.org', world);
  world.mailbox.fault = {
    at: 'recipient',
    answer: '550 5.1.1 <nobody@example.org>: Recipient address rejected: User unknown',
  };
  for (let mails = 0; mails < 2; mails += 1) {
    expect((await ask(ada, 'nobody@example.org')).text).toContain('refused ||nobody@example.org||');
  }
  expect((await ask(ada, 'nobody@example.org')).text).toContain('Too many codes');
  expect((await talk.app.metrics.mailFailures.get()).values).toEqual([]);
});
