import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accountAddressReader } from '../../src/accounts/account-address.ts';
import { isMyAdminAddress } from '../../src/helpdesk/account-address.ts';

const readAddress = accountAddressReader(isMyAdminAddress);

test.each(['ada@example.org', 'a@b.io', 'user@example.xn--p1ai', 'ada@1and1.example', 'ada@relay.1st.example'])(
  '%s can have an account',
  (address) => {
    expect(readAddress(address)).toBe(address);
  },
);

describe('no account can have', () => {
  test.each([
    ['no top-level domain', 'ada@localhost'],
    ['a top-level domain that starts with a digit', 'ada@example.1org'],
    ['an IP address', 'ada@127.0.0.1'],
  ])('%s', (_, typed) => {
    expect(readAddress(typed)).toBeUndefined();
  });
});

/** Texts that are almost addresses, of the signs on which the rules differ. */
const almostAddress = fc
  .tuple(
    fc.array(fc.constantFrom(..."aZ09.-_+&=%/!#`{|}~^?*'$"), { minLength: 1, maxLength: 12 }),
    fc.array(fc.constantFrom('a', 'Z', '0', '9', '-', '.', 'xn--', '_'), { minLength: 1, maxLength: 12 }),
  )
  .map(([name, domain]) => `${name.join('')}@${domain.join('')}`);

const hasPhp = spawnSync('php', ['-r', 'echo function_exists("filter_var");'], { encoding: 'utf8' }).stdout === '1';

describe('the rule is the one of the helpdesk, which is PHP', () => {
  test.skipIf(!hasPhp)('FILTER_VALIDATE_EMAIL says the same of 5,000 near-addresses (needs php-cli)', () => {
    const addresses = [
      ...fc.sample(almostAddress, 4_000),
      ...fc.sample(fc.emailAddress(), 900),
      ...[62, 63, 64, 65].flatMap((length) => [
        `${'a'.repeat(length)}@b.io`,
        `a@${'b'.repeat(length)}.io`,
        `a@b.${'c'.repeat(length)}`,
      ]),
      ...[120, 124, 125, 126, 127].map((labels) => `a@${'b.'.repeat(labels)}io`),
    ];
    const script =
      'echo json_encode(array_map(fn($a) => filter_var($a, FILTER_VALIDATE_EMAIL) !== false, json_decode(stream_get_contents(STDIN))));';
    const { stdout } = spawnSync('php', ['-r', script], { input: JSON.stringify(addresses), encoding: 'utf8' });
    const taken: boolean[] = JSON.parse(stdout);
    const different = addresses.filter((address, index) => (readAddress(address) !== undefined) !== taken[index]);
    expect(different).toEqual([]);
    expect(taken.filter(Boolean).length).toBeGreaterThan(500);
  });
});
