import { expect, test } from 'vitest';
import { StorageError } from '../../src/storage/record-store.ts';
import { HelpdeskError, type OpenTicketResult } from '../../src/tickets/helpdesk-client.ts';
import { ADA, BOB, createDesk, createHangingHelpdesk, PLACE } from './desk-harness.ts';

const opened = (reference: string): OpenTicketResult => ({ kind: 'opened', reference });
const unconfirmed: OpenTicketResult = { kind: 'unconfirmed', cause: new HelpdeskError('timeout', 'no answer') };
const unreachable: OpenTicketResult = { kind: 'unreachable', cause: new HelpdeskError('connect', 'refused') };

test('that it is being sent stands in the record before the helpdesk is called', async () => {
  const stages: (string | undefined)[] = [];
  const setting = await createDesk({
    openTicket: async () => {
      for (const { stage } of await setting.attemptsOf(ADA.id)) stages.push(stage.kind);
      return opened('KVO-530-1');
    },
  });
  expect(await setting.submit(setting.draft('A'))).toMatchObject({ kind: 'opened', reference: 'KVO-530-1' });
  expect(stages).toEqual(['sending']);
  expect((await setting.attemptsOf(ADA.id)).map(({ stage }) => stage.kind)).toEqual(['opened']);
});

test.each([
  [unreachable, 'unreachable'],
  [unconfirmed, 'unconfirmed'],
  [{ kind: 'refused', reason: 'No.' }, 'refused'],
] as const)('after a call that was %o the record says so and the text stays', async (result, stage) => {
  const setting = await createDesk({ openTicket: async () => result });
  const draft = setting.draft('A');
  expect(await setting.submit(draft)).toMatchObject({ kind: stage });
  expect((await setting.attemptsOf(ADA.id)).map((attempt) => attempt.stage.kind)).toEqual([stage]);
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
  const first = setting.send(id, {});
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
  const click = setting.newInteraction();
  expect(await setting.receive(draft, click, { isRetry: true, confirmed: '4' })).toBe('received');
  expect(await setting.drafts.find(ADA.id, draft.id)).toEqual(changed);
});

test('the text of an opened ticket is kept nowhere', async () => {
  const setting = await createDesk();
  const draft = setting.draft('A');
  await setting.submit(draft);
  expect(await setting.drafts.find(ADA.id, draft.id)).toBeUndefined();
  expect(await setting.ofDraft(draft)).toMatchObject({
    kind: 'opened',
    reference: 'KVO-530-1',
  });
});

test('a second try that cannot reach the helpdesk does not hide that the first one may have opened a ticket', async () => {
  const results: OpenTicketResult[] = [unconfirmed, unreachable];
  const setting = await createDesk({ openTicket: async () => results.shift() ?? unreachable });
  const draft = setting.draft('A');
  expect(await setting.submit(draft)).toMatchObject({ kind: 'unconfirmed' });
  const { kind, attemptId } = await setting.submit(draft);
  expect(kind).toBe('maybe-open');
  expect(await setting.submit(draft, undefined, { confirmed: attemptId })).toMatchObject({
    kind: 'unreachable',
    earlier: { kind: 'maybe-open' },
  });
});

test('a store that fails before the call keeps the helpdesk from being called', async () => {
  const setting = await createDesk();
  const draft = setting.draft('A');
  const id = setting.newInteraction();
  await setting.receive(draft, id);
  setting.breakage.broken = new Set(['people']);
  expect(await setting.send(id, {})).toMatchObject({ kind: 'interrupted' });
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

test('an attempt that the store kept from being sent does not count for the limit', async () => {
  const setting = await createDesk({ ticketsPerHour: 1 });
  const draft = setting.draft('A');
  const id = setting.newInteraction();
  await setting.receive(draft, id);
  setting.breakage.around = async ({ namespaces, operation }, run) => {
    const result = await run();
    // The write of its turn lands, and the store says that it failed.
    if (operation === 'change' && namespaces.includes('links')) throw new StorageError('The disk is full.');
    return result;
  };
  expect(await setting.send(id, {})).toMatchObject({ kind: 'interrupted' });
  setting.breakage.around = undefined;
  expect(setting.calls).toEqual([]);
  expect(await setting.submit(setting.draft('A'))).toMatchObject({ kind: 'opened' });
});

test.each(['pause', 'block', 'unlink'])('a %s stops a ticket before the bot repeats it', async (control) => {
  const setting = await createDesk({
    retryDelaysMs: [1, 1],
    ticketsPerHour: 1,
    async openTicket() {
      if (control === 'pause') await setting.controls.pause(PLACE.guildId, BOB.id, 'Closed.');
      else if (control === 'block')
        await setting.controls.block(PLACE.guildId, ADA.id, { moderatorId: BOB.id, reason: 'Spam.' });
      else await setting.personalRecords.unlink(ADA.id);
      return unreachable;
    },
  });
  const kind = { pause: 'paused', block: 'blocked', unlink: 'not-linked' }[control];
  expect(await setting.submit(setting.draft('A'))).toMatchObject({ kind });
  expect(setting.calls).toHaveLength(1);
  // Its use of the limit was given back.
  expect(await setting.submit(setting.draft('A'))).toMatchObject({ kind });
});

test('a ticket that is stopped at the last moment is not taken for one that is being sent', async () => {
  const setting = await createDesk({
    async openTicket(_request, recheck) {
      await setting.controls.pause(PLACE.guildId, BOB.id, 'Closed.');
      await recheck?.();
      return opened('KVO-530-1');
    },
  });
  const id = setting.newInteraction();
  expect(await setting.submit(setting.draft('A'), id)).toEqual({ kind: 'paused', notice: 'Closed.' });
  const [attempt] = await setting.attemptsOf(ADA.id);
  expect(attempt?.stage).toEqual({ kind: 'not-sent', reason: { kind: 'paused', notice: 'Closed.' } });
  expect(await setting.outcomeOf(id)).toEqual({ kind: 'paused', notice: 'Closed.' });
});

test('a store that fails at the last look keeps a ticket from being sent, and it can be sent again', async () => {
  let isBroken = true;
  const setting = await createDesk({
    async openTicket(_request, recheck) {
      if (isBroken) setting.breakage.broken = new Set(['pauses']);
      isBroken = false;
      await recheck?.();
      return opened('KVO-530-1');
    },
  });
  expect(await setting.submit(setting.draft('A'))).toMatchObject({ kind: 'interrupted' });
  setting.breakage.broken = undefined;
  expect(await setting.submit(setting.draft('A'))).toMatchObject({ kind: 'opened' });
});

test('a ticket whose login took long goes to the account that is linked after it', async () => {
  const sentTo: (string | undefined)[] = [];
  const setting = await createDesk({
    async openTicket(_request, recheck) {
      await setting.links.save(ADA.id, 'ada@example.com', 'email');
      sentTo.push((await recheck?.())?.requesterEmail);
      return opened('KVO-530-1');
    },
  });
  await setting.submit(setting.draft('A'));
  expect(sentTo).toEqual(['ada@example.com']);
});

test.each([
  [true, 'opened'],
  [undefined, 'opened'],
  [false, 'not-moderator'],
])('an escalation that had to wait asks whether its moderator still is one: %j, so it is %s', async (answer, kind) => {
  const helpdesk = createHangingHelpdesk();
  const setting = await createDesk({ openTicket: helpdesk.openTicket });
  await setting.links.save(BOB.id, 'bob@example.org', 'email');
  const running = Array.from({ length: 8 }, (_, i) => setting.submit(setting.draft(`Subject ${i}`)));
  for (let i = 0; i < 8; i += 1) await helpdesk.called();
  let asked = 0;
  const draft = setting.escalation('Something that Bob wrote', BOB);
  const id = setting.newInteraction();
  await setting.receive(draft, id);
  const authority = {
    moderatorOf: PLACE.guildId,
    async isStillModerator() {
      asked += 1;
      return answer;
    },
  };
  const outcome = await new Promise<{ outcome: ReturnType<typeof setting.send> }>((resolve) => {
    const outcome = setting.send(id, authority, () => resolve({ outcome }));
  });
  for (let i = 0; i < 9; i += 1) helpdesk.answer(opened(`KVO-530-${i + 1}`));
  await Promise.all(running);
  if (answer !== false) await helpdesk.called();
  helpdesk.answer(opened('KVO-530-9'));
  expect(await outcome.outcome).toMatchObject({ kind });
  expect(asked).toBe(1);
});
