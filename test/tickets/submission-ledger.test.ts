import { expect, test } from 'vitest';
import { HelpdeskError } from '../../src/tickets/helpdesk-client.ts';
import { SubmissionErasedError } from '../../src/tickets/records/submission-ledger.ts';
import { ADA, createDesk, HOUR_MS } from './desk-harness.ts';

const AT = { submitterId: ADA.id, id: '400000000000000001' };
const BORN = { ...AT, draftId: 'draft', reply: { applicationId: '5', token: 'secret' } };

test('a submit is written down once, with the way to its reply for as long as Discord keeps it', async () => {
  const { ledger, clock } = await createDesk();
  expect(await ledger.open(BORN)).toBe(true);
  expect(await ledger.open({ ...BORN, draftId: 'another' })).toBe(false);
  expect(await ledger.find(AT)).toEqual({
    ...BORN,
    reply: { ...BORN.reply, until: clock.now + 14.5 * 60_000 },
    ...{ stage: 'saved', savedAt: clock.now, stageAt: clock.now, told: false },
  });
});

test('a doubt after a start keeps the time at which the submission was sent', async () => {
  const { ledger, clock } = await createDesk();
  await ledger.open(BORN);
  clock.now += 1000;
  await ledger.sending(AT);
  const sentAt = clock.now;
  clock.now += HOUR_MS;
  const submission = await ledger.find(AT);
  if (submission) await ledger.doubt(submission);
  expect(await ledger.find(AT)).toMatchObject({ stage: 'unconfirmed', stageAt: sentAt });
});

test('the key to the private reply goes when the person knows', async () => {
  const { ledger } = await createDesk();
  await ledger.open(BORN);
  await ledger.settle(AT, { kind: 'opened', reference: 'KVO-530-1' });
  expect(await ledger.told(AT)).toBe(true);
  const submission = await ledger.find(AT);
  expect(submission).toMatchObject({ stage: 'opened', reference: 'KVO-530-1', told: true });
  expect(submission?.reply).toBeUndefined();
});

test('what was erased comes back through no later write', async () => {
  const { ledger } = await createDesk();
  await ledger.open(BORN);
  await ledger.removeAllOf(ADA.id);
  await expect(ledger.sending(AT)).rejects.toThrow(SubmissionErasedError);
  await ledger.settle(AT, { kind: 'unconfirmed', cause: new HelpdeskError('timeout', 'no answer') });
  expect(await ledger.told(AT)).toBe(false);
  expect(await ledger.find(AT)).toBeUndefined();
});

test('a record lives 30 days from its last stage', async () => {
  const { ledger, clock } = await createDesk();
  await ledger.open(BORN);
  clock.now += 29 * 24 * HOUR_MS;
  await ledger.settle(AT, { kind: 'refused', reason: 'No.' });
  clock.now += 29 * 24 * HOUR_MS;
  await ledger.told(AT);
  expect(await ledger.find(AT)).toMatchObject({ stage: 'refused', reason: 'No.' });
  clock.now += 2 * 24 * HOUR_MS;
  expect(await ledger.find(AT)).toBeUndefined();
});
