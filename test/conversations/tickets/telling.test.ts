import { expect, test } from 'vitest';
import type { Place } from '../../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../../sandbox/discord/people/shown-message.ts';
import type { Tuning } from '../../../src/create-services.ts';
import { StorageError } from '../../../src/storage/record-store.ts';
import { type StorageAccess, startBreakableConversation } from '../../support/breakable-storage.ts';
import { linkAccount, startConversation, submitTicket } from '../../support/conversation.ts';
import { noticeOf, ticketForm } from '../../support/ticket-form.ts';

const HOUR_MS = 3_600_000;
const FIELDS = { subject: 'My server is down', body: 'Since this morning.' };

async function startLinked(tuning: Tuning = {}) {
  const { talk, breakage } = await startBreakableConversation({ tuning });
  await linkAccount(talk.ada, 'ada@example.org', talk.world);
  return { talk, breakage, ada: talk.ada, world: talk.world };
}

/** Writes down that the person has an outcome, or that it waits: nothing but the person's record changes. */
const isDelivery = ({ operation, namespaces }: StorageAccess) =>
  operation === 'change' && namespaces.join() === 'people,open-requests';

/** What is told before the form opens. It is written down a moment after Discord's refusal; until then the form comes. */
async function notice(ada: Place): Promise<ShownMessage> {
  const shown = await noticeOf(ada);
  return asMessage(shown);
}

test('an outcome that neither Discord nor the store takes is told at the next command all the same', async () => {
  const { breakage, ada, world } = await startLinked();
  const form = await ticketForm(ada);
  world.discord.fault('edit-invalid-token', { times: 1 });
  const failed = new Promise<void>((resolve) => {
    breakage.around = async (access, run) => {
      if (!isDelivery(access)) return run();
      resolve();
      throw new StorageError('The disk is full.');
    };
  });
  await form.submit(FIELDS, { untilAcknowledged: true });
  await failed;
  const noted = new Promise<void>((resolve) => {
    breakage.around = async ({ namespace, operation }, run) => {
      const result = await run();
      if (namespace === 'people' && operation === 'change') resolve();
      return result;
    };
  });
  const told = await notice(ada);
  expect(told.text).toContain(`Ticket ${world.helpdesk.tickets[0]?.reference} is open`);
  await noted;
  asModal(await told.click('Open a ticket'));
  await ticketForm(ada);
});

test('an outcome that Discord did not show at one command is told at the next one', async () => {
  const { breakage, ada, world } = await startLinked();
  const form = await ticketForm(ada);
  world.discord.fault('edit-invalid-token', { times: 1 });
  const noted = new Promise<void>((resolve) => {
    breakage.around = async (access, run) => {
      const result = await run();
      if (isDelivery(access)) resolve();
      return result;
    };
  });
  await form.submit(FIELDS, { untilAcknowledged: true });
  await noted;
  // The request, and its repetition by discord.js.
  world.discord.fault('follow-up-500', { times: 2 });
  const account = asMessage(await ada.slash('account'));
  await world.activity.until({
    look: () => world.discord.requests.filter(({ status }) => status === 500).length === 2 || undefined,
    describe: () => 'the outcome that Discord did not show',
  });
  expect(account.followUps.filter(({ text }) => text.includes('About what you sent'))).toEqual([]);
  expect((await notice(ada)).text).toContain(`Ticket ${world.helpdesk.tickets[0]?.reference} is open`);
  await ticketForm(ada);
});

/** Lets the bot stop over a ticket of which it could tell nobody and note nothing. */
async function leaveUndelivered({ talk, breakage, ada, world }: Awaited<ReturnType<typeof startLinked>>) {
  const form = await ticketForm(ada);
  world.discord.fault('edit-invalid-token', { times: 1 });
  breakage.around = async (access, run) => {
    if (isDelivery(access)) throw new StorageError('The disk is full.');
    return run();
  };
  const opened = world.helpdesk.nextCall('api_openTicket');
  const message = asMessage(await form.submit(FIELDS, { untilAcknowledged: true }));
  await opened;
  await talk.stop();
  breakage.around = undefined;
  return message;
}

test('an outcome that cannot be looked up after a start is told at the next command, not at the start after that', async () => {
  const setting = await startLinked();
  await leaveUndelivered(setting);
  const { talk, breakage, ada, world } = setting;
  let finds = 0;
  const failed = new Promise<void>((resolve) => {
    breakage.around = async ({ namespace, operation }, run) => {
      // The start reads what is open; to tell it, it is read once more.
      if (namespace !== 'people' || operation !== 'find' || finds++ === 0) return run();
      breakage.around = undefined;
      resolve();
      throw new StorageError('The connection was lost.');
    };
  });
  await talk.start();
  await failed;
  expect((await notice(ada)).text).toContain(`Ticket ${world.helpdesk.tickets[0]?.reference} is open`);
});

test('an outcome that nothing was written down about when the bot ended is told once after its start', async () => {
  const setting = await startLinked();
  const message = await leaveUndelivered(setting);
  const { talk, ada } = setting;
  const told = message.nextEdit();
  await talk.start();
  expect((await told).text).toContain('is open');
  await talk.stop();
  await talk.start();
  await ticketForm(ada);
});

test('something that the bot did not expect leaves the way to the text, and says whom to ask', async () => {
  const { breakage, ada, world } = await startLinked();
  const form = await ticketForm(ada);
  breakage.around = async ({ namespace, operation }, run) => {
    if (namespace === 'links' && operation === 'read') throw new TypeError('a bug');
    return run();
  };
  const told = asMessage(await form.submit(FIELDS));
  breakage.around = undefined;
  expect(told.text).toContain('Not sent yet');
  expect(asMessage(await told.click('Show my text')).text).toContain(FIELDS.body);
  expect((await told.followUp()).text).toContain('Something went wrong in the bot');
  expect(told.followUps).toHaveLength(1);
  expect(asMessage(await told.click('Try again')).text).toContain('is open');
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('a text that cannot be saved is given back also when Discord stumbles over it', async () => {
  const { breakage, ada, world } = await startLinked();
  const form = await ticketForm(ada);
  breakage.broken = 'all';
  // The request, and its repetition by discord.js.
  world.discord.fault('edit-500-before', { times: 2 });
  const given = asMessage(await form.submit(FIELDS));
  expect(given.text).toContain("Your text couldn't be saved");
  expect(given.text).toContain(FIELDS.body);
});

test('while the store is too slow to save a text, it stands in the first answer, which changes when it is a ticket', async () => {
  const { talk, breakage, ada, world } = await startLinked();
  const form = await ticketForm(ada);
  const late: (() => void)[] = [];
  breakage.around = async (_, run) => {
    await new Promise<void>((resolve) => late.push(resolve));
    return run();
  };
  const submitted = form.submit(FIELDS, { untilAcknowledged: true });
  const message = asMessage(await talk.clock.passUntil(submitted));
  // A bot that dies now has saved nothing.
  expect(message.text).toContain('Still saving your text');
  expect(message.text).toContain(FIELDS.body);
  breakage.around = undefined;
  for (const resolve of late) resolve();
  await message.until(({ text }) => text.includes('is open'));
  expect(world.helpdesk.tickets).toHaveLength(1);
});

test('"no ticket was opened" is not the last word when Try again has opened one while Discord stumbled', async () => {
  const { talk, ada, world } = await startLinked({ deliveryRetryMs: 1_500 });
  await world.helpdesk.down();
  const told = await submitTicket(ada, FIELDS);
  const lost = new Promise<void>((resolve) => {
    let failures = 0;
    world.discord.events.on('request', ({ status }) => {
      if (status === 500) failures += 1;
      if (failures === 2) resolve();
    });
  });
  world.discord.fault('edit-500-before', { times: 2 });
  await told.click('Try again', { untilAcknowledged: true });
  await lost;
  await world.helpdesk.up();
  const opened = told.until(({ text }) => text.includes('is open'));
  await told.click('Try again', { untilAcknowledged: true });
  await opened;
  // The outcome of the first click comes only now.
  const last = told.nextEdit();
  talk.passTime(1_500);
  await last;
  expect(told.text).toContain(`icket ${world.helpdesk.tickets[0]?.reference}`);
  expect(told.text).not.toContain('No ticket was opened');
});

test('the form of an escalation that has expired keeps what was written, and sends nothing', async () => {
  const { talk, ada, world } = await startLinked();
  const role = talk.guild.createRole({ name: 'Moderators', permissions: ['ModerateMembers'] });
  const mia = talk.join('mia', { roles: [role] });
  const form = asModal(await mia.messageCommand('Escalate to ticket', await ada.say('My VPS does not boot')));
  talk.passTime(25 * 3_600_000);
  const kept = asMessage(await form.submit({ body: 'What a moderator added.' }));
  expect(kept.text).toContain('Nothing was sent');
  expect(asMessage(await kept.click('Show my text')).text).toContain('What a moderator added.');
  // Also when the form is submitted once more.
  expect(asMessage(await form.submit({ body: 'What a moderator added.' })).text).toContain('Nothing was sent');
  expect(world.helpdesk.tickets).toEqual([]);
});

test('a notice about a ticket without a number says when it was sent, for its text is stored no more', async () => {
  const { talk, ada, world } = await startLinked();
  const form = await ticketForm(ada);
  world.helpdesk.fault('reference-empty', { times: 1 });
  world.discord.fault('edit-invalid-token', { times: 1 });
  await form.submit(FIELDS, { untilAcknowledged: true });
  const sentAt = talk.now();
  const told = await notice(ada);
  expect(told.text).toContain("The helpdesk didn't give its number");
  const time = Number(/About what you sent <t:(\d+):R>/.exec(told.text)?.[1]) * 1000;
  expect(Math.abs(time - sentAt)).toBeLessThan(10_000);
});

test('Show my text under a changed text that was never sent and has expired does not say that it is open', async () => {
  const talk = await startConversation();
  const { ada, world } = talk;
  await linkAccount(ada, 'ada@example.org', world);
  await submitTicket(ada, FIELDS);
  const known = await submitTicket(ada, FIELDS);
  const form = asModal(await known.click('Edit'));
  const changed = asMessage(await form.submit({ ...FIELDS, body: 'Another problem: the mail does not work' }));
  expect(changed.text).toContain('Already opened as');
  talk.passTime(25 * HOUR_MS);
  const shown = asMessage(await changed.click('Show my text'));
  expect(shown.text).toContain('This text is gone');
  expect(shown.text).toContain(`What was sent before it is ticket ${world.helpdesk.tickets[0]?.reference}`);
  expect(shown.text).not.toContain('is open');
});

test('a text that neither the store nor Discord takes is saved as soon as the store is back', async () => {
  const { breakage, talk, ada, world } = await startLinked();
  const form = await ticketForm(ada);
  // As when the person dismisses the message that the bot is still writing.
  world.discord.fault('edit-unknown-message', { times: 1 });
  let tries = 0;
  const saved = new Promise<void>((resolve) => {
    breakage.around = async ({ namespace, operation }, run) => {
      const isBack = namespace === 'drafts' && operation === 'save' && ++tries === 3;
      if (!isBack) throw new StorageError('The connection was lost.');
      breakage.around = undefined;
      await run();
      resolve();
      return undefined as never;
    };
  });
  await form.submit(FIELDS, { untilAcknowledged: true });
  await talk.clock.passUntil(saved);
  expect(asMessage(await ada.slash('account')).text).toContain('1 unsent ticket');
  expect(world.helpdesk.tickets).toEqual([]);
});
