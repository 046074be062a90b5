import { expect, test } from 'vitest';
import { StorageError } from '../../src/storage/record-store.ts';
import { HelpdeskError, type OpenTicketResult } from '../../src/tickets/helpdesk-client.ts';
import { ADA, BOB, createDesk, createHangingHelpdesk, DAY_MS, HOUR_MS, REPLY } from './desk-harness.ts';

const opened = (reference: string): OpenTicketResult => ({ kind: 'opened', reference });
const unconfirmed: OpenTicketResult = { kind: 'unconfirmed', cause: new HelpdeskError('timeout', 'no answer') };
const unreachable: OpenTicketResult = { kind: 'unreachable', cause: new HelpdeskError('connect', 'refused') };

test('that it is being sent stands in the ledger before the helpdesk is called', async () => {
  const stages: (string | undefined)[] = [];
  const setting = await createDesk({
    openTicket: async () => {
      for await (const { stage } of setting.ledger.all()) stages.push(stage);
      return opened('KVO-530-1');
    },
  });
  expect(await setting.submit(setting.draft('A'))).toMatchObject({ kind: 'opened', reference: 'KVO-530-1' });
  expect(stages).toEqual(['sending']);
  for await (const { stage } of setting.ledger.all()) expect(stage).toBe('opened');
});

test.each([
  [unreachable, 'unreachable'],
  [unconfirmed, 'unconfirmed'],
  [{ kind: 'refused', reason: 'No.' }, 'refused'],
] as const)('after a call that was %o the ledger says so and the text stays', async (result, stage) => {
  const setting = await createDesk({ openTicket: async () => result });
  const draft = setting.draft('A');
  expect(await setting.submit(draft)).toMatchObject({ kind: stage });
  for await (const submission of setting.ledger.all()) expect(submission.stage).toBe(stage);
  expect(await setting.drafts.find(ADA.id, draft.id)).toMatchObject({ fields: { subject: 'A' } });
});

test('one interaction that is delivered twice at once, and a second submit, open one ticket', async () => {
  const helpdesk = createHangingHelpdesk();
  const setting = await createDesk({ openTicket: helpdesk.openTicket });
  const draft = setting.draft('A');
  const id = setting.newInteraction();
  const deliveries = await Promise.all([setting.receive(draft, id), setting.receive(draft, id)]);
  expect(deliveries).toEqual(['received', 'again']);
  // The second submit comes before the first one has claimed anything.
  expect(await setting.receive(draft, id)).toBe('again');
  const first = setting.desk.submit({ id, draft }, {});
  await helpdesk.called();
  expect(await setting.submit(draft)).toEqual({ kind: 'in-progress' });
  helpdesk.answer(opened('KVO-530-1'));
  expect(await first).toMatchObject({ kind: 'opened' });
  expect(setting.calls).toHaveLength(1);
});

test('a form that is changed and submitted again while its first text is being sent keeps the new text', async () => {
  const helpdesk = createHangingHelpdesk();
  const setting = await createDesk({ openTicket: helpdesk.openTicket });
  const draft = setting.draft('A');
  const first = setting.submit(draft);
  await helpdesk.called();
  const changed = { ...draft, fields: { ...draft.fields, body: 'Another body' } };
  expect(await setting.submit(changed)).toEqual({ kind: 'in-progress' });
  helpdesk.answer(opened('KVO-530-1'));
  expect(await first).toMatchObject({ kind: 'opened' });
  expect((await setting.drafts.find(ADA.id, draft.id))?.fields.body).toBe('Another body');
  expect(await setting.submit(changed)).toMatchObject({ kind: 'already-opened', reference: 'KVO-530-1' });
});

test('a Try again on one device does not undo what is changed on another at the same moment', async () => {
  const setting = await createDesk({ openTicket: async () => unreachable });
  const draft = setting.draft('A');
  await setting.submit(draft);
  // The click has found the old text when the form saves the new one.
  const changed = { ...draft, fields: { ...draft.fields, body: 'Another body' } };
  await setting.receive(changed);
  const click = { id: setting.newInteraction(), draft, keepsText: true, reply: REPLY } as const;
  expect(await setting.desk.receive({ ...click, draft: { ...draft, sendDespite: ['4'] } })).toBe('received');
  expect(await setting.drafts.find(ADA.id, draft.id)).toEqual({ ...changed, sendDespite: ['4'] });
});

test('the text of an opened ticket is kept nowhere', async () => {
  const setting = await createDesk();
  const draft = setting.draft('A');
  await setting.submit(draft);
  expect(await setting.drafts.find(ADA.id, draft.id)).toBeUndefined();
  expect(await setting.desk.earlier.becameOf(ADA.id, draft.id)).toMatchObject({
    kind: 'opened',
    reference: 'KVO-530-1',
  });
});

test('a process that dies while it sends leaves an unconfirmed submission, and is not believed to have sent nothing', async () => {
  const helpdesk = createHangingHelpdesk();
  const dead = await createDesk({ openTicket: helpdesk.openTicket });
  const draft = dead.draft('A');
  void dead.submit(draft);
  await helpdesk.called();
  // Try again was pressed, and the process died before it looked at it.
  const pressed = dead.newInteraction();
  await dead.receive(draft, pressed);

  const next = await createDesk({ storage: dead.storage });
  const untold = await next.desk.recover();
  expect(untold.map(({ stage }) => stage).sort()).toEqual(['saved', 'sending']);
  for (const { id } of untold) {
    expect(await next.standing(id)).toMatchObject({ kind: id === pressed ? 'maybe-open' : 'unconfirmed' });
  }
  expect(await next.submit(draft, '400000000000000099')).toMatchObject({ kind: 'maybe-open' });
  expect(next.calls).toEqual([]);
});

test('what was interrupted is not told as "nothing was opened" while the same text is being sent', async () => {
  const helpdesk = createHangingHelpdesk();
  const setting = await createDesk({ openTicket: helpdesk.openTicket });
  const draft = setting.draft('A');
  const first = setting.newInteraction();
  await setting.receive(draft, first);
  setting.desk.setAside(first);
  const second = setting.submit(draft);
  await helpdesk.called();
  expect(await setting.standing(first)).toEqual({ kind: 'in-progress' });
  helpdesk.answer(unreachable);
  expect(await second).toEqual({ kind: 'unreachable', cause: expect.anything() });
  expect(await setting.standing(first)).toEqual({ kind: 'interrupted' });
});

test('a text that has expired is remembered to be a doubtful ticket, whatever button asks', async () => {
  const setting = await createDesk({ openTicket: async () => unconfirmed });
  const draft = setting.draft('A');
  await setting.submit(draft);
  const pressed = setting.newInteraction();
  await setting.submit(draft, pressed);
  setting.clock.now += 25 * HOUR_MS;
  expect(await setting.desk.earlier.becameOf(ADA.id, draft.id)).toMatchObject({
    kind: 'unconfirmed',
    isTextGone: true,
  });
  expect(await setting.standing(pressed)).toMatchObject({ kind: 'unconfirmed', isTextGone: true });
});

test('what was interrupted and has become a ticket since then is told as that ticket', async () => {
  const setting = await createDesk();
  const draft = setting.draft('A');
  const first = setting.newInteraction();
  await setting.receive(draft, first);
  setting.desk.setAside(first);
  await setting.submit(draft);
  expect(await setting.standing(first)).toMatchObject({ kind: 'opened', reference: 'KVO-530-1' });
});

test('a second try that cannot reach the helpdesk does not hide that the first one may have opened a ticket', async () => {
  const results: OpenTicketResult[] = [unconfirmed, unreachable];
  const setting = await createDesk({ openTicket: async () => results.shift() ?? unreachable });
  const draft = setting.draft('A');
  expect(await setting.submit(draft)).toMatchObject({ kind: 'unconfirmed' });
  const doubt = await setting.submit(draft);
  if (doubt === 'again' || doubt.kind !== 'maybe-open') throw new Error('Nobody asked');
  const despite = { ...draft, sendDespite: [doubt.submissionId] };
  expect(await setting.submit(despite)).toMatchObject({ kind: 'unreachable', earlier: { kind: 'maybe-open' } });
});

test('the same text from the same person is one problem for 24 hours, whatever the product', async () => {
  const setting = await createDesk();
  await setting.submit(setting.draft('A'));
  const again = setting.draft('A');
  const other = { ...again, fields: { ...again.fields, product: 'VPS' } };
  expect(await setting.submit(other)).toMatchObject({ kind: 'already-opened', reference: 'KVO-530-1' });
  setting.clock.now += 24 * HOUR_MS + 1000;
  expect(await setting.submit(setting.draft('A'))).toMatchObject({ kind: 'opened', reference: 'KVO-530-2' });
});

test('a doubtful ticket is asked about for as long as its text is kept, also when that is longer than a day', async () => {
  const setting = await createDesk({ openTicket: async () => unconfirmed });
  const draft = setting.draft('A');
  await setting.submit(draft);
  setting.clock.now += 23 * HOUR_MS;
  expect(await setting.submit(draft)).toMatchObject({ kind: 'maybe-open' });
  setting.clock.now += 2 * HOUR_MS;
  expect(await setting.drafts.find(ADA.id, draft.id)).toBeDefined();
  expect(await setting.submit(draft)).toMatchObject({ kind: 'maybe-open' });
  expect(setting.calls).toHaveLength(1);
});

test('a doubtful ticket is asked about also when the settings keep records for a shorter time than when it was sent', async () => {
  const before = await createDesk({ openTicket: async () => unconfirmed, draftHours: 720 });
  const draft = before.draft('A');
  await before.submit(draft);
  before.clock.now += 10 * DAY_MS;
  const { storage, clock } = before;
  const after = await createDesk({ storage, clock, draftHours: 24, recordDays: 1 });
  expect(await after.drafts.find(ADA.id, draft.id)).toBeDefined();
  expect(await after.submit(draft, '400000000000000099')).toMatchObject({ kind: 'maybe-open' });
  expect(after.calls).toEqual([]);
});

test('a doubtful ticket is not forgotten while its text is kept alive by trying again', async () => {
  const setting = await createDesk({ openTicket: async () => unconfirmed, draftHours: 720 });
  const draft = setting.draft('A');
  await setting.submit(draft);
  for (let time = 0; time < 3; time += 1) {
    setting.clock.now += 29 * DAY_MS;
    expect(await setting.drafts.find(ADA.id, draft.id)).toBeDefined();
    expect(await setting.submit(draft)).toMatchObject({ kind: 'maybe-open' });
  }
  expect(setting.calls).toHaveLength(1);
});

test('what became of a form is known for as long as its record is kept', async () => {
  const setting = await createDesk();
  const draft = setting.draft('A');
  await setting.submit(draft);
  setting.clock.now += 29 * 24 * HOUR_MS;
  expect(await setting.desk.earlier.becameOf(ADA.id, draft.id)).toMatchObject({
    kind: 'opened',
    reference: 'KVO-530-1',
  });
});

test('a store that fails before the call keeps the helpdesk from being called', async () => {
  const setting = await createDesk();
  const draft = setting.draft('A');
  const id = setting.newInteraction();
  await setting.receive(draft, id);
  setting.breakage.broken = new Set(['submissions']);
  expect(await setting.desk.submit({ id, draft }, {})).toMatchObject({ kind: 'interrupted' });
  expect(setting.calls).toEqual([]);
});

test('a store that fails after the call hides nothing of what the helpdesk said, and opens nothing twice', async () => {
  const setting = await createDesk({
    openTicket: async () => {
      setting.breakage.broken = 'all';
      return opened('KVO-530-1');
    },
  });
  const draft = setting.draft('A');
  expect(await setting.submit(draft)).toMatchObject({ kind: 'opened', reference: 'KVO-530-1' });
  setting.breakage.broken = undefined;
  expect(await setting.submit(draft)).toMatchObject({ kind: 'already-opened', reference: 'KVO-530-1' });
  expect(setting.calls).toHaveLength(1);
});

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

test('a ticket that had to wait goes to the account that is linked when its turn comes, and to none when there is none', async () => {
  const helpdesk = createHangingHelpdesk();
  const setting = await createDesk({ openTicket: helpdesk.openTicket });
  await setting.links.save(BOB.id, 'bob@example.org', 'email');
  const running = Array.from({ length: 8 }, (_, i) => setting.submit(setting.draft(`Subject ${i}`)));
  for (let i = 0; i < 8; i += 1) await helpdesk.called();
  const own = await setting.queueUp(setting.draft('Waiting'));
  const ofBob = setting.escalation('Something that Bob wrote', BOB);
  const inHisName = await setting.queueUp(ofBob);
  await setting.links.save(ADA.id, 'ada@example.com', 'email');
  await setting.links.allowEscalation(BOB.id, false);

  helpdesk.answer(opened('KVO-530-1'));
  await helpdesk.called();
  expect(setting.calls.at(-1)).toMatchObject({ subject: 'Waiting', requesterEmail: 'ada@example.com' });
  helpdesk.answer(opened('KVO-530-2'));
  expect(await inHisName.outcome).toEqual({ kind: 'author-unavailable' });
  for (let i = 0; i < 7; i += 1) helpdesk.answer(opened(`KVO-530-${i + 3}`));
  await Promise.all([...running, own.outcome]);
  expect(setting.calls).toHaveLength(9);
  expect(await setting.drafts.find(ADA.id, ofBob.id)).toBeDefined();
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

test('a ticket that was not opened does not count for the limit', async () => {
  const results: OpenTicketResult[] = [unreachable, opened('KVO-530-1')];
  const setting = await createDesk({
    openTicket: async () => results.shift() ?? unreachable,
    ticketsPerHour: 1,
  });
  expect(await setting.submit(setting.draft('A'))).toMatchObject({ kind: 'unreachable' });
  expect(await setting.submit(setting.draft('A'))).toMatchObject({ kind: 'opened' });
  expect(await setting.submit(setting.draft('B'))).toMatchObject({ kind: 'limited', scope: 'person' });
});

test('a submission that the store kept from being sent does not count for the limit', async () => {
  const setting = await createDesk({ ticketsPerHour: 1 });
  setting.breakage.around = async ({ namespace, operation }, run) => {
    if (namespace === 'submissions' && operation === 'update') throw new StorageError('The disk is full.');
    return run();
  };
  expect(await setting.submit(setting.draft('A'))).toMatchObject({ kind: 'interrupted' });
  setting.breakage.around = undefined;
  expect(await setting.submit(setting.draft('A'))).toMatchObject({ kind: 'opened' });
});

test.each(['whose process died before it looked for earlier ones', 'that came during a pause'])(
  'Edit under a doubt that was told of a submit %s does not go around the question',
  async (which) => {
    let answer: OpenTicketResult = unconfirmed;
    const setting = await createDesk({ openTicket: async () => answer });
    await setting.submit(setting.draft('A'));
    answer = opened('KVO-530-1');

    const second = setting.draft('A');
    const id = setting.newInteraction();
    await setting.receive(second, id);
    if (which.includes('pause')) {
      expect(await setting.desk.keepUnsent({ id, draft: second }, { kind: 'paused', notice: 'Later' })).toMatchObject({
        earlier: { kind: 'maybe-open' },
      });
    } else {
      setting.desk.setAside(id);
      expect(await setting.standing(id)).toMatchObject({ kind: 'maybe-open' });
    }
    const edited = { ...second, fields: { ...second.fields, body: 'Other words' } };
    expect(await setting.submit(edited)).toMatchObject({ kind: 'maybe-open' });
    expect(setting.calls).toHaveLength(1);
  },
);

test.each(['came to nothing else', 'was interrupted', 'came during a pause'])(
  'Edit of a submit that met the same text under way and %s does not open a second ticket unasked',
  async (which) => {
    const helpdesk = createHangingHelpdesk();
    const setting = await createDesk({ openTicket: helpdesk.openTicket });
    const first = setting.submit(setting.draft('A'));
    await helpdesk.called();

    // Two at once: the one that comes last may find only the other one.
    const others = await Promise.all(
      [setting.draft('A'), setting.draft('A')].map(async (draft) => {
        const id = setting.newInteraction();
        await setting.receive(draft, id);
        if (which === 'was interrupted') {
          setting.desk.setAside(id);
          expect(await setting.standing(id)).toEqual({ kind: 'in-progress' });
        } else if (which === 'came during a pause') {
          await setting.desk.keepUnsent({ id, draft }, { kind: 'paused', notice: 'Later' });
        } else {
          expect(await setting.desk.submit({ id, draft }, {})).toEqual({ kind: 'in-progress' });
        }
        return draft;
      }),
    );
    helpdesk.answer(opened('KVO-530-1'));
    expect(await first).toMatchObject({ kind: 'opened' });

    for (const draft of others) {
      const edited = { ...draft, fields: { ...draft.fields, body: `Other words of ${draft.id}` } };
      expect(await setting.submit(edited)).toMatchObject({ kind: 'already-opened', reference: 'KVO-530-1' });
    }
    expect(setting.calls).toHaveLength(1);
  },
);
