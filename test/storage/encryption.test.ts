import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSeal, parseStorageKeys } from '../../src/storage/encryption.ts';
import { StorageError } from '../../src/storage/record-store.ts';

const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
const text = fc.string({ unit: 'grapheme' });

describe('the seal', () => {
  it('opens what it sealed, in the same context', () => {
    fc.assert(
      fc.property(key, text, text, (secret, plain, context) => {
        const seal = createSeal([secret]);
        const sealed = seal.seal(plain, context);
        expect(seal.open(sealed, context)).toBe(plain);
        // It remembers what it has sealed; one that has not must decrypt it, and then remembers it, too.
        const other = createSeal([secret]);
        for (let i = 0; i < 2; i += 1) expect(other.open(sealed, context)).toBe(plain);
      }),
    );
  });

  it('refuses every text in which one character was changed', () => {
    const secret = randomBytes(32);
    const [seal, other] = [createSeal([secret]), createSeal([secret])];
    const sealed = seal.seal('a secret', 'drafts');
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.constantFrom(...'Ab0:+/='), (index, character) => {
        fc.pre(sealed[index] !== character);
        const changed = sealed.slice(0, index) + character + sealed.slice(index + 1);
        // The last character of base64 carries bits that decode to nothing.
        fc.pre(!Buffer.from(changed.slice(14), 'base64').equals(Buffer.from(sealed.slice(14), 'base64')) || index < 14);
        for (const one of [seal, other]) expect(() => one.open(changed, 'drafts')).toThrow(StorageError);
      }),
    );
  });

  it('refuses a text from another context', () => {
    const secret = randomBytes(32);
    const [seal, other] = [createSeal([secret]), createSeal([secret])];
    const sealed = seal.seal('a secret', 'drafts');
    for (const one of [seal, other]) expect(() => one.open(sealed, 'links')).toThrow(StorageError);
    expect(other.open(sealed, 'drafts')).toBe('a secret');
    expect(() => other.open(sealed, 'links')).toThrow(StorageError);
  });

  it('shows neither the text nor twice the same', () => {
    const seal = createSeal([randomBytes(32)]);
    expect(seal.seal('a secret', '')).not.toContain('secret');
    expect(seal.seal('a secret', '')).not.toBe(seal.seal('a secret', ''));
  });

  it('opens with an old key of the ring, and asks for STORAGE_KEY when the key is gone', () => {
    const [old, fresh] = [randomBytes(32), randomBytes(32)];
    const sealed = createSeal([old]).seal('a secret', '');
    expect(createSeal([fresh, old]).open(sealed, '')).toBe('a secret');
    expect(() => createSeal([fresh]).open(sealed, '')).toThrow(/STORAGE_KEY/);
    expect(() => createSeal([]).open(sealed, '')).toThrow(/STORAGE_KEY/);
  });

  it('opens records from before encryption was turned on, and nothing without a marker', () => {
    const seal = createSeal([randomBytes(32)]);
    expect(seal.open(createSeal([]).seal('from before', ''), '')).toBe('from before');
    for (const stored of ['', '{}', 'aes1:', 'aes1:00000000:AAAA', 'aes2:00000000:AAAA']) {
      expect(() => seal.open(stored, '')).toThrow(StorageError);
    }
  });
});

describe('parseStorageKeys', () => {
  it('reads hexadecimal, base64 and base64url, in order', () => {
    const keys = [randomBytes(32), Buffer.alloc(32, 0xff), randomBytes(32)];
    const [first, second, third] = keys;
    const setting = `${first?.toString('hex')}, ${second?.toString('base64url')},${third?.toString('base64')}`;
    expect(parseStorageKeys(setting)).toEqual(keys);
  });

  it('reads an empty setting as no keys', () => {
    expect(parseStorageKeys('  ')).toEqual([]);
  });

  it.each(['short', `${'a'.repeat(63)}`, 'g'.repeat(64), `${'a'.repeat(64)},`, randomBytes(31).toString('base64')])(
    'refuses %s',
    (setting) => {
      expect(parseStorageKeys(setting)).toBeUndefined();
    },
  );
});
