import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { wrongCode } from '../support/wrong-code.ts';
import { ADA, codeOf, createVerification, EVE, MINUTE_MS } from './verification-harness.ts';

test('the right code links the address as it was typed', async () => {
  const setting = await createVerification();
  expect(await setting.verification.request(ADA, ' Ada@Example.org ')).toMatchObject({
    kind: 'sent',
    email: 'Ada@Example.org',
    expiresAt: setting.clock.now + 15 * MINUTE_MS,
    replacesLink: false,
  });
  expect(await setting.verification.confirm(ADA.id, setting.lastCode)).toEqual({
    kind: 'linked',
    email: 'Ada@Example.org',
  });
  expect(await setting.links.find(ADA.id)).toMatchObject({ email: 'Ada@Example.org', proof: 'email' });
});

test('the mail goes to that address alone, and names the helpdesk and who asked', async () => {
  const setting = await createVerification();
  await setting.verification.request(ADA, 'ada@example.org');
  const [mail] = setting.mails;
  expect(mail?.to).toBe('ada@example.org');
  expect(mail?.text).toContain(`ada (${ADA.id})`);
  expect(mail?.subject).toBe(`${setting.lastCode} is your Discord link code`);
  expect(mail?.text).toContain(`${setting.lastCode} is your code for Example Hosting.`);
  expect(mail?.text).toContain('within 15 minutes');
  expect(mail?.text).toContain('Never share this code');
  expect(setting.mails).toHaveLength(1);
});

test.each([
  ['a blank in the middle', (code: string) => `${code.slice(0, 3)} ${code.slice(3)}`],
  ['a dash in the middle', (code: string) => `${code.slice(0, 3)}-${code.slice(3)}`],
  ['blanks around it', (code: string) => `  ${code} `],
  ['full-width digits', (code: string) => code.replace(/\d/g, (digit) => '０１２３４５６７８９'[Number(digit)] ?? '')],
])('a code is taken with %s', async (_, spell) => {
  const setting = await createVerification();
  await setting.verification.request(ADA, 'ada@example.org');
  expect((await setting.verification.confirm(ADA.id, spell(setting.lastCode))).kind).toBe('linked');
});

test('a code lives 15 minutes, and not a millisecond longer', async () => {
  const setting = await createVerification();
  const { verification, clock } = setting;
  await verification.request(ADA, 'ada@example.org');
  const late = setting.lastCode;
  clock.now += 15 * MINUTE_MS;
  expect(await verification.confirm(ADA.id, late)).toEqual({ kind: 'no-code' });
  await verification.request(ADA, 'ada@example.org');
  clock.now += 15 * MINUTE_MS - 1;
  expect((await verification.confirm(ADA.id, setting.lastCode)).kind).toBe('linked');
});

test('a wrong code costs a try, and after five of them the right one is worth nothing', async () => {
  const setting = await createVerification();
  const { verification, links } = setting;
  await verification.request(ADA, 'ada@example.org');
  const code = setting.lastCode;
  for (const triesLeft of [4, 3, 2, 1, 0]) {
    expect(await verification.confirm(ADA.id, wrongCode(code))).toEqual({ kind: 'wrong-code', triesLeft });
  }
  expect(await verification.confirm(ADA.id, code)).toEqual({ kind: 'void-code' });
  expect(await links.find(ADA.id)).toBeUndefined();
  // The address is kept, so that a new code can be asked for.
  expect((await verification.requestAgain(ADA)).kind).toBe('sent');
  expect((await verification.confirm(ADA.id, setting.lastCode)).kind).toBe('linked');
});

test('however many guesses come at once, five of them count', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 5, max: 30 }), fc.nat({ max: 30 }), async (wrong, before) => {
      const setting = await createVerification();
      await setting.verification.request(ADA, 'ada@example.org');
      const code = setting.lastCode;
      const guesses = Array.from({ length: wrong }, (_, index) => wrongCode(code, index + 1));
      guesses.splice(before, 0, code);
      const results = await Promise.all(guesses.map((guess) => setting.verification.confirm(ADA.id, guess)));
      const linked = results.filter(({ kind }) => kind === 'linked');
      expect(linked).toHaveLength(before < 5 ? 1 : 0);
      expect((await setting.links.find(ADA.id)) !== undefined).toBe(before < 5);
      expect(results.filter(({ kind }) => kind === 'wrong-code').length).toBe(Math.min(before, 5));
      await setting.storage.close();
    }),
    { numRuns: 25 },
  );
});

test('a code works once, also when it is entered on two devices at once', async () => {
  const setting = await createVerification();
  const { verification } = setting;
  await verification.request(ADA, 'ada@example.org');
  const code = setting.lastCode;
  const results = await Promise.all([1, 2, 3].map(() => verification.confirm(ADA.id, code)));
  expect(results.filter(({ kind }) => kind === 'linked')).toHaveLength(1);
  expect(await verification.confirm(ADA.id, code)).toEqual({ kind: 'no-code' });
});

test('a new code makes the one before it void', async () => {
  const setting = await createVerification();
  const { verification } = setting;
  await verification.request(ADA, 'ada@example.org');
  const old = setting.lastCode;
  await verification.requestAgain(ADA);
  // One time in a million they are the same.
  if (old !== setting.lastCode) expect((await verification.confirm(ADA.id, old)).kind).toBe('wrong-code');
  expect((await verification.confirm(ADA.id, setting.lastCode)).kind).toBe('linked');
});

test('a link that is proved again is replaced by itself', async () => {
  const { verification, links } = await createVerification();
  await links.save(ADA.id, 'ada@example.org', 'email');
  expect(await verification.request(ADA, 'ada@example.org')).toMatchObject({ kind: 'sent', replacesLink: false });
});

test('another address replaces the link only when it is proved', async () => {
  const setting = await createVerification();
  const { verification, links } = setting;
  await links.save(ADA.id, 'ada@example.org', 'email');
  expect(await verification.request(ADA, 'victim@example.org')).toMatchObject({ replacesLink: true });
  for (let tries = 0; tries < 6; tries += 1) await verification.confirm(ADA.id, wrongCode(setting.lastCode));
  expect((await links.find(ADA.id))?.email).toBe('ada@example.org');
  await verification.request(ADA, 'lovelace@example.org');
  await verification.confirm(ADA.id, setting.lastCode);
  expect((await links.find(ADA.id))?.email).toBe('lovelace@example.org');
});

test('a code works for the person who asked for it, and for nobody else', async () => {
  const setting = await createVerification();
  const { verification, links, mails } = setting;
  await verification.request(ADA, 'ada@example.org');
  const code = setting.lastCode;
  expect(await verification.confirm(EVE.id, code)).toEqual({ kind: 'no-code' });
  await verification.request(EVE, 'ada@example.org');
  if (codeOf(mails[1]) !== code) expect((await verification.confirm(EVE.id, code)).kind).toBe('wrong-code');
  expect(await links.find(EVE.id)).toBeUndefined();
  expect((await verification.confirm(ADA.id, code)).kind).toBe('linked');
});

test('after everything of a person was forgotten, their code is worth nothing, even one on its way', async () => {
  let forget = async (): Promise<unknown> => undefined;
  const setting = await createVerification({
    async send() {
      await forget();
      return { kind: 'sent' };
    },
  });
  const { verification } = setting;
  await verification.request(ADA, 'ada@example.org');
  await verification.forget(ADA.id);
  expect(await verification.confirm(ADA.id, setting.lastCode)).toEqual({ kind: 'no-code' });
  forget = () => verification.forget(ADA.id);
  await verification.request(ADA, 'ada@example.org');
  expect(await verification.confirm(ADA.id, setting.lastCode)).toEqual({ kind: 'no-code' });
  expect(await verification.requestAgain(ADA)).toEqual({ kind: 'nothing-pending' });
});

describe('a pending code that was changed in the store proves nothing', () => {
  test.each([
    ['another address', { email: 'victim@example.org' }, 'wrong-code'],
    ['another person', { userId: EVE.id }, 'no-code'],
    ['a time that is over, in a store that goes by another clock', { expiresAt: 1 }, 'no-code'],
    ['the digest of the code alone', { codeDigest: digest('sha256', '123456') }, 'wrong-code'],
  ])('%s', async (_, change, kind) => {
    const { verification, links, storage, mails } = await createVerification();
    await verification.request(ADA, 'ada@example.org');
    await storage
      .records('codes', z.record(z.string(), z.unknown()))
      .update(ADA.id, (pending) => ({ ...pending, ...change }));
    expect((await verification.confirm(ADA.id, codeOf(mails[0]))).kind).toBe(kind);
    expect((await verification.confirm(ADA.id, '123456')).kind).toBe(kind);
    expect(await links.find(ADA.id)).toBeUndefined();
  });

  test('a copy of it under another person', async () => {
    const { verification, links, storage, mails } = await createVerification();
    await verification.request(ADA, 'ada@example.org');
    const raw = storage.records('codes', z.record(z.string(), z.unknown()));
    await raw.save(EVE.id, { ...(await raw.find(ADA.id)), userId: EVE.id });
    expect((await verification.confirm(EVE.id, codeOf(mails[0]))).kind).toBe('wrong-code');
    expect(await links.find(EVE.id)).toBeUndefined();
  });

  test('a digest of another length', async () => {
    const { verification, links, storage, mails } = await createVerification();
    await verification.request(ADA, 'ada@example.org');
    await storage
      .records('codes', z.record(z.string(), z.unknown()))
      .update(ADA.id, (pending) => ({ ...pending, codeDigest: '' }));
    await expect(verification.confirm(ADA.id, codeOf(mails[0]))).rejects.toThrow();
    expect(await links.find(ADA.id)).toBeUndefined();
  });
});

test('the store holds a keyed digest of the code, and neither the code nor a plain hash of it', async () => {
  const setting = await createVerification();
  await setting.verification.request(ADA, 'ada@example.org');
  const code = setting.lastCode;
  const stored = await setting.storage.records('codes', z.record(z.string(), z.unknown())).find(ADA.id);
  expect(Object.keys(stored ?? {}).sort()).toEqual(['codeDigest', 'email', 'expiresAt', 'triesLeft', 'userId']);
  expect(stored?.codeDigest).toMatch(/^[\w-]{43}$/);
  for (const text of [code, `${ADA.id}${code}`, JSON.stringify([ADA.id, 'ada@example.org', code])]) {
    expect(stored?.codeDigest).not.toBe(digest('sha256', text));
    expect(String(stored?.codeDigest)).not.toContain(code);
  }
});

test('codes are six digits, and no two persons can expect the same', async () => {
  const { verification, mails } = await createVerification();
  for (let index = 0; index < 300; index += 1) {
    await verification.request({ id: `2000000000000${String(index).padStart(5, '0')}`, name: 'x' }, `x${index}@a.io`);
  }
  const codes = mails.map(codeOf);
  // 300 of a million: more than four pairs of equal ones happen once in a hundred thousand runs of an honest source.
  expect(new Set(codes).size).toBeGreaterThan(295);
  expect(new Set(codes.map((code) => code[0])).size).toBe(10);
});

function digest(algorithm: string, text: string): string {
  return createHash(algorithm).update(text).digest('base64url');
}
