import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { truncate, truncateWithEllipsis } from '../../src/discord/replies/truncate.ts';

const WHOLE: readonly (readonly [what: string, grapheme: string])[] = [
  ['a surrogate pair', '🙏'],
  ['a skin tone', '👋🏽'],
  ['a family', '👨‍👩‍👧‍👦'],
  ['a profession with a skin tone', '👩🏿‍🚒'],
  ['a flag', '🇩🇪'],
  ['a flag of tags', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
  ['a key', '1️⃣'],
  ['an accent that is a sign of its own', 'e\u0301'],
  ['a letter under several accents', 'a\u0323\u0302\u0301'],
  ['a Devanagari syllable', 'नि'],
  ['a Hangul syllable of its letters', '\u1112\u1161\u11ab'],
  ['a line break of two signs', '\r\n'],
];

describe.each(WHOLE)('%s', (_what, grapheme) => {
  test('is kept whole or left out, wherever the cut falls', () => {
    const text = `ab${grapheme.repeat(3)}cd`;
    for (let length = 0; length <= text.length; length += 1) {
      const cut = truncate(text, length);
      expect(cut.length).toBeLessThanOrEqual(length);
      expect(
        [...new Array(4).keys()]
          .map((n) => `ab${grapheme.repeat(n)}`)
          .concat('', 'a', `ab${grapheme.repeat(3)}c`, text),
      ).toContain(cut);
    }
  });
});

test('no cut of any text is inside of what a reader takes for one character, and none is shorter than it must be', () => {
  const pieces = fc.constantFrom(
    ...WHOLE.map(([, grapheme]) => grapheme),
    'x',
    ' ',
    '\u200d',
    '\u0301',
    '\ud83d',
    '🏽',
    '🇫',
  );
  const texts = fc.array(pieces, { maxLength: 40 }).map((parts) => `x${parts.join('')}`);
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 60 }), (text, length) => {
      const ends = [...new Intl.Segmenter().segment(text)].map(({ index, segment }) => index + segment.length);
      const cut = truncate(text, length);
      const best = Math.max(0, ...ends.filter((end) => end <= length));
      // Only a first character that is longer than all the room is cut.
      if (best > 0) expect(cut).toBe(text.slice(0, best));
      else expect(cut.length).toBeLessThanOrEqual(length);
    }),
  );
});

test('a letter under more accents than there is room for is cut between them, so that something is left', () => {
  expect(truncate(`a${'\u0301'.repeat(500)}`, 100)).toBe(`a${'\u0301'.repeat(99)}`);
  expect(truncate(`${'👩🏿‍🚒'}!`, 3)).toBe('👩');
});

test('what is shortened ends with an ellipsis within the limit, and what fits stays as it is', () => {
  expect(truncateWithEllipsis('👨‍👩‍👧‍👦'.repeat(10), 100)).toBe(`${'👨‍👩‍👧‍👦'.repeat(9)}…`);
  expect(truncateWithEllipsis('x'.repeat(100), 100)).toBe('x'.repeat(100));
  expect(truncateWithEllipsis('', 0)).toBe('');
});
