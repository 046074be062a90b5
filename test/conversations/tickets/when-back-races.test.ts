import { expect, test } from 'vitest';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../../sandbox/discord/people/shown-message.ts';
import { StorageError } from '../../../src/storage/record-store.ts';
import { startBreakableConversation } from '../../support/breakable-storage.ts';
import { linkAccount, submitTicket } from '../../support/conversation.ts';

const FIELDS = { subject: 'My server is down', body: 'Since this morning.' };
const MINUTE = 60_000;

/** Ada has a text that waits for the helpdesk, which is down. */
async function startWaiting() {
  const { talk, breakage } = await startBreakableConversation();
  const { ada, world } = talk;
  await linkAccount(ada, 'ada@example.org', world);
  await world.helpdesk.down();
  const told = await submitTicket(ada, FIELDS);
  const sent = (count: number) =>
    talk.clock.passUntil(
      world.activity.until({
        look: () => world.helpdesk.tickets.length === count || undefined,
        describe: () => `${count} tickets`,
      }),
    );
  /** Lets the bot look again and again, and do what it then does. */
  const lookOften = () => talk.clock.passSlowly(5 * MINUTE, 10_000);
  return { talk, ada, world, told, breakage, sent, lookOften };
}

/** The helpdesk is back, and the try has come to its call, which hangs. */
async function startTry(scene: Awaited<ReturnType<typeof startWaiting>>): Promise<{ listed: ShownMessage }> {
  const { talk, ada, world, told } = scene;
  await told.click("Send when it's back");
  const listed = asMessage(await ada.slash('ticket'));
  world.helpdesk.fault('hang', { operation: 'api_openTicket', times: 1 });
  const called = world.helpdesk.nextCall('api_openTicket');
  await world.helpdesk.up();
  await talk.clock.passUntil(called);
  return { listed };
}

test('Cancel while it is being sent says so, and makes that try the last one', async () => {
  const { talk, ada, world, told, lookOften } = await startWaiting();
  await told.click("Send when it's back");
  // The session ends as the try uses it, and the login after that hangs.
  const hung = new Promise<void>((resolve) => {
    let isUsed = false;
    world.helpdesk.on('arrived', ({ operation }) => {
      if (operation === 'api_login' && isUsed) resolve();
      if (operation !== 'api_openTicket' || isUsed) return;
      isUsed = true;
      world.helpdesk.expireSessions();
      world.helpdesk.fault('hang', { operation: 'api_login', times: 1 });
    });
  });
  await world.helpdesk.up();
  await talk.clock.passUntil(hung);
  expect(asMessage(await told.click('Cancel')).text).toContain('Already being sent');
  await world.helpdesk.down();
  const ended = told.until(({ text }) => text.includes("Can't reach the helpdesk"));
  await talk.clock.passUntil(ended);
  await world.helpdesk.up();
  await lookOften();
  expect(world.helpdesk.tickets).toEqual([]);
  expect(asMessage(await ada.slash('ticket')).text).not.toContain('Sent as soon as');
});

test('a text is not deleted while it is being sent: its writer reads that, and gets the ticket', async () => {
  const scene = await startWaiting();
  const { world, told } = scene;
  const { listed } = await startTry(scene);
  expect(asMessage(await listed.click('Delete')).text).toContain('Already being sent');
  world.helpdesk.release();
  await told.until(({ text }) => text.includes('is open'));
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('deleting a text takes the word with it', async () => {
  const { ada, world, told, lookOften } = await startWaiting();
  await told.click("Send when it's back");
  const listed = asMessage(await ada.slash('ticket'));
  expect(asMessage(await listed.click('Delete')).text).toContain('No unsent tickets');
  await world.helpdesk.up();
  await lookOften();
  expect(world.helpdesk.tickets).toEqual([]);
  asModal(await ada.slash('ticket'));
});

test('a word that is given while another text is being sent holds, too', async () => {
  const scene = await startWaiting();
  const { ada, world, sent } = scene;
  const form = asModal(await asMessage(await ada.slash('ticket')).click('New ticket'));
  const other = asMessage(await form.submit({ subject: 'Another one', body: 'Please.' }));
  await startTry(scene);
  expect(asMessage(await other.click("Send when it's back")).text).toContain('Sent as soon as');
  world.helpdesk.release();
  await sent(2);
  expect(world.helpdesk.tickets.map(({ subject }) => subject)).toEqual([FIELDS.subject, 'Another one']);
});

test('when the store fails as the ticket is opened, the next command tells it', async () => {
  const { talk, ada, world, told, breakage } = await startWaiting();
  await told.click("Send when it's back");
  const opened = new Promise<void>((resolve) => {
    world.helpdesk.on('ticket', () => {
      breakage.broken = 'all';
      resolve();
    });
  });
  await world.helpdesk.up();
  await talk.clock.passUntil(opened);
  const logged = world.activity.until({
    look: () => talk.logged.find((line) => line.includes('could not be told yet')),
    describe: () => 'the store failing after the call',
  });
  await talk.clock.passUntil(logged);
  breakage.broken = undefined;
  expect(asMessage(await ada.slash('ticket')).text).toContain('is open');
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('a store that fails at the look-up of a start is asked again', async () => {
  const { talk, world, told, breakage, sent } = await startWaiting();
  await told.click("Send when it's back");
  await talk.stop();
  let looks = 0;
  breakage.around = async ({ namespace, operation }, run) => {
    if (namespace === 'open-requests' && operation === 'entries') looks += 1;
    // The first look is that of the recovery.
    if (namespace === 'open-requests' && operation === 'entries' && looks === 2) throw new StorageError('A hiccup.');
    return run();
  };
  await talk.start();
  await world.helpdesk.up();
  await sent(1);
  expect(looks).toBeGreaterThan(2);
});

test('a word whose write landed without an answer is fulfilled', async () => {
  const { world, told, breakage, sent } = await startWaiting();
  breakage.around = async ({ operation, namespaces }, run) => {
    const result = await run();
    if (operation === 'change' && namespaces.includes('people') && namespaces.includes('drafts')) {
      breakage.around = undefined;
      throw new StorageError('The answer was lost.');
    }
    return result;
  };
  expect(asMessage(await told.click("Send when it's back")).text).toContain("can't use its storage");
  await world.helpdesk.up();
  await sent(1);
});
