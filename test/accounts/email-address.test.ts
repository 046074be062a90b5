import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskEmailAddress } from '../../src/accounts/email-address.ts';
import { parseEmailAddress } from '../../src/email-address.ts';

test('a mask shows the first letters and the top-level domain', () => {
  expect(maskEmailAddress('ada@example.org')).toBe('a•••@e•••.org');
  expect(maskEmailAddress('a@b.io')).toBe('a•••@b•••.io');
  expect(maskEmailAddress('ada@mail.example.co.uk')).toBe('a•••@m•••.uk');
});

test.each([
  '_ada@example.org',
  '*@example.org',
  '`x`@example.org',
  '#1@example.org',
  '~ada~@example.org',
  '|a@example.org',
])('a mask of %s holds no sign that Discord reads as formatting', (address) => {
  expect(maskEmailAddress(address)).toBe('•••@e•••.org');
});

test('a mask of any address tells nothing but these letters, and no mention of Discord can stand in it', () => {
  fc.assert(
    fc.property(fc.emailAddress(), (typed) => {
      const address = parseEmailAddress(typed);
      if (address === undefined) return;
      const [name = '', domain = ''] = address.split('@');
      const mask = maskEmailAddress(address);
      const first = /^[a-z0-9]/i.test(name) ? name[0] : '';
      expect(mask).toBe(`${first}•••@${domain[0]}•••${domain.slice(domain.lastIndexOf('.'))}`);
      expect(mask).not.toMatch(/@everyone|@here|<@/);
    }),
  );
});
