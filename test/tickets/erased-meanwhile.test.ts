import { expect, test } from 'vitest';
import { StorageError } from '../../src/storage/record-store.ts';
import { HelpdeskError, type OpenTicketResult } from '../../src/tickets/helpdesk-client.ts';
import { ADA, BOB, createDesk, createHangingHelpdesk } from './desk-harness.ts';

const opened = (reference: string): OpenTicketResult => ({ kind: 'opened', reference });
const unconfirmed: OpenTicketResult = { kind: 'unconfirmed', cause: new HelpdeskError('timeout', 'no answer') };
const EVE = { id: '100000000000000003', name: 'eve' };

test('somebody who has everything erased while a submission waits gets no ticket and leaves no record', async () => {
  const helpdesk = createHangingHelpdesk();
  const setting = await createDesk({ openTicket: helpdesk.openTicket });
  const ids = Array.from({ length: 9 }, () => setting.newInteraction());
  const running = ids.map((id, i) => setting.submit(setting.draft(`Subject ${i}`), id));
  for (let i = 0; i < 8; i += 1) await helpdesk.called();
  await setting.records.erase(ADA.id);
  for (let i = 0; i < 9; i += 1) helpdesk.answer(opened(`KVO-530-${i}`));
  expect((await Promise.all(running)).map((outcome) => outcome !== 'again' && outcome.kind).at(-1)).toBe('gone');
  expect(setting.calls).toHaveLength(8);
  expect(await setting.records.summary(ADA.id)).toMatchObject({ link: undefined, drafts: 0, submissions: 0 });
});

test('somebody who has everything erased while a submission waits is not told that the text is saved', async () => {
  const helpdesk = createHangingHelpdesk();
  const setting = await createDesk({ openTicket: helpdesk.openTicket });
  const running = Array.from({ length: 9 }, (_, i) => setting.submit(setting.draft(`Subject ${i}`)));
  for (let i = 0; i < 8; i += 1) await helpdesk.called();
  await setting.records.erase(ADA.id);
  // The ninth is sent away instead of being called up.
  setting.queue.stop();
  expect(await running[8]).toEqual({ kind: 'gone' });
  for (let i = 0; i < 8; i += 1) helpdesk.answer(unconfirmed);
  expect(await running[0]).toMatchObject({ kind: 'unconfirmed', isTextGone: true });
});

test('what somebody sends after an Unlink is sent once, also when something from before it comes to its end', async () => {
  const helpdesk = createHangingHelpdesk();
  const setting = await createDesk({ openTicket: helpdesk.openTicket });
  const running = Array.from({ length: 8 }, (_, i) => setting.submit(setting.draft(`Subject ${i}`)));
  for (let i = 0; i < 8; i += 1) await helpdesk.called();
  const before = await setting.queueUp(setting.draft('Before'));
  await setting.records.erase(ADA.id);
  await setting.links.save(ADA.id, 'ada@example.org', 'email');
  const draft = setting.draft('After');
  const after = await setting.queueUp(draft);
  helpdesk.answer(opened('KVO-530-1'));
  expect(await before.outcome).toEqual({ kind: 'gone' });
  await helpdesk.called();
  expect(await setting.submit(draft)).toEqual({ kind: 'in-progress' });
  for (let i = 0; i < 8; i += 1) helpdesk.answer(opened(`KVO-530-${i + 2}`));
  await Promise.all([...running, after.outcome]);
  expect(setting.calls.map(({ subject }) => subject)).not.toContain('Before');
  // Nothing that was claimed before is stored of her; what she sent after it is.
  expect(await setting.claimsOf(ADA.id)).toHaveLength(2);
});

test('an Unlink that fails in the middle leaves no doubtful text that would be sent again without a question', async () => {
  const setting = await createDesk({ openTicket: async () => unconfirmed });
  const draft = setting.draft('A');
  await setting.submit(draft);
  for (const namespace of ['drafts', 'submissions', 'claims', 'notices']) {
    setting.breakage.broken = new Set([namespace]);
    await expect(setting.records.erase(ADA.id)).rejects.toThrow(StorageError);
    setting.breakage.broken = undefined;
    const saved = await setting.drafts.find(ADA.id, draft.id);
    if (saved) expect(await setting.submit(saved)).toMatchObject({ kind: 'maybe-open' });
  }
  expect(setting.calls).toHaveLength(1);
});

test('a message that one moderator is sending is not sent by another after the first one has erased their records', async () => {
  const helpdesk = createHangingHelpdesk();
  const s = await createDesk({ openTicket: helpdesk.openTicket });
  await s.links.save(BOB.id, 'bob@example.org', 'email');
  void s.submit(s.escalation('One', BOB));
  await helpdesk.called();
  await s.records.erase(ADA.id);
  const second = { ...s.escalation('Two', BOB), submitter: EVE };
  expect(await s.submit(second)).toEqual({ kind: 'in-progress' });
  expect(s.calls).toHaveLength(1);
});

test('the same text is not sent twice at once, although its writer has unlinked and linked meanwhile', async () => {
  const helpdesk = createHangingHelpdesk();
  const s = await createDesk({ openTicket: helpdesk.openTicket });
  const draft = s.draft('A');
  void s.submit(draft);
  await helpdesk.called();
  await s.records.erase(ADA.id);
  await s.links.save(ADA.id, 'ada@example.org', 'email');
  expect(await s.submit(draft)).toEqual({ kind: 'in-progress' });
  expect(s.calls).toHaveLength(1);
});

test('nothing is left after an Unlink during the look-up of earlier submissions', async () => {
  const s = await createDesk();
  await s.submit(s.draft('A'));
  const second = s.draft('A');
  const id = s.newInteraction();
  await s.receive(second, id);
  let keeps = 0;
  s.breakage.around = async ({ namespace, operation }, run) => {
    if (namespace === 'submissions' && operation === 'update' && keeps++ === 0) {
      s.breakage.around = undefined;
      await s.records.erase(ADA.id);
    }
    return run();
  };
  const outcome = await s.desk.submit({ id, draft: second }, {});
  expect(outcome).toEqual({ kind: 'gone' });
  s.clock.now += 2;
  expect(await s.claimsOf(ADA.id)).toEqual([]);
});
