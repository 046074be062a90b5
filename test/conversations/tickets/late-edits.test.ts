import { expect, onTestFinished, test } from 'vitest';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../../sandbox/discord/people/shown-message.ts';
import { startBreakableConversation } from '../../support/breakable-storage.ts';
import { type Conversation, linkAccount, startConversation, submitTicket } from '../../support/conversation.ts';
import { ticketForm } from '../../support/ticket-form.ts';

const FIELDS = { subject: 'My server is down', body: 'Since this morning.' };
/** Milliseconds after which Discord makes an edit that nobody waits for any more. */
const LATE_MS = 4000;
/** Milliseconds after which it makes none, and the bot has written its last word again. */
const OVER_MS = 20_000;

async function startLinked(env: Record<string, string> = {}): Promise<Conversation> {
  const talk = await startConversation({ env });
  await linkAccount(talk.ada, 'ada@example.org', talk.world);
  return talk;
}

/** Waits until so many edits of replies were tried. */
function edits({ world }: Conversation, count: number): Promise<true> {
  const tried = () => world.discord.requests.filter(({ method }) => method === 'PATCH').length;
  return world.activity.until({ look: () => tried() >= count || undefined, describe: () => `${count} edits` });
}

const tried = ({ world }: Conversation) => world.discord.requests.filter(({ method }) => method === 'PATCH').length;

/** Lets Discord make what it has put off, and then the bot write its last word. */
async function passLate(talk: Conversation, message: ShownMessage, over: (text: string) => boolean): Promise<void> {
  const late = message.nextEdit();
  talk.passTime(LATE_MS);
  expect(over((await late).text)).toBe(false);
  const last = message.nextEdit();
  talk.passTime(OVER_MS);
  expect(over((await last).text)).toBe(true);
}

test('a place in the line that Discord writes late does not stand over the open ticket', async () => {
  const talk = await startLinked({ HELPDESK_CONCURRENCY: '1' });
  const { ada, world } = talk;
  world.helpdesk.fault('hang', { times: 1 });
  const called = world.helpdesk.nextCall('api_openTicket');
  await (await ticketForm(ada)).submit(FIELDS, { untilAcknowledged: true });
  await called;
  const before = tried(talk);
  world.discord.fault('edit-late', { times: 2, delayMs: LATE_MS });
  const form = await ticketForm(ada);
  const waiting = asMessage(
    await form.submit({ subject: 'Another thing', body: 'It is slow.' }, { untilAcknowledged: true }),
  );
  // The word about the place, and once more as Discord did not answer it.
  await talk.clock.passUntil(edits(talk, before + 1));
  await edits(talk, before + 2);
  world.helpdesk.release();
  await waiting.until(({ text }) => text.includes('is open'));
  await passLate(talk, waiting, (text) => text.includes('is open'));
});

test('"No ticket was opened" that Discord writes late does not stand over the ticket of Try again', async () => {
  const talk = await startLinked();
  const { ada, world } = talk;
  await world.helpdesk.down();
  world.discord.fault('edit-late', { times: 1, delayMs: LATE_MS });
  const told = await submitTicket(ada, FIELDS);
  expect(told.text).toContain('No ticket was opened');
  await world.helpdesk.up();
  await told.click('Try again', { untilAcknowledged: true });
  await told.until(({ text }) => text.includes('is open'));
  await passLate(talk, told, (text) => text.includes('is open'));
});

test('while an older word may still come, the next start writes the last one', async () => {
  const talk = await startLinked();
  const { ada, world } = talk;
  await world.helpdesk.down();
  world.discord.fault('edit-late', { times: 1, delayMs: LATE_MS });
  const told = await submitTicket(ada, FIELDS);
  await world.helpdesk.up();
  await told.click('Try again', { untilAcknowledged: true });
  await told.until(({ text }) => text.includes('is open'));
  await talk.stop();
  const late = told.nextEdit();
  talk.passTime(LATE_MS);
  expect((await late).text).toContain('No ticket was opened');
  await talk.start();
  await told.until(({ text }) => /icket \S+ is open|is ticket \S+ already/.test(text));
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('a late edit of any other reply is written over, too', async () => {
  const talk = await startLinked();
  const { ada, world } = talk;
  const account = asMessage(await ada.slash('account'));
  world.discord.fault('edit-late', { times: 1, delayMs: LATE_MS });
  await account.click("Don't allow", { untilAcknowledged: true });
  await account.until(({ buttons }) => buttons.some(({ label }) => label === 'Allow'));
  await account.click('Unlink', { untilAcknowledged: true });
  await account.until(({ text }) => !text.includes('ada@example.org'));
  await passLate(talk, account, (text) => !text.includes('ada@example.org'));
});

test('an edit that only said the same is not written again', async () => {
  const talk = await startLinked();
  const { ada, world } = talk;
  world.discord.fault('edit-late', { times: 1, delayMs: LATE_MS });
  const opened = await submitTicket(ada, FIELDS);
  expect(opened.text).toContain('is open');
  const late = opened.nextEdit();
  talk.passTime(LATE_MS);
  await late;
  const before = tried(talk);
  talk.passTime(OVER_MS);
  asMessage(await ada.slash('account'));
  // The one of /account.
  expect(tried(talk)).toBe(before + 1);
});

test('an acknowledgement that Discord takes late is followed by the outcome', async () => {
  const talk = await startLinked();
  const { ada, world } = talk;
  const form = await ticketForm(ada);
  world.discord.fault('callback-late', { times: 2, delayMs: 2000 });
  const refused = world.activity.until({
    look: () => world.discord.requests.find(({ code }) => code === 10015),
    describe: () => 'an edit before there is a reply',
  });
  const submitting = form.submit(FIELDS, { untilAcknowledged: true });
  await refused;
  await world.activity.until({
    look: () => talk.logged.find((line) => line.includes('could not be delivered yet')),
    describe: () => 'a delivery that is put off',
  });
  talk.passTime(2000);
  const message = asMessage(await submitting);
  talk.passTime(20_000);
  await message.until(({ text }) => text.includes('is open'));
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('an entry of the audit channel whose answer is lost stands there once', async () => {
  const talk = await startConversation({ env: { LINK_VERIFICATION: 'none' } });
  await talk.stop();
  await talk.start({ AUDIT_CHANNEL_ID: talk.channel.id });
  talk.world.discord.fault('message-reset-after', { times: 1 });
  asMessage(await asModal(await talk.ada.slash('link')).submit({ email: 'ada@example.org' }));
  await talk.stop();
  expect(talk.ada.messages.filter(({ text }) => text.includes('Linked without proof'))).toHaveLength(1);
});

test('a text that becomes a ticket while an older word about it is looked up is not told to be gone', async () => {
  const { talk, breakage } = await startBreakableConversation();
  const { ada, world } = talk;
  await linkAccount(ada, 'ada@example.org', world);
  const form = asModal(await ada.slash('ticket'));
  await world.helpdesk.down();
  let goOn = () => {};
  const isHeld = new Promise<void>((held) => {
    // The record of the person was read; the look at the text comes late.
    breakage.around = async ({ namespace, operation }, run) => {
      if (namespace === 'drafts' && operation === 'find') {
        breakage.around = undefined;
        held();
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
      }
      return run();
    };
  });
  const message = asMessage(await form.submit(FIELDS));
  await isHeld;
  onTestFinished(() => goOn());
  await world.helpdesk.up();
  await message.click('Try again', { untilAcknowledged: true });
  await message.until(({ text }) => text.includes('is open'));
  const last = message.nextEdit();
  goOn();
  expect((await last).text).toContain(`Ticket ${world.helpdesk.tickets[0]?.reference} is open`);
  expect(world.helpdesk.tickets).toHaveLength(1);
});
