import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { discordTime } from '../client/discord/message/discord-time.ts';
import { type Block, type Inline, parseMarkdown } from '../client/discord/message/markdown.ts';

/** What somebody reads, without how it looks. */
function textOf(blocks: readonly Block[]): string {
  const inline = (part: Inline): string => {
    if ('text' in part) return part.text;
    if ('children' in part) return part.children.map(inline).join('');
    if (part.kind === 'time') return `time ${part.at}`;
    return part.kind === 'mention' ? `@${part.id}` : `#${part.id}`;
  };
  return blocks
    .map((block) => {
      if (block.kind === 'code') return block.text;
      return block.kind === 'quote' ? textOf(block.children) : block.children.map(inline).join('');
    })
    .join('\n');
}

const first = (source: string) => {
  const [block] = parseMarkdown(source);
  return block?.kind === 'paragraph' ? block.children : block;
};

describe('Discord’s markdown', () => {
  test.each<[string, unknown]>([
    ['plain', [{ kind: 'text', text: 'plain' }]],
    ['**bold**', [{ kind: 'bold', children: [{ kind: 'text', text: 'bold' }] }]],
    ['*it* and _it_', [{ kind: 'italic' }, { kind: 'text', text: ' and ' }, { kind: 'italic' }]],
    ['snake_case_name', [{ kind: 'text', text: 'snake_case_name' }]],
    ['2 * 3 * 4', [{ kind: 'text', text: '2 * 3 * 4' }]],
    ['**a *b* c**', [{ kind: 'bold', children: [{}, { kind: 'italic' }, {}] }]],
    ['\\*\\*not bold\\*\\*', [{ kind: 'text', text: '**not bold**' }]],
    ['`**code**`', [{ kind: 'code', text: '**code**' }]],
    ['<@12345678901234567>', [{ kind: 'mention', id: '12345678901234567' }]],
    ['<#12345678901234567>', [{ kind: 'channel', id: '12345678901234567' }]],
    ['<t:1700000000:R>', [{ kind: 'time', at: 1_700_000_000, style: 'R' }]],
    ['<t:1700000000>', [{ kind: 'time', at: 1_700_000_000, style: 'f' }]],
    ['[here](<https://example.org/x>)', [{ kind: 'link', url: 'https://example.org/x' }]],
    ['see https://example.org/a.', [{}, { kind: 'link', url: 'https://example.org/a' }, { kind: 'text', text: '.' }]],
    ['[no](javascript:alert(1))', [{ kind: 'text', text: '[no](javascript:alert(1))' }]],
    ['# Heading', { kind: 'heading', level: 1 }],
    ['-# small', { kind: 'small' }],
    ['- item', { kind: 'item', mark: '•' }],
    ['> quote', { kind: 'quote' }],
    ['```text\na\nb\n```', { kind: 'code', text: 'a\nb' }],
  ])('reads %j', (source, expected) => {
    expect(first(source)).toMatchObject(expected as object);
  });

  test('lines stay lines, and what follows a block is read on', () => {
    expect(textOf(parseMarkdown('one\n\ntwo'))).toBe('one\n\ntwo');
    expect(parseMarkdown('before\n```\ncode\n```\nafter').map(({ kind }) => kind)).toEqual([
      'paragraph',
      'code',
      'paragraph',
    ]);
    expect(parseMarkdown('> a\n> b\nc').map(({ kind }) => kind)).toEqual(['quote', 'paragraph']);
  });

  test('never fails, whatever somebody writes', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a*_~|`<>[]()\\#-@t:1\n h'), maxLength: 60 }), (source) => {
        parseMarkdown(source);
      }),
      { numRuns: 2000 },
    );
  });

  test('loses nothing of a text without marks', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'abc ÄÖ🙏.,!?'), minLength: 1, maxLength: 40 }), (source) => {
        expect(textOf(parseMarkdown(source))).toBe(source);
      }),
    );
  });

  test('a long text of openings that never close is read at once', () => {
    for (const piece of ['**', '*', '_', '~~', '||', '`', '[', '<@', '> ']) {
      expect(textOf(parseMarkdown(piece.repeat(2000))).length).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('Discord’s times', () => {
  const now = 1_700_000_000_000;
  test.each([
    [1_700_000_000, 'now'],
    [1_700_000_030, 'in 30 seconds'],
    [1_700_000_000 - 180, '3 minutes ago'],
    [1_700_000_000 + 7200, 'in 2 hours'],
    [1_700_000_000 + 86_400, 'tomorrow'],
    [1_700_000_000 - 40 * 86_400, 'last month'],
  ])('%d is shown as "%s"', (at, shown) => {
    expect(discordTime(at, 'R', now)).toBe(shown);
  });

  test('a time that is none is shown as such', () => {
    expect(discordTime(9_999_999_999_999, 'f')).toBe('Invalid date');
  });
});
