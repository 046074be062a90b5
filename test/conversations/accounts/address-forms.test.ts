import { describe, expect, test } from 'vitest';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import { codeIn } from '../../../sandbox/mailbox.ts';
import { startConversation, submitTicket } from '../../support/conversation.ts';

describe('an address that the helpdesk takes can be linked, however it is pasted, and gets tickets', () => {
  test.each([
    ['o&m@example.com', 'o&m@example.com'],
    ['john=doe@lists.example.com', 'john=doe@lists.example.com'],
    ['user@example.xn--p1ai', 'user@example.xn--p1ai'],
    ["{o'brien}!#$%*/?^`|~@Example.com", "{o'brien}!#$%*/?^`|~@Example.com"],
    ['\u200Bada@example.org\u00A0', 'ada@example.org'],
    ['<mailto:ada@example.org>', 'ada@example.org'],
  ])('%s', async (typed, address) => {
    const { ada, world } = await startConversation();
    const sent = asMessage(await asModal(await ada.slash('link')).submit({ email: typed }));
    const mail = await world.mailbox.next();
    expect(mail.header).toMatch(new RegExp(`^To: <?${address.replace(/\W/g, '\\$&')}>?$`, 'im'));
    const linked = asMessage(await asModal(await sent.click('Enter code')).submit({ code: codeIn(mail) ?? '' }));
    expect(linked.text).toContain('is linked');
    expect((await submitTicket(ada, { subject: 'Hello', body: 'Please help' })).text).toContain('is open');
    expect(world.helpdesk.tickets.map(({ requesterEmail }) => requesterEmail)).toEqual([address]);
  });
});

test('an address that the helpdesk cannot take is refused in words that blame no letter', async () => {
  const { ada, world } = await startConversation();
  const refused = asMessage(await asModal(await ada.slash('link')).submit({ email: 'zoë@exämple.org' }));
  expect(refused.text).toContain("can't use that as an email address");
  expect(refused.text).not.toMatch(/accent|umlaut|latin|foreign|special/i);
  expect(world.mailbox.mails).toEqual([]);
});

test.each(['email', 'moderator', 'none'])(
  'a plain address that can have no account at the helpdesk is refused, with LINK_VERIFICATION=%s',
  async (verification) => {
    const { ada, world } = await startConversation({
      env: { LINK_VERIFICATION: verification, AUDIT_CHANNEL_ID: '123456789012345678' },
    });
    const refused = asMessage(await asModal(await ada.slash('link')).submit({ email: 'ada@localhost' }));
    expect(refused.text).toContain("can't use that as an email address");
    expect(asMessage(await ada.slash('ticket')).text).toContain('email first');
    expect(world.mailbox.mails).toEqual([]);
  },
);
