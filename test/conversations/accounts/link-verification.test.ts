import { describe, expect, test } from 'vitest';
import type { Place } from '../../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../../sandbox/discord/people/shown-message.ts';
import { codeIn } from '../../../sandbox/mailbox.ts';
import { startBreakableConversation } from '../../support/breakable-storage.ts';
import { linkAccount, startConversation } from '../../support/conversation.ts';
import { ticketForm } from '../../support/ticket-form.ts';

const ask = async (place: Place, email: string) =>
  asMessage(await asModal(await place.slash('link')).submit({ email }));
const accountOf = async (place: Place) => asMessage(await place.slash('account')).text;

/** A server with a channel for moderators and mia, who is one. */
async function startModerated(env: Record<string, string> = {}) {
  const talk = await startConversation({ env });
  await talk.stop();
  const role = talk.guild.createRole({ name: 'Moderators', permissions: ['ModerateMembers'] });
  const auditChannel = talk.guild.createChannel({ name: 'mod-log' });
  const mia = talk.join('mia', { roles: [role] }).user.in(auditChannel);
  const settings = { AUDIT_CHANNEL_ID: auditChannel.id, LINK_MAILS_PER_HOUR: '10' };
  return { talk, ada: talk.ada, mia, settings };
}

test('with LINK_VERIFICATION=none the log warns at the start that anybody can take any address', async () => {
  const { logged, ada } = await startConversation({ env: { LINK_VERIFICATION: 'none' } });
  // After the line that names the version.
  const [, warning] = logged;
  expect(JSON.parse(warning ?? '{}')).toMatchObject({
    level: 'warn',
    msg: expect.stringContaining('LINK_VERIFICATION=none'),
  });
  expect(warning).toContain('unsafe');
  expect((await ask(ada, 'ada@example.org')).text).toContain('is linked');
});

test.each(['email', 'moderator'])('with LINK_VERIFICATION=%s nothing is said to be unsafe', async (verification) => {
  const { talk, settings } = await startModerated();
  await talk.start({ ...settings, LINK_VERIFICATION: verification });
  expect(talk.logged.filter((line) => line.includes('unsafe'))).toEqual([]);
});

test('a code that was mailed before moderators decide still proves its address', async () => {
  const { talk, ada, settings } = await startModerated();
  await talk.start(settings);
  const sent = await ask(ada, 'ada@example.org');
  const code = codeIn(await talk.world.mailbox.next('ada@example.org')) ?? '';
  await talk.stop();
  await talk.start({ ...settings, LINK_VERIFICATION: 'moderator' });
  const linked = asMessage(await asModal(await sent.click('Enter code')).submit({ code }));
  expect(linked.text).toContain('is linked');
  expect(await accountOf(ada)).toContain('verified by email');
});

test('once codes are asked for, a moderator cannot replace a proved address by an old request', async () => {
  const { talk, ada, mia, settings } = await startModerated();
  await talk.start({ ...settings, LINK_VERIFICATION: 'moderator' });
  const asked = mia.nextMessage(({ text }) => text.includes('asks to link'));
  await ask(ada, 'victim@example.org');
  const request = await asked;
  await talk.stop();
  await talk.start(settings);
  await linkAccount(ada, 'ada@example.org', talk.world);

  const closed = asMessage(await request.click('Approve'));
  expect(closed.text).toContain('Nothing has changed');
  expect(closed.buttons).toEqual([]);
  expect(await accountOf(ada)).toContain('||ada@example.org||');
  await ticketForm(ada);
});

test('what a moderator approved counts no longer when LINK_VERIFICATION asks for a code', async () => {
  const { talk, ada, mia, settings } = await startModerated();
  await talk.start({ ...settings, LINK_VERIFICATION: 'moderator' });
  const asked = mia.nextMessage(({ text }) => text.includes('asks to link'));
  await ask(ada, 'victim@example.org');
  await (await asked).click('Approve');
  const told = asMessage(await ada.slash('ticket'));
  expect(told.text).toContain('approved your request');
  const form = asModal(await told.click('Open a ticket'));
  await talk.stop();
  await talk.start(settings);
  expect(asMessage(await form.submit({ subject: 'In their name', body: 'Please' })).text).toContain(
    'Link your email at the helpdesk first',
  );
  expect(talk.world.helpdesk.tickets).toEqual([]);
});

test('who asks moderators too often reads about requests, not about codes', async () => {
  const { talk, ada, settings } = await startModerated();
  await talk.start({ ...settings, LINK_VERIFICATION: 'moderator', LINK_MAILS_PER_HOUR: '1' });
  await ask(ada, 'ada@example.org');
  const limited = await ask(ada, 'lovelace@example.org');
  expect(limited.text).toContain('asked the moderators');
  expect(limited.text).toMatch(/<t:\d+:R>/);
  expect(limited.text).not.toContain('code');
  expect(limited.buttons).toEqual([]);
});

describe('a moderator who approves while the store fails', () => {
  async function startBreakableModerated() {
    const { talk, breakage } = await startBreakableConversation();
    await talk.stop();
    const role = talk.guild.createRole({ name: 'Moderators', permissions: ['ModerateMembers'] });
    const auditChannel = talk.guild.createChannel({ name: 'mod-log' });
    const [mia, max] = ['mia', 'max'].map((name) => talk.join(name, { roles: [role] }).user.in(auditChannel));
    if (!mia || !max) throw new Error('There are two moderators');
    await talk.start({ AUDIT_CHANNEL_ID: auditChannel.id, LINK_VERIFICATION: 'moderator' });
    const asked = mia.nextMessage(({ text }) => text.includes('asks to link'));
    await ask(talk.ada, 'ada@example.org');
    const request = await asked;
    breakage.broken = new Set(['links']);
    const failed = await request.click('Approve');
    breakage.broken = undefined;
    return { talk, ada: talk.ada, mia, max, request, failed };
  }

  test('can approve again: the request is still there', async () => {
    const { ada, request, failed } = await startBreakableModerated();
    expect(asMessage(failed).text).toContain("The bot can't use its storage");
    expect(await accountOf(ada)).toContain('No account is linked');
    expect(asMessage(await request.click('Approve')).text).toContain('Approved the link of');
    expect(request.buttons).toEqual([]);
    expect(asMessage(await ada.slash('ticket')).text).toContain('approved your request');
    expect(await accountOf(ada)).toContain('||ada@example.org||');
  });

  test('has decided: another moderator cannot refuse what may be done already', async () => {
    const { ada, max, request } = await startBreakableModerated();
    const refused = asMessage(await max.sendRaw({ customId: idOf(request, 'Refuse'), message: request }));
    expect(refused.text).toContain('Another moderator has approved this already');
    expect(refused.ephemeral).toBe(true);
    expect(await accountOf(ada)).toContain('No account is linked');
    expect(asMessage(await max.sendRaw({ customId: idOf(request, 'Approve'), message: request })).text).toContain(
      'Approved the link of',
    );
  });
});

const idOf = (message: ShownMessage, label: string) =>
  message.buttons.find((one) => one.label === label)?.customId ?? 'no such button';

test('who could not be heard by the moderators has not used up a request', async () => {
  const { talk, ada, settings } = await startModerated();
  await talk.start({
    ...settings,
    LINK_VERIFICATION: 'moderator',
    LINK_MAILS_PER_HOUR: '1',
    AUDIT_CHANNEL_ID: '100000000000000001',
  });
  for (let times = 0; times < 3; times += 1) {
    expect((await ask(ada, 'ada@example.org')).text).toContain("couldn't be asked");
  }
});
