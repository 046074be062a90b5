import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeUserText } from '../../src/discord/replies/escape-user-text.ts';

/** What a reader sees: Discord shows no backslash that stands before a sign. */
function shown(written: string): string {
  return written.replace(/\\([^0-9A-Za-z\s])/g, '$1').replaceAll('@\u200b', '@');
}

/** What Discord could still take for its own signs: all that no backslash stands before, addresses left out. */
function live(written: string): string[] {
  const rest = written.replace(/https?:\/\/[^\s<>*|`\\[\]]+/g, 'address').replace(/\\[^0-9A-Za-z\s]/g, 'x');
  return rest.match(/[\\*_~|`[\]<]|@(?!\u200b)|^\s*(?:[-+>#]|\d+\.)/gm) ?? [];
}

test.each([
  ['bold and italic', '**bold** *italic* ***both*** _italic_ __underlined__', '\\*\\*bold\\*\\*'],
  ['struck out and hidden', '~~gone~~ ||secret||', '\\~\\~gone\\~\\~ \\|\\|secret\\|\\|'],
  ['code', '`one` ``two`` ```three``` ````four````', '\\`one\\`'],
  ['headings', '# big\n## less\n-# small', '\\# big\n\\## less\n\\-# small'],
  ['quotes', '> one\n>>> all', '\\> one\n\\>>> all'],
  ['lists', '- one\n  - two\n1. three\n* four', '\\- one\n  \\- two\n1\\. three\n\\* four'],
  [
    'masked links',
    '[bank](https://evil.example) [other](https://evil.example)',
    '\\[bank\\](https://evil.example) \\[',
  ],
  ['an escape', 'a \\*b\\* c\\', 'a \\\\\\*b'],
  ['a half emoji that hides what follows', '<:x _italic_ *more*', '\\<:x \\_italic\\_'],
])('%s are shown as they were written', (_what, text, written) => {
  expect(escapeUserText(text, 600)).toContain(written);
  expect(live(escapeUserText(text, 600))).toEqual([]);
  expect(shown(escapeUserText(text, 600))).toBe(text);
});

test.each([
  '@everyone',
  '@here',
  '<@123456789012345678>',
  '<@&123456789012345678>',
  '<#123456789012345678>',
  '</ticket:1>',
  '<t:0:R>',
])('%s mentions nobody and nothing', (text) => {
  expect(escapeUserText(text, 600)).not.toMatch(/@(?!\u200b)|(?<!\\)</);
  expect(shown(escapeUserText(text, 600))).toBe(text);
});

test('an address can be pressed, and shows where it leads', () => {
  const address = 'https://status.example.com/a_b/~c?d=_e_#f';
  expect(escapeUserText(`See ${address}, please`, 600)).toBe(`See ${address}, please`);
});

test('a reference and ordinary words stay as they are', () => {
  expect(escapeUserText('KVO-530-34143', 60)).toBe('KVO-530-34143');
  expect(escapeUserText('Ünïcode 🎫 日本語 - 1.5 > 1 (a+b) #3: 50 %', 600)).toBe(
    'Ünïcode 🎫 日本語 - 1.5 > 1 (a+b) #3: 50 %',
  );
});

describe('whatever is written', () => {
  const signs = fc.constantFrom(...'\\*_~|`[]()<>#@:-+.1a \n', 'https://', '\uD83D\uDE00', '\uD83D', '日');
  const text = fc.array(signs, { maxLength: 60 }).map((parts) => parts.join(''));

  test('no sign of Discord is left, and the reader sees the text', () => {
    fc.assert(
      fc.property(text, (typed) => {
        expect(live(escapeUserText(typed, 600))).toEqual([]);
        expect(shown(escapeUserText(typed, 600))).toBe(typed.toWellFormed());
      }),
      { numRuns: 2000 },
    );
  });

  test('it is cut to its length, at most doubled by what escapes it, and no character is cut in half', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 0, maxLength: 80 }),
        fc.integer({ min: 2, max: 60 }),
        (typed, max) => {
          const written = escapeUserText(typed, max);
          expect(written.length).toBeLessThanOrEqual(2 * max);
          expect(shown(written).length).toBeLessThanOrEqual(max);
          expect(written).not.toContain('\uFFFD');
        },
      ),
    );
  });
});
