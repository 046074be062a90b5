import { once } from 'node:events';
import { createServer } from 'node:net';
import { InteractionType } from 'discord-api-types/v10';
import { expect, onTestFinished, test } from 'vitest';
import { FAULTS, type FaultName } from '../../../sandbox/discord/faults.ts';
import type { Place } from '../../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import type { ShownModal } from '../../../sandbox/discord/people/shown-modal.ts';
import { HELPDESK_FAULTS, type HelpdeskFaultName } from '../../../sandbox/helpdesk/faults.ts';
import { codeIn } from '../../../sandbox/mailbox.ts';
import { CANARY } from '../../handlers/act.ts';
import { startForEveryHandler } from '../../handlers/every-handler.ts';
import { startBreakableConversation } from '../../support/breakable-storage.ts';
import { linkAccount } from '../../support/conversation.ts';
import { expectNoLeak, TYPED } from '../../support/leaks.ts';
import { newTicket, ticketForm } from '../../support/ticket-form.ts';

const FIELDS = { subject: TYPED.subject, product: TYPED.product, body: TYPED.body };
/** Limits and a circuit breaker that stay out of the way. */
const ENDLESS = {
  env: { TICKETS_PER_HOUR: '1000', LINK_MAILS_PER_HOUR: '100' },
  tuning: { queue: { retryDelaysMs: [], breakAfterFailures: 1000 } },
};

let count = 0;

/** Submits one more text. */
async function submit(place: Place): Promise<void> {
  const form = await ticketForm(place);
  count += 1;
  await form.submit({ ...FIELDS, body: `${TYPED.body} ${count}` }, { untilAcknowledged: true });
}

test('whatever goes wrong at the helpdesk, the log carries no secret and no text', async () => {
  const { talk } = await startBreakableConversation(ENDLESS);
  const { ada, world } = talk;
  await linkAccount(ada, TYPED.email, world);
  const names = Object.keys(HELPDESK_FAULTS) as HelpdeskFaultName[];
  for (const name of names.filter((fault) => HELPDESK_FAULTS[fault].effect.kind !== 'late')) {
    for (const operation of ['api_openTicket', 'api_login']) {
      world.helpdesk.clearFaults();
      if (operation === 'api_login') world.helpdesk.expireSessions();
      world.helpdesk.fault(name, { operation });
      const answered = new Promise((resolve) => world.discord.events.once('edit', resolve));
      await submit(ada);
      await talk.clock.passUntil(answered);
    }
  }
  await world.helpdesk.down();
  await submit(ada);
  await talk.stop();

  expect(talk.logged.filter((line) => line.includes('helpdesk call failed')).length).toBeGreaterThan(20);
  expectNoLeak(talk.logged, world);
});

test('whatever goes wrong at Discord, the log carries no secret and no text', async () => {
  const { talk } = await startBreakableConversation(ENDLESS);
  const { ada, world } = talk;
  await linkAccount(ada, TYPED.email, world);
  const ofConnection = /^(gateway|token)-/;
  const names = (Object.keys(FAULTS) as FaultName[]).filter((name) => !ofConnection.test(name));
  for (const name of names) {
    const forms = [await nextForm(ada), await nextForm(ada)];
    for (const form of forms) {
      world.discord.fault(name, { times: 2 });
      count += 1;
      const fields = { ...FIELDS, body: `${TYPED.body} ${count}` };
      await talk.clock.passUntil(form.submit(fields, { untilAcknowledged: true }));
    }
    world.discord.fault(name, { times: 2 });
    await talk.clock.passUntil(ada.slash('account', {}, { untilAcknowledged: true }));
    world.discord.clearFaults();
  }
  world.discord.fault('gateway-dropped');
  await talk.stop();

  expect(talk.logged.filter((line) => /"level":"(warn|error)"/.test(line)).length).toBeGreaterThan(5);
  expectNoLeak(talk.logged, world);
});

/** Reads what could not be told in time, until the form comes. */
async function nextForm(place: Place): Promise<ShownModal> {
  let shown = await newTicket(place);
  while (shown.kind !== 'modal') shown = await newTicket(place);
  return shown;
}

test('whatever goes wrong in the store, the log carries no secret and no text', async () => {
  const bots = await startForEveryHandler();
  onTestFinished(async () => {
    await Promise.all(bots.map(({ talk }) => talk.close()));
  });
  for (const { talk, breakage, reachAll } of bots) {
    for (const { invoke } of await reachAll()) {
      breakage.broken = 'all';
      await invoke();
      breakage.broken = undefined;
    }
    await talk.stop();
    expect(talk.logged.filter((line) => line.includes('The disk of')).length).toBeGreaterThan(0);
    expectNoLeak(talk.logged, talk.world, [CANARY, 'example.org', 'example.net']);
  }
});

test('whatever goes wrong in the store around a link and a ticket, the log carries no secret and no text', async () => {
  const { talk, breakage } = await startBreakableConversation({ env: { LINK_VERIFICATION: 'none' } });
  const form = asModal(await talk.ada.slash('link'));
  breakage.broken = 'all';
  asMessage(await form.submit({ email: TYPED.email }));
  breakage.broken = undefined;
  await form.submit({ email: TYPED.email });
  const called = talk.world.helpdesk.nextCall('api_openTicket');
  talk.world.helpdesk.fault('hang', { times: 1 });
  await submit(talk.ada);
  await called;
  breakage.broken = 'all';
  talk.world.helpdesk.release();
  await talk.stop();

  expect(talk.logged.filter((line) => line.includes('The disk of')).length).toBeGreaterThan(1);
  expectNoLeak(talk.logged, talk.world);
});

test('whatever goes wrong with mails, the log carries no address, no code and no credentials', async () => {
  const server = createServer((socket) => {
    socket.write('220 hello\r\n');
    // Says what it was told, as some servers do.
    socket.on('data', (data) =>
      socket.write(
        /^EHLO/.test(String(data)) ? '250-hi\r\n250 AUTH PLAIN\r\n' : `535 ${String(data).trim()} is wrong\r\n`,
      ),
    );
    socket.on('error', () => {});
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const { talk } = await startBreakableConversation({ env: { LINK_MAILS_PER_HOUR: '100' } });
  const { ada, world } = talk;
  for (const fault of ['refuse', 'later', undefined] as const) {
    world.mailbox.fault = fault;
    asMessage(await asModal(await ada.slash('link')).submit({ email: TYPED.email }));
  }
  const code = codeIn(await world.mailbox.next()) ?? '';
  for (const typed of ['000000', code.split('').reverse().join(''), 'canary code', code]) {
    await ada.sendRaw({ customId: 'link-code', type: InteractionType.ModalSubmit, fields: { code: typed } });
  }
  await world.mailbox.down();
  await asModal(await ada.slash('link')).submit({ email: TYPED.email });
  await talk.stop();
  await talk.start({ SMTP_URL: `smtp://mail-user:mail-password@127.0.0.1:${port}` });
  const unsent = asMessage(await asModal(await ada.slash('link')).submit({ email: TYPED.email }));
  expect(unsent.text).toContain("couldn't be sent");
  await talk.stop();

  expect(talk.logged.filter((line) => line.includes('mail not sent'))).toHaveLength(4);
  const plain = Buffer.from('\0mail-user\0mail-password').toString('base64');
  expectNoLeak(talk.logged, world, ['mail-user', 'mail-password', plain]);
});
