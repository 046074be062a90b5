import { expect, test } from 'vitest';
import { StorageError } from '../../src/storage/record-store.ts';
import { HelpdeskError, type OpenTicketResult } from '../../src/tickets/helpdesk-client.ts';
import { ADA, BOB, CALL_RESULTS, createDesk, createHangingHelpdesk, DAY_MS, EVE, HOUR_MS } from './desk-harness.ts';

const opened = (reference: string): OpenTicketResult => ({ kind: 'opened', reference });
const unconfirmed: OpenTicketResult = { kind: 'unconfirmed', cause: new HelpdeskError('timeout', 'no answer') };
const paused = { kind: 'paused', notice: 'Later' } as const;

test('a text that has expired is remembered to be a doubtful ticket, whatever button asks', async () => {
  const setting = await createDesk({ openTicket: async () => unconfirmed });
  const draft = setting.draft('A');
  await setting.submit(draft);
  const pressed = setting.newInteraction();
  await setting.submit(draft, pressed);
  setting.clock.now += 25 * HOUR_MS;
  expect(await setting.ofDraft(draft)).toMatchObject({
    kind: 'unconfirmed',
    isTextGone: true,
  });
  expect(await setting.outcomeOf(pressed)).toMatchObject({ kind: 'unconfirmed', isTextGone: true });
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
  expect(await setting.ofDraft(draft)).toMatchObject({
    kind: 'opened',
    reference: 'KVO-530-1',
  });
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
      expect(await setting.keepUnsent(id, paused)).toMatchObject({ earlier: { kind: 'maybe-open' } });
    } else {
      const next = await createDesk({ storage: setting.storage, clock: setting.clock });
      await next.recover();
      expect(await next.outcomeOf(id)).toMatchObject({ kind: 'maybe-open' });
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
          await setting.keepUnsent(id, { kind: 'interrupted' });
          expect(await setting.outcomeOf(id)).toEqual({ kind: 'in-progress' });
        } else if (which === 'came during a pause') {
          await setting.keepUnsent(id, paused);
        } else {
          expect(await setting.send(id, {})).toEqual({ kind: 'in-progress' });
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

test('the record of a message that was met during a pause outlives its first 30 days', async () => {
  const s = await createDesk();
  await s.links.save(BOB.id, 'bob@example.org', 'email');
  expect(await s.submit(s.escalation('One', BOB))).toMatchObject({ kind: 'opened' });
  s.clock.now += 30 * DAY_MS - HOUR_MS;
  const second = { ...s.escalation('Two', BOB), submitter: EVE };
  const id = s.newInteraction();
  await s.receive(second, id);
  expect(await s.keepUnsent(id, paused)).toMatchObject({ earlier: { kind: 'already-opened' } });
  s.clock.now += 2 * HOUR_MS;
  expect(await s.submit(second)).toMatchObject({ kind: 'already-opened' });
  expect(s.calls).toHaveLength(1);
});

test('an edited text that was never sent is not told to be the ticket of another form', async () => {
  const s = await createDesk();
  await s.submit(s.draft('A'));
  const second = s.draft('A');
  expect(await s.submit(second)).toMatchObject({ kind: 'already-opened' });
  const edited = { ...second, fields: { ...second.fields, body: 'A really different problem' } };
  const id = s.newInteraction();
  expect(await s.submit(edited, id)).toMatchObject({ kind: 'already-opened' });
  s.clock.now += 25 * HOUR_MS;
  // A button under it, or the notice when the reply could not be edited.
  expect(await s.ofDraft(second)).not.toMatchObject({ kind: 'opened' });
  expect(await s.outcomeOf(id)).not.toMatchObject({ kind: 'opened' });
});

test('a Send anyway that was refused is not told as opened when its text has expired', async () => {
  const results: OpenTicketResult[] = [CALL_RESULTS.opened, CALL_RESULTS.refused];
  const s = await createDesk({ openTicket: async () => results.shift() ?? CALL_RESULTS.refused });
  await s.submit(s.draft('A'));
  const second = s.draft('A');
  const { kind, attemptId } = await s.submit(second);
  expect(kind).toBe('already-opened');
  const id = s.newInteraction();
  expect(await s.submit(second, id, { confirmed: attemptId })).toMatchObject({ kind: 'refused' });
  expect(await s.outcomeOf(id)).toMatchObject({ kind: 'refused' });
  s.clock.now += 25 * HOUR_MS;
  expect(await s.outcomeOf(id)).not.toMatchObject({ kind: 'opened' });
});

test('a text that was never sent is not told to have been sent when it has expired', async () => {
  const s = await createDesk({ openTicket: async () => CALL_RESULTS.unconfirmed });
  await s.submit(s.draft('A'));
  const second = s.draft('A');
  expect(await s.submit(second)).toMatchObject({ kind: 'maybe-open' });
  s.clock.now += 25 * HOUR_MS;
  expect(await s.ofDraft(second)).not.toMatchObject({ kind: 'unconfirmed' });
});

test.each(['came during a pause', 'was to be sent'])(
  'what an attempt that %s has met while the store was full is told, and asked about all the same after Edit',
  async (which) => {
    const s = await createDesk();
    await s.submit(s.draft('A'));
    const draft = s.draft('A');
    const id = s.newInteraction();
    await s.receive(draft, id);
    s.breakage.around = async ({ operation }, run) => {
      if (operation === 'change') throw new StorageError('The disk is full.');
      return run();
    };
    if (which === 'was to be sent') {
      expect(await s.send(id, {})).toMatchObject({ kind: 'interrupted', earlier: { kind: 'already-opened' } });
    } else {
      expect(await s.keepUnsent(id, paused)).toMatchObject({ earlier: { kind: 'already-opened' } });
    }
    s.breakage.around = undefined;
    const edited = { ...draft, fields: { ...draft.fields, body: 'Other words' } };
    expect(await s.submit(edited)).toMatchObject({ kind: 'already-opened' });
    expect(s.calls).toHaveLength(1);
  },
);
