import { expect, onTestFinished, test } from 'vitest';
import { openStorage } from '../../src/storage/open-storage.ts';
import { createBreakableStorage } from '../support/breakable-storage.ts';
import { wrongCode } from '../support/wrong-code.ts';
import { ADA, createVerification } from './verification-harness.ts';

/** Codes and links over a store that can fail. */
async function createBreakable(options: { mailsPerHour?: number } = {}) {
  const opened = await openStorage({ url: 'sqlite::memory:', keys: [], now: () => 1_800_000_000_000 });
  onTestFinished(() => opened.close());
  const { storage, breakage } = createBreakableStorage(opened);
  return { setting: await createVerification({ ...options, storage }), breakage };
}

test('a right code is not used up by a store that fails before it has linked, however often', async () => {
  const { setting, breakage } = await createBreakable();
  const { verification, links } = setting;
  await verification.request(ADA, 'ada@example.org');
  const code = setting.lastCode;
  for (let times = 0; times < 8; times += 1) {
    breakage.broken = new Set(['links']);
    await expect(verification.confirm(ADA.id, code)).rejects.toThrow('full');
    breakage.broken = undefined;
    expect(await links.find(ADA.id)).toBeUndefined();
  }
  expect(await verification.pendingAddress(ADA.id)).toMatchObject({ email: 'ada@example.org', triesLeft: 5 });
  expect(await verification.confirm(ADA.id, code)).toMatchObject({ kind: 'linked' });
  expect(await verification.confirm(ADA.id, code)).toEqual({ kind: 'no-code' });
  expect(await verification.requestAgain(ADA)).toEqual({ kind: 'nothing-pending' });
});

test('wrong codes cost their tries while the links cannot be written, too', async () => {
  const { setting, breakage } = await createBreakable();
  const { verification } = setting;
  await verification.request(ADA, 'ada@example.org');
  breakage.broken = new Set(['links']);
  for (const triesLeft of [4, 3, 2, 1, 0]) {
    expect(await verification.confirm(ADA.id, wrongCode(setting.lastCode))).toEqual({ kind: 'wrong-code', triesLeft });
  }
  expect(await verification.confirm(ADA.id, setting.lastCode)).toEqual({ kind: 'void-code' });
});

test('a link that was made is told, though the code could not be ended', async () => {
  const { setting, breakage } = await createBreakable();
  const { verification, links } = setting;
  await verification.request(ADA, 'ada@example.org');
  breakage.around = async ({ namespace }, run) => {
    const done = await run();
    if (namespace === 'links') breakage.broken = new Set(['codes']);
    return done;
  };
  expect(await verification.confirm(ADA.id, setting.lastCode)).toMatchObject({ kind: 'linked' });
  breakage.around = undefined;
  breakage.broken = undefined;
  expect((await links.find(ADA.id))?.email).toBe('ada@example.org');
  // It proves the same as before, to the same person.
  expect(await verification.confirm(ADA.id, setting.lastCode)).toMatchObject({ kind: 'linked' });
  expect(await verification.confirm(ADA.id, setting.lastCode)).toEqual({ kind: 'no-code' });
});

test('what is erased while a code links stays erased', async () => {
  const { setting, breakage } = await createBreakable();
  const { verification, links } = setting;
  await verification.request(ADA, 'ada@example.org');
  breakage.around = async ({ namespace, operation }, run) => {
    if (namespace === 'links' && operation === 'update') {
      breakage.around = undefined;
      await verification.forget(ADA.id);
      await links.remove(ADA.id);
    }
    return run();
  };
  expect(await verification.confirm(ADA.id, setting.lastCode)).toEqual({ kind: 'no-code' });
  expect(await links.findStored(ADA.id)).toBeUndefined();
});

test.each(['codes', 'limit-mails-to-address'])(
  'a mail that was never sent because of the store (%s) uses up no mail',
  async (namespace) => {
    const { setting, breakage } = await createBreakable({ mailsPerHour: 1 });
    const { verification, mails } = setting;
    breakage.broken = new Set([namespace]);
    for (let times = 0; times < 3; times += 1) {
      await expect(verification.request(ADA, 'ada@example.org')).rejects.toThrow('full');
    }
    breakage.broken = undefined;
    expect(mails).toEqual([]);
    expect(await verification.request(ADA, 'ada@example.org')).toMatchObject({ kind: 'sent' });
  },
);
