import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEmailAddress } from '../src/email-address.ts';

describe('a plain address is taken as it was typed', () => {
  test.each([
    'ada@example.org',
    'Ada.Lovelace@Example.ORG',
    'ada+helpdesk@example.org',
    "o'brien_2@mail.example.co.uk",
    'a@b.io',
    'o&m@example.com',
    'john=doe@lists.example.com',
    "!#$%&'*+-/=?^_`{|}~@example.org",
    'prvs=1234=ada@example.org',
    'ada%example.org@relay.example',
    'user@example.xn--p1ai',
    'user@xn--exmple-cua.org',
    'ada@1and1.example',
    'ada@a--b.example',
    `${'a'.repeat(64)}@example.org`,
    `ada@${'a'.repeat(63)}.org`,
    // Mail goes there; which of these can have an account is for the helpdesk to say.
    'ada@localhost',
    'ada@example.1org',
    `${'a'.repeat(64)}@${`${'b'.repeat(61)}.`.repeat(3)}org`,
  ])('%s', (address) => {
    expect(parseEmailAddress(address)).toBe(address);
  });
});

describe('what nobody sees around or inside an address is taken off', () => {
  test.each([
    ['blanks', '  ada@example.org '],
    ['a no-break space behind it', 'ada@example.org\u00A0'],
    ['a no-break space in front', '\u00A0ada@example.org'],
    ['a narrow no-break space', 'ada@example.org\u202F'],
    ['an ideographic space', '\u3000ada@example.org'],
    ['a zero-width space in the middle', 'ada@\u200Bexample.org'],
    ['a zero-width joiner', 'ada\u200D@example.org'],
    ['a word joiner', 'ada@example\u2060.org'],
    ['a byte order mark', '\uFEFFada@example.org'],
    ['a soft hyphen', 'ada@exam\u00ADple.org'],
    ['marks for the direction of writing', '\u202Aada@example.org\u202C'],
    ['isolates', '\u2068ada@example.org\u2069'],
    ['left-to-right marks', '\u200Eada@example.org\u200E'],
    ['a variation selector', 'ada@example.org\uFE0F'],
    ['angle brackets', '<ada@example.org>'],
    ['a link', 'mailto:ada@example.org'],
    ['all of it', ' \u200B<MAILTO:ada@example.org>\u00A0 '],
  ])('%s', (_, typed) => {
    expect(parseEmailAddress(typed)?.toLowerCase()).toBe('ada@example.org');
  });
});

describe('what is not one plain address is refused', () => {
  test.each([
    ['nothing', ''],
    ['blanks', '   '],
    ['invisible characters alone', '\u200B\u00A0\uFEFF'],
    ['no domain', 'ada@'],
    ['no name', '@example.org'],
    ['two addresses', 'ada@example.org,eve@example.org'],
    ['two addresses with a semicolon', 'ada@example.org;eve@example.org'],
    ['two addresses with a blank', 'ada@example.org eve@example.org'],
    ['two addresses with a no-break space', 'ada@example.org\u00A0eve@example.org'],
    ['two at signs', 'ada@example.org@evil.example'],
    ['a display name', 'Ada <ada@example.org>'],
    ['brackets inside of brackets', '<<ada@example.org>>'],
    ['one bracket', 'ada@example.org>'],
    ['a link with a second recipient', 'mailto:ada@example.org?cc=eve@example.org'],
    ['a link with a subject', 'mailto:ada@example.org?subject=x'],
    ['a second header', 'ada@example.org\r\nBcc: eve@example.org'],
    ['a line break at the end', 'ada@example.org\n'],
    ['a line break in front', '\nada@example.org'],
    ['a line separator', 'ada@example.org\u2028'],
    ['a tab', 'ada@example.org\t'],
    ['a mail command', 'ada@example.org>\r\nRCPT TO:<eve@example.org'],
    ['an old route', '@relay.example:ada@example.org'],
    ['a quoted name', '"ada eve"@example.org'],
    ['a comment', 'ada(eve)@example.org'],
    ['an address literal', 'ada@[127.0.0.1]'],
    ['a backslash', 'ada\\eve@example.org'],
    ['a dot in front', '.ada@example.org'],
    ['a dot behind the name', 'ada.@example.org'],
    ['two dots', 'ada..l@example.org'],
    ['a dot behind the domain', 'ada@example.org.'],
    ['a hyphen in front of a label', 'ada@-example.org'],
    ['a hyphen behind a label', 'ada@example-.org'],
    ['an underscore in the domain', 'ada@exa_mple.org'],
    ['a port', 'ada@example.org:25'],
    ['a letter that only looks like one', 'аda@example.org'],
    ['a domain in another script', 'ada@exämple.org'],
    ['a full-width at sign', 'ada＠example.org'],
    ['NUL', 'ada\0@example.org'],
    ['a name of 65 characters', `${'a'.repeat(65)}@example.org`],
    ['a label of 64 characters', `ada@${'a'.repeat(64)}.org`],
    ['255 characters', `ada@${'a.'.repeat(124)}org`],
    ['what a form without limits can send', `${'a'.repeat(4000)}@example.org`],
    ['very many labels', `a@${'a.'.repeat(100_000)}`],
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
        expect(address).toMatch(/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+$/);
        expect(address.length).toBeLessThanOrEqual(254);
        expect(parseEmailAddress(address)).toBe(address);
      },
    ),
  );
});
