import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { OutcomeDelivery } from '../../src/discord/delivery/outcome-delivery.ts';
import { createLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import { HelpdeskError, type OpenTicketResult } from '../../src/tickets/helpdesk-client.ts';
import { ADA, BOB, createDesk, createHangingHelpdesk, DAY_MS, HOUR_MS } from './desk-harness.ts';

const unreachable: OpenTicketResult = { kind: 'unreachable', cause: new HelpdeskError('connect', 'refused') };

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
  setting.desk.release(first);
  const second = setting.submit(draft);
  await helpdesk.called();
  expect(await setting.standing(first)).toEqual({ kind: 'in-progress' });
  helpdesk.answer(unreachable);
  expect(await second).toEqual({ kind: 'unreachable', cause: expect.anything() });
  expect(await setting.standing(first)).toEqual({ kind: 'interrupted' });
});

test('what was interrupted and has become a ticket since then is told as that ticket', async () => {
  const setting = await createDesk();
  const draft = setting.draft('A');
  const first = setting.newInteraction();
  await setting.receive(draft, first);
  setting.desk.release(first);
  await setting.submit(draft);
  expect(await setting.standing(first)).toMatchObject({ kind: 'opened', reference: 'KVO-530-1' });
});

function deliveryOf(s: Awaited<ReturnType<typeof createDesk>>) {
  const { desk, ledger, drafts, notices, clock } = s;
  const log = createLog('silent');
  return new OutcomeDelivery({
    ...{ desk, ledger, drafts, notices, log, metrics: createMetrics(), ticketUrl: undefined },
    clock: { ...systemClock, now: () => clock.now },
  });
}

test('a ticket that was opened before a crash is told for as long as its notice stands', async () => {
  const dead = await createDesk();
  const draft = dead.draft('A');
  const id = dead.newInteraction();
  await dead.receive(draft, id);
  expect(await dead.desk.submit({ id, draft }, {})).toMatchObject({ kind: 'opened' });
  // Killed before the reply was edited; down for a day.
  dead.clock.now += DAY_MS;
  const next = await createDesk({ storage: dead.storage, clock: dead.clock });
  const delivery = deliveryOf(next);
  await delivery.tellRecovered(await next.desk.recover(), {} as never);
  expect((await delivery.pending(ADA.id))[0]?.reply.content).toContain('KVO-530-1');
  next.clock.now += 29 * DAY_MS + HOUR_MS;
  const [pending] = await delivery.pending(ADA.id);
  expect(pending?.reply.content ?? '').not.toContain('Nothing was sent');
  expect(pending?.reply.content).toContain('KVO-530-1');
});

test('an author hears of a ticket that may be in their name, though the draft expired while the bot was down', async () => {
  const helpdesk = createHangingHelpdesk();
  const dead = await createDesk({ openTicket: helpdesk.openTicket });
  await dead.links.save(BOB.id, 'bob@example.org', 'email');
  void dead.submit(dead.escalation('Something', BOB));
  await helpdesk.called();
  dead.clock.now += 25 * HOUR_MS;
  const next = await createDesk({ storage: dead.storage, clock: dead.clock });
  await next.desk.recover();
  expect(await next.notices.ofUser(BOB.id)).toMatchObject([{ kind: 'maybe-opened-in-your-name' }]);
});

test('an author hears of a ticket that may be in their name, though the form was sent again on another account meanwhile', async () => {
  const helpdesk = createHangingHelpdesk();
  const dead = await createDesk({ openTicket: helpdesk.openTicket });
  await dead.links.save(BOB.id, 'bob@example.org', 'email');
  const draft = dead.escalation('Something', BOB);
  void dead.submit(draft);
  await helpdesk.called();
  expect(await dead.submit({ ...draft, behalf: 'self' })).toEqual({ kind: 'in-progress' });
  const next = await createDesk({ storage: dead.storage, clock: dead.clock });
  await next.desk.recover();
  expect(await next.notices.ofUser(BOB.id)).toMatchObject([{ kind: 'maybe-opened-in-your-name' }]);
});

test('an author is not told of a ticket in their name that was sent on another account', async () => {
  const helpdesk = createHangingHelpdesk();
  const dead = await createDesk({ openTicket: helpdesk.openTicket });
  await dead.links.save(BOB.id, 'bob@example.org', 'email');
  const draft = { ...dead.escalation('Something', BOB), behalf: 'self' as const };
  void dead.submit(draft);
  await helpdesk.called();
  expect(await dead.submit({ ...draft, behalf: 'author' })).toEqual({ kind: 'in-progress' });
  const next = await createDesk({ storage: dead.storage, clock: dead.clock });
  await next.desk.recover();
  expect(await next.notices.ofUser(BOB.id)).toEqual([]);
});

test('a product that was changed meanwhile is not removed at the start', async () => {
  const dead = await createDesk();
  const draft = dead.draft('A');
  const changed = { ...draft, fields: { ...draft.fields, product: 'VPS 7' } };
  let stuck = () => {};
  const isStuck = new Promise<void>((resolve) => {
    stuck = resolve;
  });
  let calledUp = false;
  dead.breakage.around = async ({ namespace, operation }, run) => {
    if (namespace === 'drafts' && operation === 'update' && !calledUp) {
      calledUp = true;
      stuck();
      return new Promise<never>(() => {});
    }
    return run();
  };
  const helpdesk = createHangingHelpdesk();
  void helpdesk;
  void dead.submit(draft);
  // The form, changed, comes while the first is under way: before removeSent has run.
  await isStuck;
  dead.clock.now += 1000;
  dead.breakage.around = undefined;
  expect(await dead.submit(changed)).toEqual({ kind: 'in-progress' });
  const next = await createDesk({ storage: dead.storage, clock: dead.clock });
  await next.desk.recover();
  expect((await next.drafts.find(ADA.id, draft.id))?.fields.product).toBe('VPS 7');
});
