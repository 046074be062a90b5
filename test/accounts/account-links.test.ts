import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ADA, createVerification, EVE } from './verification-harness.ts';

test('a link names the person, the address, the proof and the time', async () => {
  const { links, clock } = await createVerification();
  await links.save(ADA.id, 'Ada@example.org', 'email');
  expect(await links.find(ADA.id)).toEqual({
    userId: ADA.id,
    email: 'Ada@example.org',
    linkedAt: clock.now,
    proof: 'email',
    allowsEscalation: true,
  });
  expect(await links.find(EVE.id)).toBeUndefined();
});

test('whose ID begins with the ID of another has a link of their own', async () => {
  const { links } = await createVerification();
  await links.save(ADA.id, 'ada@example.org', 'email');
  await links.save(`${ADA.id}2`, 'eve@example.org', 'email');
  await links.remove(ADA.id);
  expect(await links.find(ADA.id)).toBeUndefined();
  expect((await links.find(`${ADA.id}2`))?.email).toBe('eve@example.org');
});

describe('a link counts only with a proof that is as good as LINK_VERIFICATION asks for', () => {
  test.each([
    ['email', 'email', true],
    ['email', 'moderator', false],
    ['email', 'none', false],
    ['moderator', 'email', true],
    ['moderator', 'moderator', true],
    ['moderator', 'none', false],
    ['none', 'email', true],
    ['none', 'moderator', true],
    ['none', 'none', true],
  ] as const)('LINK_VERIFICATION=%s, proof %s: %s', async (verification, proof, counts) => {
    const { links } = await createVerification({ verification });
    await links.save(ADA.id, 'ada@example.org', proof);
    expect((await links.find(ADA.id)) !== undefined).toBe(counts);
    // The person sees it in either case.
    expect((await links.findStored(ADA.id))?.proof).toBe(proof);
  });
});

test('a choice about escalation outlives a new link', async () => {
  const { links } = await createVerification();
  expect(await links.allowEscalation(ADA.id, false)).toBe(false);
  await links.save(ADA.id, 'ada@example.org', 'email');
  expect(await links.allowEscalation(ADA.id, false)).toBe(true);
  await links.save(ADA.id, 'lovelace@example.org', 'email');
  expect(await links.find(ADA.id)).toMatchObject({ email: 'lovelace@example.org', allowsEscalation: false });
});

test('a record that was changed to name somebody else is an error, never a link', async () => {
  const { links, storage } = await createVerification();
  await links.save(ADA.id, 'ada@example.org', 'email');
  const raw = storage.records('links', z.record(z.string(), z.unknown()));
  await raw.update(ADA.id, (link) => ({ ...link, userId: EVE.id }));
  await expect(links.find(ADA.id)).rejects.toThrow('another user');
  await expect(links.findStored(ADA.id)).rejects.toThrow('another user');
});

test.each([
  ['an unknown proof', { proof: 'word of honour' }],
  ['no address', { email: undefined }],
  ['a list of addresses', { email: ['ada@example.org', 'eve@example.org'] }],
])('a record with %s is an error, never "not linked"', async (_, change) => {
  const { links, storage } = await createVerification();
  await links.save(ADA.id, 'ada@example.org', 'email');
  await storage.records('links', z.record(z.string(), z.unknown())).update(ADA.id, (link) => ({ ...link, ...change }));
  await expect(links.find(ADA.id)).rejects.toThrow('does not have the form');
});
