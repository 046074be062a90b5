import { describe, expect, test } from 'vitest';
import { parseMailSender } from '../src/mail-sender.ts';

const ADDRESS = 'support@example.com';

describe('a sender is a name and an address', () => {
  test.each([
    [ADDRESS, ''],
    [`<${ADDRESS}>`, ''],
    [`Example Support <${ADDRESS}>`, 'Example Support'],
    [`Example Support<${ADDRESS}>`, 'Example Support'],
    [`Example: Support <${ADDRESS}>`, 'Example: Support'],
    [`Bob"s Support <${ADDRESS}>`, 'Bob"s Support'],
    [`Bob's Support <${ADDRESS}>`, "Bob's Support"],
    [`Example (Support) <${ADDRESS}>`, 'Example (Support)'],
    [`Example, Inc. <${ADDRESS}>`, 'Example, Inc.'],
    [`Example; Support <${ADDRESS}>`, 'Example; Support'],
    [`support@example.com <${ADDRESS}>`, 'support@example.com'],
    [`Grüße 🎫 <${ADDRESS}>`, 'Grüße 🎫'],
    [`"Example, Inc." <${ADDRESS}>`, 'Example, Inc.'],
    [`"The \\"best\\" support" <${ADDRESS}>`, 'The "best" support'],
    [`"Example" "Support" <${ADDRESS}>`, '"Example" "Support"'],
    [`Example\\Support <${ADDRESS}>`, 'Example\\Support'],
    [`${ADDRESS} (Example Support)`, 'Example Support'],
    [`Example Support < ${ADDRESS} >`, 'Example Support'],
  ])('%s', (text, name) => {
    expect(parseMailSender(text)).toEqual({ name, address: ADDRESS });
  });

  test.each(['bot@localhost', 'bot@exämple.org', 'o&m@example.com'])('of any mail server: %s', (address) => {
    expect(parseMailSender(`Bot <${address}>`)).toEqual({ name: 'Bot', address });
  });
});

describe('what is not one sender is refused', () => {
  test.each([
    '',
    'support',
    'Example <support>',
    'a@example.com b@example.com',
    'a@example.com, b@example.com',
    'A <a@example.com>, B <b@example.com>',
    'a@example.com\nBcc: b@example.com',
    'Example\r\nBcc: b@example.com <a@example.com>',
    'Example <a@example.com',
    '"Example <a@example.com>"',
    'Group: a@example.com;',
  ])('%j', (text) => {
    expect(parseMailSender(text)).toBeUndefined();
  });
});
