import { describe, expect, test } from 'vitest';
import type { MailResult } from '../../src/accounts/mailer.ts';
import { wrongCode } from '../support/wrong-code.ts';
import { ADA, createVerification, EVE, HOUR_MS, MINUTE_MS } from './verification-harness.ts';

const PERSON = (index: number) => ({ id: `3000000000000${String(index).padStart(5, '0')}`, name: `p${index}` });

test('one person gets three mails an hour, whatever the addresses', async () => {
  const setting = await createVerification({ mailsPerHour: 3 });
  const { verification, mails, clock } = setting;
  const results = [];
  for (let index = 0; index < 10; index += 1)
    results.push(await verification.request(ADA, `victim${index}@example.org`));
  expect(mails).toHaveLength(3);
  expect(results.at(-1)).toEqual({ kind: 'limited', limit: 3, retryAt: clock.now + HOUR_MS });
  expect(await verification.requestAgain(ADA)).toMatchObject({ kind: 'limited' });
  clock.now += HOUR_MS;
  expect((await verification.request(ADA, 'victim@example.org')).kind).toBe('sent');
});

test('one address gets three mails an hour, whoever asks', async () => {
  const { verification, mails } = await createVerification({ mailsPerHour: 3 });
  await Promise.all(
    Array.from({ length: 20 }, (_, index) => verification.request(PERSON(index), 'victim@example.org')),
  );
  expect(mails).toHaveLength(3);
});

describe('spellings of one mailbox share its limit', () => {
  test.each([
    ['capitals', ['victim@example.org', 'VICTIM@example.org', 'Victim@Example.Org', 'vicTIM@EXAMPLE.ORG']],
    [
      'what follows a plus',
      ['victim@example.org', 'victim+1@example.org', 'victim+a+b@example.org', 'victim+@example.org'],
    ],
    ['dots', ['vic.tim@gmail.com', 'v.ictim@gmail.com', 'victim@gmail.com', 'V.I.C.T.I.M+x@gmail.com']],
  ])('%s', async (_, spellings) => {
    const { verification, mails } = await createVerification({ mailsPerHour: 3 });
    for (const [index, spelling] of spellings.entries()) await verification.request(PERSON(index), spelling);
    expect(mails).toHaveLength(3);
  });

  test('other mailboxes of the same server do not', async () => {
    const { verification, mails } = await createVerification({ mailsPerHour: 1 });
    for (const [index, name] of ['ada', 'adb', 'a-da', 'ada_'].entries()) {
      await verification.request(PERSON(index), `${name}@example.org`);
    }
    await verification.request(PERSON(9), 'ada@exam.ple.org');
    expect(mails).toHaveLength(5);
  });
});

test('who meets the limit of an address keeps their own mails', async () => {
  const { verification, mails } = await createVerification({ mailsPerHour: 1 });
  await verification.request(EVE, 'ada@example.org');
  expect((await verification.request(ADA, 'ada@example.org')).kind).toBe('limited');
  expect((await verification.request(ADA, 'lovelace@example.org')).kind).toBe('sent');
  expect(mails).toHaveLength(2);
});

test('an address that is refused as malformed costs nothing', async () => {
  const { verification } = await createVerification({ mailsPerHour: 1 });
  expect(await verification.request(ADA, 'ada@example.org\r\nBcc: eve@example.org')).toEqual({ kind: 'invalid-email' });
  expect((await verification.request(ADA, 'ada@example.org')).kind).toBe('sent');
});

test('a request that meets a limit leaves the code that was mailed before', async () => {
  const setting = await createVerification({ mailsPerHour: 1 });
  const { verification, links } = setting;
  await verification.request(ADA, 'ada@example.org');
  expect((await verification.request(ADA, 'victim@example.org')).kind).toBe('limited');
  expect((await verification.confirm(ADA.id, setting.lastCode)).kind).toBe('linked');
  expect((await links.find(ADA.id))?.email).toBe('ada@example.org');
});

test.each([
  { kind: 'unreachable', guess: 'void-code' },
  { kind: 'bot-refused', guess: 'void-code' },
  { kind: 'refused', guess: 'no-code' },
] as const)(
  'while mails are $kind, no code can be guessed, however often one is asked for',
  async ({ kind, guess }) => {
    let answer: MailResult = { kind };
    const setting = await createVerification({ mailsPerHour: 3, send: async () => answer });
    const { verification, links } = setting;
    for (let index = 0; index < 10; index += 1) {
      await verification.request(ADA, 'victim@example.org');
      // Even the right one: the more codes can be guessed, the sooner one is.
      expect(await verification.confirm(ADA.id, setting.lastCode)).toEqual({ kind: guess });
    }
    expect(await links.find(ADA.id)).toBeUndefined();
    answer = { kind: 'sent' };
    setting.clock.now += HOUR_MS;
    await verification.request(ADA, 'ada@example.org');
    expect((await verification.confirm(ADA.id, setting.lastCode)).kind).toBe('linked');
  },
);

test('a code cannot be guessed before its mail is sent', async () => {
  const guessed: string[] = [];
  const setting = await createVerification({
    async send() {
      guessed.push((await setting.verification.confirm(ADA.id, setting.lastCode)).kind);
      return { kind: 'sent' };
    },
  });
  await setting.verification.request(ADA, 'ada@example.org');
  expect(guessed).toEqual(['void-code']);
  expect((await setting.verification.confirm(ADA.id, setting.lastCode)).kind).toBe('linked');
});

test('a mail that is sent late does not let the code be guessed that has replaced its own', async () => {
  let sendFirst = () => {};
  const firstWaits = new Promise<void>((resolve) => {
    sendFirst = resolve;
  });
  let arrive = () => {};
  const firstArrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  let first: Promise<unknown> | undefined;
  const guessed: string[] = [];
  const setting = await createVerification({
    async send() {
      if (setting.mails.length === 1) {
        arrive();
        await firstWaits;
      } else {
        sendFirst();
        await first;
        guessed.push((await setting.verification.confirm(ADA.id, setting.lastCode)).kind);
      }
      return { kind: 'sent' };
    },
  });
  first = setting.verification.request(ADA, 'ada@example.org');
  await firstArrived;
  await setting.verification.request(ADA, 'victim@example.org');
  expect(guessed).toEqual(['void-code']);
});

test.each(['unreachable', 'bot-refused'] as const)(
  'a mail server that is %s uses up no mails, and the address waits for "Send again"',
  async (kind) => {
    let answer: MailResult = { kind };
    const setting = await createVerification({ mailsPerHour: 1, send: async () => answer });
    const { verification } = setting;
    for (let index = 0; index < 5; index += 1) {
      expect(await verification.request(ADA, 'ada@example.org')).toMatchObject({ kind: `mail-${kind}` });
    }
    answer = { kind: 'sent' };
    expect((await verification.requestAgain(ADA)).kind).toBe('sent');
    expect((await verification.requestAgain(ADA)).kind).toBe('limited');
    expect((await verification.confirm(ADA.id, setting.lastCode)).kind).toBe('linked');
  },
);

test('mails of which nobody knows whether they arrive use up the limit, and their codes count', async () => {
  const setting = await createVerification({ mailsPerHour: 3, send: async () => ({ kind: 'unconfirmed' }) });
  const { verification, mails } = setting;
  for (let index = 0; index < 6; index += 1) await verification.request(ADA, 'ada@example.org');
  expect(mails).toHaveLength(3);
  expect(await verification.confirm(ADA.id, setting.lastCode)).toMatchObject({ kind: 'linked' });
});

test('after a mail that is refused nothing waits for its code, nor for an earlier one', async () => {
  let answer: MailResult = { kind: 'sent' };
  const setting = await createVerification({ send: async () => answer });
  const { verification } = setting;
  await verification.request(ADA, 'ada@example.org');
  const earlier = setting.lastCode;
  answer = { kind: 'refused' };
  expect(await verification.request(ADA, 'typo@example.org')).toMatchObject({ kind: 'mail-refused' });
  expect(await verification.pendingAddress(ADA.id)).toBeUndefined();
  for (const code of [earlier, setting.lastCode]) {
    expect(await verification.confirm(ADA.id, code)).toEqual({ kind: 'no-code' });
  }
});

test('mails that are refused use up the limit: who tries addresses out cannot go on for ever', async () => {
  const { verification, mails } = await createVerification({
    mailsPerHour: 3,
    send: async () => ({ kind: 'refused' }),
  });
  for (let index = 0; index < 10; index += 1) await verification.request(ADA, `nobody${index}@example.org`);
  expect(mails).toHaveLength(3);
});

test('a new code gives five new tries, and no more of them than mails', async () => {
  const setting = await createVerification({ mailsPerHour: 3 });
  const { verification } = setting;
  let counted = 0;
  for (let round = 0; round < 10; round += 1) {
    await verification.request(ADA, 'victim@example.org');
    for (let tries = 0; tries < 20; tries += 1) {
      const { kind } = await verification.confirm(ADA.id, wrongCode(setting.lastCode));
      if (kind === 'wrong-code') counted += 1;
    }
  }
  expect(counted).toBe(15);
});

test('codes that were mailed while the clock was ahead count for nothing once it is right, and keep nobody from a new one', async () => {
  const setting = await createVerification({ mailsPerHour: 2 });
  const { verification, clock } = setting;
  const aheadMs = 24 * HOUR_MS;
  clock.now += aheadMs;
  await verification.request(ADA, 'ada@example.org');
  await verification.request(ADA, 'ada@example.org');
  const old = setting.lastCode;
  clock.now -= aheadMs;
  expect(await verification.pendingAddress(ADA.id)).toBeUndefined();
  expect(await verification.confirm(ADA.id, old)).toEqual({ kind: 'no-code' });
  expect(await verification.request(ADA, 'ada@example.org')).toMatchObject({
    kind: 'sent',
    expiresAt: clock.now + 15 * MINUTE_MS,
  });
  expect((await verification.confirm(ADA.id, setting.lastCode)).kind).toBe('linked');
});
