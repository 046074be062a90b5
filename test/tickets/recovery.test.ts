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
  const adopted = (await next.recover()).map(({ attempt }) => attempt);
  expect(adopted.map(({ stage }) => stage.kind).sort()).toEqual(['not-sent', 'unconfirmed']);
  for (const { id } of adopted) {
    expect(await next.outcomeOf(id)).toMatchObject({ kind: id === pressed ? 'maybe-open' : 'unconfirmed' });
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
  await setting.keepUnsent(first, { kind: 'interrupted' });
  const second = setting.submit(draft);
  await helpdesk.called();
  expect(await setting.outcomeOf(first)).toEqual({ kind: 'in-progress' });
  helpdesk.answer(unreachable);
  expect(await second).toEqual({ kind: 'unreachable' });
  expect(await setting.outcomeOf(first)).toEqual({ kind: 'interrupted' });
});

test('what was interrupted and has become a ticket since then is told as that ticket', async () => {
  const setting = await createDesk();
  const draft = setting.draft('A');
  const first = setting.newInteraction();
  await setting.receive(draft, first);
  await setting.keepUnsent(first, { kind: 'interrupted' });
  await setting.submit(draft);
  expect(await setting.outcomeOf(first)).toMatchObject({ kind: 'opened', reference: 'KVO-530-1' });
});

function deliveryOf(s: Awaited<ReturnType<typeof createDesk>>) {
  return new OutcomeDelivery({
    ...s,
    log: createLog('silent'),
    metrics: createMetrics(),
    helpdeskNames: { name: 'the helpdesk', ticketUrl: undefined },
    clock: { ...systemClock, now: () => s.clock.now },
  });
}

test('a ticket that was opened before a crash is told for as long as its notice stands', async () => {
  const dead = await createDesk();
  const draft = dead.draft('A');
  const id = dead.newInteraction();
  await dead.receive(draft, id);
  expect(await dead.send(id, {})).toMatchObject({ kind: 'opened' });
  // Killed before the reply was edited; down for a day.
  dead.clock.now += DAY_MS;
  const next = await createDesk({ storage: dead.storage, clock: dead.clock });
  const delivery = deliveryOf(next);
  await delivery.tellAdopted(await next.recover(), {} as never);
  const [first] = await delivery.pending(ADA.id);
  expect(first?.reply.content).toContain('KVO-530-1');
  // It is told once: another command does not find it until this one could not show it.
  expect(await delivery.pending(ADA.id)).toEqual([]);
  await first?.left();
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
  await next.recover();
  expect(await next.notificationsOf(BOB.id)).toMatchObject([{ kind: 'maybe-opened-in-your-name' }]);
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
  await next.recover();
  expect(await next.notificationsOf(BOB.id)).toMatchObject([{ kind: 'maybe-opened-in-your-name' }]);
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
  await next.recover();
  expect(await next.notificationsOf(BOB.id)).toEqual([]);
});

test('a product that was changed meanwhile is not removed with the ticket', async () => {
  const helpdesk = createHangingHelpdesk();
  const setting = await createDesk({ openTicket: helpdesk.openTicket });
  const draft = setting.draft('A');
  const first = setting.submit(draft);
  await helpdesk.called();
  const changed = { ...draft, fields: { ...draft.fields, product: 'VPS 7' } };
  expect(await setting.submit(changed)).toEqual({ kind: 'in-progress' });
  helpdesk.answer({ kind: 'opened', reference: 'KVO-530-1' });
  expect(await first).toMatchObject({ kind: 'opened' });
  expect((await setting.drafts.find(ADA.id, draft.id))?.fields.product).toBe('VPS 7');
});

test('a doubt after a start keeps the time at which the attempt was sent', async () => {
  const helpdesk = createHangingHelpdesk();
  const dead = await createDesk({ openTicket: helpdesk.openTicket });
  void dead.submit(dead.draft('A'));
  await helpdesk.called();
  const [sent] = await dead.attemptsOf(ADA.id);
  dead.clock.now += HOUR_MS;
  const next = await createDesk({ storage: dead.storage, clock: dead.clock });
  await next.recover();
  const [attempt] = await next.attemptsOf(ADA.id);
  expect(attempt).toMatchObject({ stage: { kind: 'unconfirmed' }, stageAt: sent?.stageAt });
});

test('the key to the private reply goes when the person knows', async () => {
  const s = await createDesk();
  const id = s.newInteraction();
  await s.submit(s.draft('A'), id);
  expect((await s.attemptsOf(ADA.id))[0]?.reply).toMatchObject({ token: 'secret' });
  await s.deliver(id);
  expect(JSON.stringify(await s.attemptsOf(ADA.id))).not.toContain('secret');
  expect(await s.recover()).toEqual([]);
});
