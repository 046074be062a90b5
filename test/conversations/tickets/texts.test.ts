import { describe, expect, test } from 'vitest';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import type { HelpdeskPeer } from '../../../sandbox/helpdesk/wire.ts';
import { startConversation } from '../../support/conversation.ts';
import { ticketForm } from '../../support/ticket-form.ts';

/** Bodies as people type them; a form keeps line breaks as they are. */
const BODIES = {
  emoji: '🎫 👩‍👩‍👧 🏳️‍🌈 1️⃣',
  accents: 'Ça coûte 5 € – “naïve” größer',
  Japanese: '日本語のチケット、お願いします。',
  'right to left': 'שלום \u202Eمرحبا\u202C עולם',
  'the end of CDATA': 'a ]]> b ]]]]><![CDATA[> c',
  'a whole CDATA section': '<![CDATA[</body><box_auth_value xsi:type="xsd:string">x</box_auth_value>]]>',
  markup: '<b>&amp; "a" & \'b\'</b> &#128512; <?xml version="1.0"?> <!-- x -->',
  'line breaks': 'one\r\ntwo\nthree\n\n\n four',
  '4,000 characters': '🎫é€日'.repeat(800),
} as const;

async function startLinked(peer: HelpdeskPeer, charset: string) {
  const { ada, world, channel, guild } = await startConversation({
    env: { LINK_VERIFICATION: 'none', HELPDESK_CHARSET: charset, TICKETS_PER_HOUR: '100' },
  });
  world.helpdesk.peer = peer;
  asMessage(await asModal(await ada.slash('link')).submit({ email: 'ada@example.org' }));
  const open = async (fields: { subject: string; product?: string; body: string }) => {
    const opened = asMessage(await (await ticketForm(ada)).submit(fields, { raw: true }));
    expect(opened.text).toContain('is open');
    return world.helpdesk.tickets.at(-1);
  };
  const origin = `\n\n-- \nDiscord: ada (${ada.user.id}), #${channel.name} in ${guild.name} (${guild.id})`;
  return { ada, world, open, origin };
}

describe.each([
  ['nusoap', 'auto'],
  ['nusoap', 'iso-8859-1'],
  ['conforming', 'auto'],
  ['conforming', 'utf-8'],
] as const)('at a %s helpdesk with HELPDESK_CHARSET=%s', (peer, charset) => {
  test('what is typed in Discord arrives exactly, with the line that says where it comes from', async () => {
    const { open, origin } = await startLinked(peer, charset);
    for (const [what, body] of Object.entries(BODIES)) {
      const subject = `${what}: ${body
        .replace(/[\r\n]/g, ' ')
        .slice(0, 100)
        .toWellFormed()}`;
      const ticket = await open({ subject, body });
      expect(ticket).toMatchObject({ subject, body: body + origin });
    }
  });

  test('a product beyond ASCII arrives in its places', async () => {
    const { open, origin } = await startLinked(peer, charset);
    const ticket = await open({ subject: 'Größe', product: 'サーバー €5', body: 'Bitte 🙏' });
    expect(ticket).toMatchObject({
      product: 'サーバー €5',
      subject: 'サーバー €5 : Größe',
      body: `サーバー €5\n\nBitte 🙏${origin}`,
    });
  });

  test('what XML forbids arrives as replacement characters, and nothing else is touched', async () => {
    const { open, origin } = await startLinked(peer, charset);
    const ticket = await open({ subject: 'a\u0007b', body: 'x\u0000y\u001Fz\uFFFEw\uD83Dv\uDE00u\tend' });
    expect(ticket).toMatchObject({ subject: 'a\uFFFDb', body: `x\uFFFDy\uFFFDz\uFFFDw\uFFFDv\uFFFDu\tend${origin}` });
  });
});

test('a ticket that is written in a direct message says so', async () => {
  const { ada, world } = await startConversation({ env: { LINK_VERIFICATION: 'none' } });
  const direct = ada.user.inDirectMessage();
  asMessage(await asModal(await direct.slash('link')).submit({ email: 'ada@example.org' }));
  asMessage(await (await ticketForm(direct)).submit({ subject: 'Hello', body: 'World' }));
  expect(world.helpdesk.tickets[0]?.body).toBe(
    `World\n\n-- \nDiscord: ada (${ada.user.id}), direct message with the bot`,
  );
});

test('an opened ticket is linked to where HELPDESK_TICKET_URL says', async () => {
  const { ada, world } = await startConversation({
    env: { LINK_VERIFICATION: 'none', HELPDESK_TICKET_URL: 'https://my.example.com/view?id={reference}' },
  });
  asMessage(await asModal(await ada.slash('link')).submit({ email: 'ada@example.org' }));
  const opened = asMessage(await (await ticketForm(ada)).submit({ subject: 'Hello', body: 'World' }));
  const { reference } = world.helpdesk.tickets[0] ?? {};
  expect(opened.buttons).toMatchObject([
    { label: 'View ticket', url: `https://my.example.com/view?id=${reference}` },
    { label: 'My tickets' },
    { label: 'Tell me when something changes' },
  ]);
});
