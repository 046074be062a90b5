import { expect, test } from 'vitest';
import { ownAddress } from '../../src/discord/replies/own-address.ts';

test.each([
  ['ada@example.org', '||ada@example.org||'],
  ['a|b||c@example.org', '||a\\|b\\|\\|c@example.org||'],
  ['_*~`@example.org', '||\\_\\*\\~\\`@example.org||'],
])('one reads one’s own address behind a spoiler that nothing in it ends: %s', (address, shown) => {
  expect(ownAddress(address)).toBe(shown);
});
