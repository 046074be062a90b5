import { expect, test } from 'vitest';
import { withoutMentions } from '../../src/discord/replies/escape-user-text.ts';

test.each([
  ['**Please** wait, see [the news](https://example.net) and <#123456789012345678>'],
  ['## Moving\n- until _noon_\n> `quote`'],
])('formatting, links and channels stay: %s', (text) => {
  expect(withoutMentions(text, 500)).toBe(text);
});

test.each([
  ['@everyone'],
  ['@here'],
  ['<@123456789012345678>'],
  ['<@!123456789012345678>'],
  ['<@&123456789012345678>'],
])('%s is no mention any more', (mention) => {
  expect(withoutMentions(`Hello ${mention}!`, 500)).not.toMatch(/@(?:everyone|here|!?\d|&)/);
});

test('an email address can still be copied', () => {
  expect(withoutMentions('Write to help@example.com', 500)).toBe('Write to help@example.com');
});

test('a longer text is cut, with an ellipsis', () => {
  expect(withoutMentions('a'.repeat(501), 500)).toBe(`${'a'.repeat(499)}…`);
});
