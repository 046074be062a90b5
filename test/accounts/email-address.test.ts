import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskEmailAddress, parseEmailAddress } from '../../src/accounts/email-address.ts';

describe('an address that can be mailed and that the helpdesk takes is taken as it was typed', () => {
  test.each([
    'ada@example.org',
    'Ada.Lovelace@Example.ORG',
    'ada+helpdesk@example.org',
    "o'brien_2@mail.example.co.uk",
    'a@b.io',
    `${'a'.repeat(64)}@example.org`,
  ])('%s', (address) => {
    expect(parseEmailAddress(address)).toBe(address);
  });
});

test('blanks around an address are forgiven', () => {
  expect(parseEmailAddress('  ada@example.org ')).toBe('ada@example.org');
});

describe('what is not one plain address is refused', () => {
  test.each([
    ['nothing', ''],
    ['blanks', '   '],
    ['no domain', 'ada@'],
    ['no name', '@example.org'],
    ['no top-level domain', 'ada@localhost'],
    ['two addresses', 'ada@example.org,eve@example.org'],
    ['two addresses with a blank', 'ada@example.org eve@example.org'],
    ['two at signs', 'ada@example.org@evil.example'],
    ['a display name', 'Ada <ada@example.org>'],
    ['angle brackets', '<ada@example.org>'],
    ['a second header', 'ada@example.org\r\nBcc: eve@example.org'],
    ['a line break at the end', 'ada@example.org\n'],
    ['a line break in front', '\nada@example.org'],
    ['a tab', 'ada@example.org\t'],
    ['a mail command', 'ada@example.org>\r\nRCPT TO:<eve@example.org'],
    ['a relay', 'ada%example.org@relay.example'],
    ['an old route', '@relay.example:ada@example.org'],
    ['a quoted name', '"ada eve"@example.org'],
    ['a comment', 'ada(eve)@example.org'],
    ['an address literal', 'ada@[127.0.0.1]'],
    ['a dot in front', '.ada@example.org'],
    ['two dots', 'ada..l@example.org'],
    ['a letter that only looks like one', 'аda@example.org'],
    ['a domain in another script', 'ada@exämple.org'],
    ['a zero-width space', 'ada\u200b@example.org'],
    ['a full-width at sign', 'ada＠example.org'],
    ['NUL', 'ada\0@example.org'],
    ['a name of 65 characters', `${'a'.repeat(65)}@example.org`],
    ['255 characters', `ada@${'a.'.repeat(124)}org`],
    ['what a form without limits can send', `${'a'.repeat(4000)}@example.org`],
  ])('%s', (_, typed) => {
    expect(parseEmailAddress(typed)).toBeUndefined();
  });
});

test('whatever is typed, an address that is taken is one word of plain characters with one at sign', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.emailAddress(), fc.string({ unit: 'grapheme' })),
      (typed) => {
        const address = parseEmailAddress(typed);
        if (address === undefined) return;
        expect(address).toMatch(/^[A-Za-z0-9_'+.-]+@[A-Za-z0-9.-]+$/);
        expect(address.length).toBeLessThanOrEqual(254);
        expect(typed).toContain(address);
      },
    ),
  );
});

test('a mask shows the first letters and the top-level domain', () => {
  expect(maskEmailAddress('ada@example.org')).toBe('a•••@e•••.org');
  expect(maskEmailAddress('a@b.io')).toBe('a•••@b•••.io');
  expect(maskEmailAddress('ada@mail.example.co.uk')).toBe('a•••@m•••.uk');
});

test('a mask of any address tells nothing but these letters, and no mention of Discord can stand in it', () => {
  fc.assert(
    fc.property(fc.emailAddress(), (typed) => {
      const address = parseEmailAddress(typed);
      if (address === undefined) return;
      const [name = '', domain = ''] = address.split('@');
      const mask = maskEmailAddress(address);
      expect(mask).toBe(`${name[0]}•••@${domain[0]}•••${domain.slice(domain.lastIndexOf('.'))}`);
      expect(mask).not.toMatch(/@everyone|@here|<@/);
    }),
  );
});
