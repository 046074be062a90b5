import type { APIButtonComponentWithURL } from 'discord.js';
import { expect, test } from 'vitest';
import { inYourNameButtons, inYourNameWords } from '../../src/discord/replies/in-your-name-reply.ts';

const HELPDESK = { name: 'the helpdesk', ticketUrl: 'https://my.example.com/view?id={reference}' };
const MESSAGE = 'https://discord.com/channels/1/2/3';
const OPENED = { kind: 'opened-in-your-name', reference: 'KVO-1', moderatorId: '10', messageUrl: MESSAGE } as const;

const shown = (...args: Parameters<typeof inYourNameButtons>) =>
  inYourNameButtons(...args)
    .flatMap((row) => row.toJSON().components as APIButtonComponentWithURL[])
    .map(({ label, url }) => [label, url]);

test('the buttons lead to the message and to the ticket, and the last one ends it', () => {
  expect(shown(OPENED, HELPDESK)).toEqual([
    ['Message', MESSAGE],
    ['View ticket', 'https://my.example.com/view?id=KVO-1'],
    ["Don't do this again", undefined],
  ]);
});

test.each<[string, Parameters<typeof inYourNameButtons>]>([
  ['HELPDESK_TICKET_URL', [OPENED, { ...HELPDESK, ticketUrl: undefined }]],
  ['a number', [{ ...OPENED, reference: undefined }, HELPDESK]],
  ['room for its address in a button', [{ ...OPENED, reference: 'K'.repeat(500) }, HELPDESK]],
  ['certainty', [{ ...OPENED, kind: 'maybe-opened-in-your-name' }, HELPDESK]],
])('without %s there is no way to the ticket', (_what, [about, helpdesk]) => {
  expect(shown(about, helpdesk).map(([label]) => label)).toEqual(['Message', "Don't do this again"]);
});

test('the words have the news in the first line, and claim no more than is known', () => {
  expect(inYourNameWords(OPENED)).toMatch(/^📨 \*\*<@10>, a moderator, opened ticket KVO-1 in your name\.\*\*\n/);
  expect(inYourNameWords({ ...OPENED, reference: undefined })).toContain('opened a ticket in your name');
  expect(inYourNameWords({ ...OPENED, kind: 'maybe-opened-in-your-name' })).toMatch(
    /^⚠️ \*\*.* sent a ticket in your name, and we don't know whether it was opened\.\*\*\n/,
  );
});
