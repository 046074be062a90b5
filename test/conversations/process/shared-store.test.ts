import { expect, test } from 'vitest';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../../sandbox/discord/people/shown-message.ts';
import type { Conversation } from '../../support/conversation.ts';
import { startShared } from '../../support/shared-store.ts';
import { ticketForm } from '../../support/ticket-form.ts';

const FIELDS = { subject: 'My server is down', body: 'Since this morning.' };
/** A lease is renewed every 5 s and ends after 15 s. */
const LEASE_MS = 26_000;

/** First answers that Discord took, and interactions that there were: as many of one as of the other. */
function answersOf({ world }: Conversation) {
  const isAnswer = ({ route, status }: { route: string; status: number }) =>
    route.endsWith('/callback') && status < 300;
  return { answers: world.discord.requests.filter(isAnswer).length, interactions: world.discord.interactions.length };
}

test('of two processes on one store, each interaction is answered once and a form becomes one ticket', async () => {
  const { talk, ada, world, startNext } = await startShared();
  await startNext();
  for (let round = 0; round < 5; round += 1) {
    const fields = { ...FIELDS, subject: `My server is down, ${round}` };
    const opened = asMessage(await (await ticketForm(ada)).submit(fields));
    expect(opened.text).toContain(`Ticket ${world.helpdesk.tickets[round]?.reference} is open`);
  }
  expect(world.helpdesk.tickets).toHaveLength(5);
  const { answers, interactions } = answersOf(talk);
  expect(interactions).toBeGreaterThan(10);
  expect(answers).toBe(interactions);
});

test('an update has no gap: the next process is started, then the old one is stopped, and nobody is turned away', async () => {
  const { talk, ada, world, startNext } = await startShared();
  world.helpdesk.fault('hang', { times: 1 });
  const called = world.helpdesk.nextCall('api_openTicket');
  const first = asMessage(await (await ticketForm(ada)).submit(FIELDS, { untilAcknowledged: true }));
  await called;
  await startNext();
  // The call of the old process is still under way: the next one does not speak of it.
  expect(first.thinking).toBe(true);
  const stopping = talk.stop();
  const bob = talk.join('bob');
  expect(asMessage(await bob.slash('account')).text).toContain('Nothing is stored about you');
  expect(asMessage(await ada.slash('account')).text).toContain('||ada@example.org||');
  const second = await ticketForm(ada);
  expect(asMessage(await second.submit({ ...FIELDS, subject: 'Another one' })).text).toContain('is open');
  world.helpdesk.release();
  await stopping;
  expect(first.text).toContain(`Ticket ${world.helpdesk.tickets.at(-1)?.reference} is open`);
  expect(world.helpdesk.tickets).toHaveLength(2);
  await ticketForm(ada);
});

test('what a process was sending when it hung is told as a doubt by another one, and is not sent again unasked', async () => {
  const { talk, ada, world, startNext, sleep } = await startShared();
  world.helpdesk.fault('open-then-hang', { times: 1 });
  const called = world.helpdesk.nextCall('api_openTicket');
  const message = asMessage(await (await ticketForm(ada)).submit(FIELDS, { untilAcknowledged: true }));
  await called;
  sleep();
  await startNext();
  const told = message.nextEdit();
  await talk.clock.passSlowly(LEASE_MS, 1000);
  expect((await told).text).toContain('Not sure it went through');
  const again = asMessage(await asModal(await message.click('Edit')).submit(FIELDS));
  expect(again.text).toContain('This may be open already');
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('a process that only slept tells the certain answer of its call over the doubt', async () => {
  const { talk, ada, world, startNext, sleep, wake } = await startShared();
  world.helpdesk.fault('hang', { times: 1 });
  const called = world.helpdesk.nextCall('api_openTicket');
  const message = asMessage(await (await ticketForm(ada)).submit(FIELDS, { untilAcknowledged: true }));
  await called;
  sleep();
  await startNext();
  const doubt = message.nextEdit();
  await talk.clock.passSlowly(LEASE_MS, 1000);
  expect((await doubt).text).toContain('Not sure it went through');
  const certain = message.nextEdit();
  wake();
  world.helpdesk.release();
  expect((await certain).text).toContain(`Ticket ${world.helpdesk.tickets[0]?.reference} is open`);
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('what waited in the line of a process that hangs is told as not sent by another one, which can send it', async () => {
  const { talk, ada, world, startNext, sleep, wake } = await startShared({ HELPDESK_CONCURRENCY: '1' });
  world.helpdesk.fault('hang', { times: 1 });
  const called = world.helpdesk.nextCall('api_openTicket');
  await (await ticketForm(ada)).submit(FIELDS, { untilAcknowledged: true });
  await called;
  const waiting = asMessage(
    await (await ticketForm(ada)).submit({ ...FIELDS, subject: 'Another one' }, { untilAcknowledged: true }),
  );
  await talk.untilInLine(waiting, 1);
  sleep();
  await startNext();
  await talk.clock.passSlowly(LEASE_MS, 1000);
  await waiting.until(({ text }) => text.includes('Not sent yet'));
  expect(asMessage(await waiting.click('Try again')).text).toContain('is open');
  // The sleeper comes to the turn of what was sent meanwhile, and leaves it.
  wake();
  world.helpdesk.release();
  await talk.clock.passSlowly(100);
  expect(world.helpdesk.tickets.map(({ subject }) => subject)).toEqual(['Another one', FIELDS.subject]);
});

test('the same words, one form and Try again on two processes at once open one ticket', async () => {
  const { talk, ada, world, startNext } = await startShared();
  await startNext();
  const forms = [await ticketForm(ada), await ticketForm(ada)];
  world.helpdesk.fault('hang', { times: 1 });
  const called = world.helpdesk.nextCall('api_openTicket');
  const sent = await Promise.all(forms.map((form) => form.submit(FIELDS, { untilAcknowledged: true })));
  await called;
  world.helpdesk.release();
  const messages = sent.map(asMessage);
  await Promise.all(messages.map((message) => message.until(({ text }) => /is open|Already being sent/.test(text))));
  expect(messages.filter(({ text }) => text.includes('is open'))).toHaveLength(1);
  expect(world.helpdesk.tickets).toHaveLength(1);

  world.helpdesk.fault('refused', { times: 1 });
  const refused = asMessage(await (await ticketForm(ada)).submit({ ...FIELDS, subject: 'Something else' }));
  await Promise.all([refused.click('Try again'), refused.click('Try again')]);
  await talk.clock.passSlowly(100);
  expect(world.helpdesk.tickets).toHaveLength(2);
});

test('a text that waits for the helpdesk is sent once, by whichever process is left, also when both look', async () => {
  const { talk, ada, world, startNext } = await startShared();
  await world.helpdesk.down();
  const texts = [FIELDS, { ...FIELDS, subject: 'Another one' }];
  for (const fields of texts) {
    const told = asMessage(await (await ticketForm(ada)).submit(fields));
    await told.click("Send when it's back");
  }
  await startNext();
  await world.helpdesk.up();
  const both = world.activity.until({
    look: () => world.helpdesk.tickets.length === 2 || undefined,
    describe: () => 'the two tickets that waited for the helpdesk',
  });
  await talk.clock.passUntil(both);
  await talk.clock.passSlowly(120_000, 10_000);
  expect(world.helpdesk.tickets.map(({ subject }) => subject).sort()).toEqual(['Another one', FIELDS.subject]);

  await world.helpdesk.down();
  const told = asMessage(await (await ticketForm(ada)).submit({ ...FIELDS, subject: 'A third one' }));
  await told.click("Send when it's back");
  await talk.stop();
  await world.helpdesk.up();
  const opened = world.activity.until({
    look: () => world.helpdesk.tickets.length === 3 || undefined,
    describe: () => 'the ticket of the process that has stopped',
  });
  await talk.clock.passUntil(opened);
});

test('what a process took over before it was connected to Discord is told once it is', async () => {
  const { talk, ada, world, startNext, sleep } = await startShared({ HELPDESK_CONCURRENCY: '1' });
  world.helpdesk.fault('hang', { times: 1 });
  const called = world.helpdesk.nextCall('api_openTicket');
  await asModal(await ada.slash('ticket')).submit(FIELDS, { untilAcknowledged: true });
  await called;
  const waiting = asMessage(
    await asModal(await ada.slash('ticket')).submit({ ...FIELDS, subject: 'Another one' }, { untilAcknowledged: true }),
  );
  await talk.untilInLine(waiting, 1);
  world.discord.fault('gateway-refused');
  const starting = startNext();
  await world.activity.until({
    look: () => world.discord.requests.filter(({ route }) => route === '/gateway/bot').length === 2 || undefined,
    describe: () => 'the second process asking for the gateway',
  });
  // Nobody else has looked at what the first one had open when it hung.
  sleep();
  await talk.clock.passSlowly(LEASE_MS, 1000);
  world.discord.clearFaults();
  await starting;
  await waiting.until(({ text }) => text.includes('Not sent yet'));
  expect(asMessage(await waiting.click('Try again')).text).toContain('is open');
});

test('what one process is writing into the reply is not told at a command of another one as well', async () => {
  const { ada, world, startNext, around } = await startShared();
  await startNext();
  const form = await ticketForm(ada);
  // Not taken at first, it waits for the next command, and is offered again.
  world.discord.fault('edit-500-before', { times: 2 });
  let message: ShownMessage | undefined;
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    around(async (access, run) => {
      const isDelivery = access.operation === 'change' && access.namespaces.join() === 'people,open-requests';
      if (!isDelivery || !message?.text.includes('is open')) return run();
      resolve();
      await new Promise<void>((go) => (release = go));
      return run();
    });
  });
  message = asMessage(await form.submit(FIELDS, { untilAcknowledged: true }));
  // The person has read it, and the process has not written that down.
  await held;
  const account = asMessage(await ada.slash('account'));
  expect(account.text).toContain('||ada@example.org||');
  expect(account.followUps).toEqual([]);
  release();
  around(undefined);
  await ticketForm(ada);
  expect(ada.user.messages.filter(({ text }) => text.includes('About what you sent'))).toEqual([]);
});
