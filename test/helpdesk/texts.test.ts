import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clientOf, helpdeskForTest, REQUEST } from './helpdesk-harness.ts';

const TEXTS = {
  'accents and signs': 'Café, 5 €, “quotes” – dash…',
  emoji: '🎫 👩‍👩‍👧 🏳️‍🌈',
  Japanese: '日本語のチケット',
  'right to left': 'שלום \u202Eمرحبا\u202C',
  'markup characters': `<b>&amp;"quoted" & 'single'</b> &#65; <body>x</body>`,
  'an end of CDATA': 'a ]]> b ]]&gt; c',
  'a whole CDATA section': '<![CDATA[</body><box_auth_value>stolen</box_auth_value><body>]]>',
  'a CDATA section with more after it': '<![CDATA[x]]></body><body>]]>',
  'line breaks': 'one\r\ntwo\nthree\rfour\t.',
  'blanks at the ends': '  \n  text \t\r\n ',
  'only blanks': ' \n ',
  '4,000 characters': '€'.repeat(4_000),
  '100 KB': '0123456789 é\r\n'.repeat(7_200),
  'a marker of the own': 'U+0001 written out: \\u0001 &#1; &#x1;',
};

describe.each([
  ['nusoap', 'auto'],
  ['nusoap', 'iso-8859-1'],
  ['conforming', 'auto'],
  ['conforming', 'utf-8'],
] as const)('for a %s peer and the charset %s', (peer, charset) => {
  test.each(Object.entries(TEXTS))('a text arrives exactly: %s', async (_name, text) => {
    const helpdesk = await helpdeskForTest({ peer });
    const client = clientOf(helpdesk.url, { charset });

    await expect(client.openTicket({ ...REQUEST, subject: text, body: text })).resolves.toMatchObject({
      kind: 'opened',
    });
    expect(helpdesk.tickets).toMatchObject([{ subject: text, body: text }]);
    expect(helpdesk.calls.at(-1)?.values.at(-1)).toBe('');
  });

  test.each(Object.entries(TEXTS).filter(([, text]) => text.trim() !== ''))(
    'a reply arrives exactly: %s',
    async (_name, text) => {
      const helpdesk = await helpdeskForTest({ peer });
      const client = clientOf(helpdesk.url, { charset });
      await client.openTicket(REQUEST);

      await expect(client.postReply({ reference: 'KVO-530-34143', text })).resolves.toEqual({ kind: 'posted' });
      expect(helpdesk.tickets[0]?.posts.at(-1)?.contents).toBe(text);
      expect(helpdesk.calls.at(-1)?.values).toEqual(['•••', 'KVO-530-34143', text]);
    },
  );

  test('whatever XML allows arrives exactly', async () => {
    const helpdesk = await helpdeskForTest({ peer });
    const client = clientOf(helpdesk.url, { charset });
    const legal = fc.string({ unit: 'binary' }).filter((text) => !ILLEGAL.test(text) && text !== '0');

    await fc.assert(
      fc.asyncProperty(legal, legal, async (product, body) => {
        await client.openTicket({ ...REQUEST, product, body });
        expect(helpdesk.tickets.at(-1)).toMatchObject({ product, body: product ? `${product}\n\n${body}` : body });
      }),
      { numRuns: 40 },
    );
  });
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is left out.
const ILLEGAL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Cs}/u;

test('characters that XML forbids arrive as replacement characters', async () => {
  const helpdesk = await helpdeskForTest();
  await clientOf(helpdesk.url).openTicket({ ...REQUEST, body: 'a\u0000b\u0001c\u001Bd\uFFFEe\uD83Df\uDE00g\u0085' });

  expect(helpdesk.tickets).toMatchObject([{ body: 'a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\uFFFDf\uFFFDg\u0085' }]);
});

test('characters that XML forbids arrive in a reply as replacement characters', async () => {
  const helpdesk = await helpdeskForTest();
  const client = clientOf(helpdesk.url);
  await client.openTicket(REQUEST);
  await client.postReply({ reference: 'KVO-530-34143', text: 'a\u0000b\uD83Dc' });

  expect(helpdesk.tickets[0]?.posts.at(-1)?.contents).toBe('a\uFFFDb\uFFFDc');
});

test('a forced charset that does not fit spoils the text: auto is there for a reason', async () => {
  const helpdesk = await helpdeskForTest();
  await clientOf(helpdesk.url, { charset: 'utf-8' }).openTicket({ ...REQUEST, body: 'é€' });
  helpdesk.peer = 'conforming';
  await clientOf(helpdesk.url, { charset: 'iso-8859-1' }).openTicket({ ...REQUEST, body: 'é' });

  expect(helpdesk.tickets.map((ticket) => ticket.body)).toEqual(['\uFFFD?', 'Ã©']);
});

test('a server that is replaced is recognised at the next login', async () => {
  const helpdesk = await helpdeskForTest();
  const client = clientOf(helpdesk.url);
  await client.openTicket({ ...REQUEST, body: '€' });
  helpdesk.peer = 'conforming';
  helpdesk.expireSessions();
  await client.openTicket({ ...REQUEST, body: '€' });

  expect(helpdesk.tickets.map((ticket) => ticket.body)).toEqual(['€', '€']);
});

test.each([false, true])(
  'an answer beyond ASCII, whose length NuSOAP counts wrong, is read: cut there %s',
  async (cutsAtLength) => {
    const helpdesk = await helpdeskForTest();
    helpdesk.cutsAtLength = cutsAtLength;
    const text = 'Kayako exception occurred: Gerät nicht verfügbar €€€€. Please try again!';
    helpdesk.fault({ works: false, effect: { kind: 'ticket', status: 'failed', text, reference: '-1' } });

    await expect(clientOf(helpdesk.url).openTicket(REQUEST)).resolves.toMatchObject({ kind: 'refused', reason: text });
  },
);
