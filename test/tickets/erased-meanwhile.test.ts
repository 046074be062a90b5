import { expect, test } from 'vitest';
import { StorageError } from '../../src/storage/record-store.ts';
import { HelpdeskError, type OpenTicketResult } from '../../src/tickets/helpdesk-client.ts';
import { ADA, BOB, CALL_RESULTS, createDesk, createHangingHelpdesk, EVE } from './desk-harness.ts';

const opened = (reference: string): OpenTicketResult => ({ kind: 'opened', reference });
const unconfirmed: OpenTicketResult = { kind: 'unconfirmed', cause: new HelpdeskError('timeout', 'no answer') };

test('somebody who has everything erased while a submission waits gets no ticket and leaves no record', async () => {
  const helpdesk = createHangingHelpdesk();
  const setting = await createDesk({ openTicket: helpdesk.openTicket });
  const ids = Array.from({ length: 9 }, () => setting.newInteraction());
  const running = ids.map((id, i) => setting.submit(setting.draft(`Subject ${i}`), id));
  for (let i = 0; i < 8; i += 1) await helpdesk.called();
  await setting.personalRecords.erase(ADA.id);
  for (let i = 0; i < 9; i += 1) helpdesk.answer(opened(`KVO-530-${i}`));
  expect((await Promise.all(running)).at(-1)?.kind).toBe('gone');
  expect(setting.calls).toHaveLength(8);
  for (const id of ids) await setting.deliver(id);
  expect(await setting.personalRecords.summary(ADA.id)).toMatchObject({ link: undefined, drafts: 0, attempts: 0 });
  expect(await setting.recover()).toEqual([]);
});

test('somebody who has everything erased while a submission waits is not told that the text is saved', async () => {
  const helpdesk = createHangingHelpdesk();
  const setting = await createDesk({ openTicket: helpdesk.openTicket });
  const running = Array.from({ length: 9 }, (_, i) => setting.submit(setting.draft(`Subject ${i}`)));
  for (let i = 0; i < 8; i += 1) await helpdesk.called();
  await setting.personalRecords.erase(ADA.id);
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
  await setting.personalRecords.erase(ADA.id);
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
  // What was erased in the middle of its call is known until it is told; what she sent after that stays.
  const kept = (await setting.attemptsOf(ADA.id)).filter(({ erased }) => !erased);
  expect(kept.map(({ stage }) => stage.kind)).toEqual(['opened', 'not-sent']);
});

test('an Unlink that fails in the middle leaves no doubtful text that would be sent again without a question', async () => {
  const setting = await createDesk({ openTicket: async () => unconfirmed });
  const draft = setting.draft('A');
  await setting.submit(draft);
  for (const namespace of ['codes', 'drafts', 'people', 'links']) {
    setting.breakage.broken = new Set([namespace]);
    await expect(setting.personalRecords.erase(ADA.id)).rejects.toThrow(StorageError);
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
  await s.personalRecords.erase(ADA.id);
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
  await s.personalRecords.erase(ADA.id);
  await s.links.save(ADA.id, 'ada@example.org', 'email');
  expect(await s.submit(draft)).toEqual({ kind: 'in-progress' });
  expect(s.calls).toHaveLength(1);
});

test('a call that came to nothing is not made again for somebody who has everything erased meanwhile', async () => {
  const helpdesk = createHangingHelpdesk();
  let calls = 0;
  const openTicket = async () => (++calls === 1 ? helpdesk.openTicket() : opened('KVO-530-1'));
  const s = await createDesk({ openTicket, retryDelaysMs: [0] });
  // In the name of its author: her own link does not decide.
  await s.links.save(BOB.id, 'bob@example.org', 'email');
  const draft = s.escalation('One', BOB);
  const outcome = s.submit(draft);
  await helpdesk.called();
  await s.personalRecords.erase(ADA.id);
  helpdesk.answer(CALL_RESULTS.unreachable);
  expect(await outcome).toEqual({ kind: 'gone' });
  expect(s.calls).toHaveLength(1);
  expect(await s.attemptsOf(ADA.id)).toEqual([]);
  expect(await s.records.findMessage(`${draft.place.guildId}/${draft.escalated?.id}`)).toBeUndefined();
});

test('nothing is left after an Unlink right before the turn of an attempt', async () => {
  const s = await createDesk();
  await s.submit(s.draft('A'));
  const id = s.newInteraction();
  await s.receive(s.draft('B'), id);
  s.breakage.around = async ({ operation, namespaces }, run) => {
    if (operation === 'change' && namespaces.includes('links')) {
      s.breakage.around = undefined;
      await s.personalRecords.erase(ADA.id);
    }
    return run();
  };
  expect(await s.send(id, {})).toEqual({ kind: 'gone' });
  expect(s.calls).toHaveLength(1);
  expect(await s.attemptsOf(ADA.id)).toEqual([]);
});

test('a moderator who has everything erased is taken out of the records of messages', async () => {
  const s = await createDesk({ openTicket: async () => unconfirmed });
  await s.links.save(BOB.id, 'bob@example.org', 'email');
  const draft = s.escalation('One', BOB);
  await s.submit(draft);
  const message = `${draft.place.guildId}/${draft.escalated?.id}`;
  expect(await s.records.findMessage(message)).toHaveLength(1);
  await s.personalRecords.erase(ADA.id);
  expect(await s.records.findMessage(message)).toBeUndefined();
});
