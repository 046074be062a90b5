import { expect, test } from 'vitest';
import type { Place } from '../../../sandbox/discord/people/place.ts';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../../sandbox/discord/people/shown-message.ts';
import type { World } from '../../../sandbox/world.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import { EMPTY_RECORD, personRecord } from '../../../src/tickets/lifecycle/person-record.ts';
import { startBotInWorld } from '../../support/bot-in-world.ts';
import { linkAccount } from '../../support/conversation.ts';
import { choices, escalate, type Moderated, startModerated } from '../../support/moderated.ts';
import { noticeOf, ticketForm } from '../../support/ticket-form.ts';

/** ada is linked, so tickets can be opened in her name. */
async function startLinked(env: Record<string, string> = {}): Promise<Moderated> {
  const scene = await startModerated({ env });
  await linkAccount(scene.ada, 'ada@example.org', scene.talk.world);
  return scene;
}

/** A moderator of the server in which somebody is. */
function moderatorBeside({ channel }: Place, { discord }: World): Place {
  if (!channel.guild) throw new Error('this place is in no server');
  const mia = discord.createUser({ name: 'mia' });
  const role = channel.guild.createRole({ name: 'Moderators', permissions: ['ModerateMembers'] });
  channel.guild.addMember(mia, { roles: [role] });
  return mia.in(channel);
}

/** What the bot has said to a person about a ticket in their name, wherever. */
const told = ({ user }: Place) =>
  user.messages.filter(({ text }) => /a moderator, (opened|sent) .* in your name/.test(text));

/** Uses /ticket until something is told instead of the form: a notice is written down a moment after the ticket. */
async function toldAtNextCommand(place: Place): Promise<ShownMessage> {
  const shown = await noticeOf(place);
  return asMessage(shown);
}

test('an author is told by direct message who opened which ticket in their name, from where, and how to refuse', async () => {
  const { talk, ada, mia } = await startLinked();
  const message = await ada.say('Help');
  const form = await escalate(mia, message);
  asMessage(await form.submit({ behalf: ['author'] }));
  const direct = await ada.user.waitFor(({ text }) => text.includes('in your name'));
  expect(direct.channelId).toBe(ada.user.inDirectMessage().channel.id);
  expect(direct.text).toContain(
    `<@${mia.user.id}>, a moderator, opened ticket ${talk.world.helpdesk.tickets[0]?.reference} in your name`,
  );
  expect(direct.buttons.map(({ label, url }) => [label, url])).toEqual([
    ['Message', `https://discord.com/channels/${talk.guild.id}/${talk.channel.id}/${message.id}`],
    ["Don't do this again", undefined],
  ]);
  // And once only, after a restart too.
  await talk.stop();
  await talk.start();
  await ticketForm(ada);
  expect(told(ada)).toHaveLength(1);
});

test('with HELPDESK_TICKET_URL the direct message leads to the ticket, when it has a number', async () => {
  const { talk, ada, mia } = await startLinked({ HELPDESK_TICKET_URL: 'https://my.example.com/view?id={reference}' });
  asMessage(await (await escalate(mia, await ada.say('Help'))).submit({ behalf: ['author'] }));
  const opened = await ada.user.waitFor(({ text }) => text.includes('opened ticket'));
  const { reference } = talk.world.helpdesk.tickets[0] ?? {};
  expect(opened.buttons[1]).toMatchObject({
    label: 'View ticket',
    url: `https://my.example.com/view?id=${reference}`,
  });
  talk.world.helpdesk.fault('open-then-reset', { times: 1 });
  asMessage(await (await escalate(mia, await ada.say('Help again'))).submit({ behalf: ['author'] }));
  const maybe = await ada.user.waitFor(({ text }) => text.includes("we don't know"));
  expect(maybe.buttons.map(({ label }) => label)).toEqual(['Message', "Don't do this again"]);
});

test('an author ends it from the direct message, and what was said there stays', async () => {
  const { talk, ada, mia } = await startLinked();
  asMessage(await (await escalate(mia, await ada.say('Help'))).submit({ behalf: ['author'] }));
  const direct = await ada.user.waitFor(({ text }) => text.includes('in your name'));
  const before = direct.text;
  asMessage(await direct.click("Don't do this again"));
  expect(direct.text.startsWith(before)).toBe(true);
  expect(direct.text).toContain('Moderators can no longer open tickets in your name');
  expect(direct.buttons.map(({ label }) => label)).toEqual(['Message']);
  expect(choices(await escalate(mia, await ada.say('Help again')))).toEqual(['community']);
  // The same choice as in /account.
  const account = asMessage(await ada.slash('account'));
  asMessage(await account.click('Allow'));
  expect(choices(await escalate(mia, await ada.say('And again')))).toEqual(['author', 'community']);
  expect(talk.world.helpdesk.tickets).toHaveLength(1);
});

test('an author who has unlinked meanwhile hears that nobody can open tickets in their name', async () => {
  const { ada, mia } = await startLinked();
  asMessage(await (await escalate(mia, await ada.say('Help'))).submit({ behalf: ['author'] }));
  const direct = await ada.user.waitFor(({ text }) => text.includes('in your name'));
  asMessage(await asMessage(await ada.slash('account')).click('Unlink'));
  asMessage(await direct.click("Don't do this again"));
  expect(direct.text).toContain("You haven't linked an account");
});

test('somebody who presses it changes only what is allowed in their own name', async () => {
  const { ada, mia, max, talk } = await startLinked();
  await linkAccount(max, 'max@example.org', talk.world);
  asMessage(await (await escalate(mia, await ada.say('Help'))).submit({ behalf: ['author'] }));
  const direct = await ada.user.waitFor(({ text }) => text.includes('in your name'));
  const customId = direct.buttons.at(-1)?.customId ?? '';
  await max.sendRaw({ customId, message: direct });
  expect(choices(await escalate(mia, await ada.say('Help again')))).toContain('author');
  expect(choices(await escalate(mia, await max.say('Help me')))).not.toContain('author');
});

test('an author who takes no direct messages is told at their next command, once', async () => {
  const { talk, ada, mia } = await startLinked();
  ada.user.closeDirectMessages();
  const form = await escalate(mia, await ada.say('Help'));
  asMessage(await form.submit({ behalf: ['author'] }));
  const { undelivered } = talk.app.metrics;
  await talk.stop();
  expect((await undelivered.get()).values).toContainEqual({ labels: { what: 'direct-message' }, value: 1 });
  await talk.start();

  const notice = asMessage(await ada.slash('ticket'));
  expect(notice.ephemeral).toBe(true);
  expect(notice.text).toContain(`ticket ${talk.world.helpdesk.tickets[0]?.reference} in your name`);
  const declined = asMessage(await notice.click("Don't do this again", { untilAcknowledged: true }));
  expect((await declined.followUp()).text).toContain('Moderators can no longer open tickets in your name');
  expect(notice.text).toContain('in your name');
  expect(asModal(await notice.click('Open a ticket')).field('subject').value ?? '').toBe('');
  ada.user.openDirectMessages();
  await talk.stop();
  await talk.start();
  await ticketForm(ada);
  expect(told(ada)).toHaveLength(1);
});

test('the number of a ticket in one’s name is shown as text, whatever is in it', async () => {
  const { talk, ada, mia } = await startLinked();
  await talk.stop();
  const storage = await openStorage({ url: `sqlite:${talk.storeFile}`, keys: [], now: talk.now });
  const about = {
    kind: 'opened-in-your-name',
    reference: '**KVO** [1](https://example.net) @everyone',
    moderatorId: mia.user.id,
    messageUrl: 'https://discord.com/channels/1/2/3',
  } as const;
  await storage.records('people', personRecord).update(ada.user.id, (record = EMPTY_RECORD) => ({
    ...record,
    notifications: [{ id: 'one', at: talk.now(), about }],
  }));
  await storage.close();
  await talk.start();
  const told = asMessage(await ada.slash('ticket'));
  expect(told.text).toContain(
    'opened ticket \\*\\*KVO\\*\\* \\[1\\](https://example.net) @\u200beveryone in your name',
  );
});

test('an author who reads it at a command before the direct message is sent gets no direct message', async () => {
  const { talk, ada, mia } = await startLinked();
  const form = await escalate(mia, await ada.say('Help'));
  // The moderator's receipt comes first, and Discord does not take it at once.
  talk.world.discord.fault('edit-reset-before', { times: 2 });
  const receipt = form.submit({ behalf: ['author'] });
  const notice = await toldAtNextCommand(ada);
  expect(notice.text).toContain('in your name');
  expect(asMessage(await receipt).text).toContain('is open');
  await talk.stop();
  expect(told(ada)).toHaveLength(1);
});

test('a ticket in nobody else’s name is told to nobody else', async () => {
  const { talk, ada, mia } = await startLinked();
  await linkAccount(mia, 'mia@example.org', talk.world);
  for (const behalf of ['community', 'self']) {
    asMessage(await (await escalate(mia, await ada.say(behalf))).submit({ behalf: [behalf] }));
  }
  await talk.stop();
  await talk.start();
  await ticketForm(ada);
  expect(told(ada)).toEqual([]);
});

/** What the bot has written to people other than whoever acted, and not into the audit channel. */
function writtenToOthers({ talk, log }: Moderated) {
  const { bot } = talk.world.discord.world;
  return [...talk.world.discord.world.messages.values()].filter(
    ({ author, visibleTo, channel }) => author === bot && visibleTo === undefined && channel !== log,
  );
}

test('when nothing was opened, nobody is told anything', async () => {
  const scene = await startLinked({ ESCALATION_NOTICE: 'reply' });
  const { talk, ada, mia } = scene;
  const form = await escalate(mia, await ada.say('Help'));
  talk.world.helpdesk.fault('refused', { times: 1 });
  asMessage(await form.submit({ behalf: ['author'] }));
  await talk.stop();
  expect(writtenToOthers(scene)).toEqual([]);
  await talk.start();
  await ticketForm(ada);
});

test('an author in whose name a ticket may have been opened is told that it is not known, and nobody is told in public', async () => {
  const scene = await startLinked({ ESCALATION_NOTICE: 'reply' });
  const { talk, ada, mia } = scene;
  const message = await ada.say('Help');
  talk.world.helpdesk.fault('open-then-reset', { times: 1 });
  asMessage(await (await escalate(mia, message)).submit({ behalf: ['author'] }));
  const direct = await ada.user.waitFor(({ text }) => text.includes('in your name'));
  expect(direct.text).toContain(`<@${mia.user.id}>, a moderator, sent a ticket in your name`);
  expect(direct.text).toContain("we don't know whether it was opened");
  expect(direct.text).toContain('Check your email: a confirmation');
  expect(direct.buttons[0]?.url).toContain(`/${talk.channel.id}/${message.id}`);
  await talk.stop();
  expect(writtenToOthers(scene)).toHaveLength(1);
  await talk.start();
  await ticketForm(ada);
  expect(told(ada)).toHaveLength(1);
});

test('an author in whose name a ticket was being opened when the bot died is told that it is not known, once', async () => {
  const { world, bot, ada, restart } = await startBotInWorld();
  const mia = moderatorBeside(ada, world);
  world.helpdesk.fault('open-then-hang', { times: 1 });
  const sent = world.helpdesk.nextCall('api_openTicket');
  await (await escalate(mia, await ada.say('Help'))).submit({ behalf: ['author'] }, { untilAcknowledged: true });
  await sent;
  await bot.kill();
  await restart();
  expect((await toldAtNextCommand(ada)).text).toContain("we don't know whether it was opened");
  expect(told(ada)).toHaveLength(1);
});

test('an author whose ticket was opened by a bot that died then is told at their next command, once', async () => {
  const { world, bot, ada, restart } = await startBotInWorld();
  const form = await escalate(moderatorBeside(ada, world), await ada.say('Help'));
  const opened = new Promise((resolve) =>
    world.discord.events.on('request', ({ status }) => status === 0 && resolve(0)),
  );
  world.discord.fault('edit-reset-before');
  await form.submit({ behalf: ['author'] }, { untilAcknowledged: true });
  // The ticket is open, its record is written, and the receipt is on its way in vain.
  await opened;
  await bot.kill();
  world.discord.clearFaults();
  expect(world.helpdesk.tickets).toHaveLength(1);
  await restart();
  expect((await toldAtNextCommand(ada)).text).toContain('in your name');
  expect(told(ada)).toHaveLength(1);
});

test('ESCALATION_NOTICE=reply says under the message that it was passed on, and names nobody', async () => {
  const { ada, mia, max } = await startLinked({ ESCALATION_NOTICE: 'reply' });
  const message = await ada.say('Help');
  asMessage(await (await escalate(mia, message)).submit({ behalf: ['community'] }));
  const notice = await max.user.waitFor(({ text }) => text.includes('passed this on to support'));
  expect(notice.ephemeral).toBe(false);
  expect(notice.channelId).toBe(ada.channel.id);
  expect(notice.repliesTo?.id).toBe(message.id);
  expect(notice.text).toBe('A moderator passed this on to support.');
});

test('without ESCALATION_NOTICE nothing is said in public', async () => {
  const { talk, ada, mia } = await startLinked();
  asMessage(await (await escalate(mia, await ada.say('Help'))).submit({ behalf: ['community'] }));
  await talk.stop();
  expect(ada.messages.filter(({ author, ephemeral }) => author.bot && !ephemeral)).toEqual([]);
});

test('without Read Message History the notice under the message is missing, counted and logged once, and nothing else', async () => {
  const { talk, ada, mia } = await startLinked({ ESCALATION_NOTICE: 'reply' });
  talk.guild.overwrite(talk.channel, talk.world.discord.world.bot, { deny: ['ReadMessageHistory'] });
  const form = await escalate(mia, await ada.say('Help'));
  const receipt = asMessage(await form.submit({ behalf: ['community'] }));
  expect(receipt.text).toContain('is open');
  const { undelivered } = talk.app.metrics;
  await talk.stop();
  expect(receipt.text).toContain(`Ticket ${talk.world.helpdesk.tickets[0]?.reference} is open`);
  expect(talk.world.helpdesk.tickets).toHaveLength(1);
  expect((await undelivered.get()).values).toEqual([{ labels: { what: 'channel-notice' }, value: 1 }]);
  const logged = talk.logged.map((line) => JSON.parse(line)).filter(({ error }) => error?.errorCode === 160002);
  expect(logged).toMatchObject([{ channelId: talk.channel.id, msg: expect.stringContaining('permissions') }]);
  expect(ada.messages.filter(({ text }) => text.includes('passed this on'))).toEqual([]);
});

test('a notice that cannot be written, or has no message to stand under, is in nobody’s way', async () => {
  const { talk, ada, mia } = await startLinked({ ESCALATION_NOTICE: 'reply' });
  const { world } = talk.world.discord;
  const gone = await ada.say('Help');
  const form = await escalate(mia, gone);
  const posted = world.messages.get(gone.id);
  if (posted) world.remove(posted);
  expect(asMessage(await form.submit({ behalf: ['community'] })).text).toContain('is open');
  talk.guild.overwrite(talk.channel, world.bot, { deny: ['SendMessages'] });
  const second = await escalate(mia, await ada.say('Help again'));
  expect(asMessage(await second.submit({ behalf: ['community'] })).text).toContain('is open');
  const { undelivered } = talk.app.metrics;
  await talk.stop();
  expect((await undelivered.get()).values).toContainEqual({ labels: { what: 'channel-notice' }, value: 2 });
  expect(ada.messages.filter(({ text }) => text.includes('passed this on'))).toEqual([]);
});
