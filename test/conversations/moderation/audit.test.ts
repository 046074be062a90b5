import { ChannelType } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import { asMessage, asModal } from '../../../sandbox/discord/people/shown.ts';
import type { Channel } from '../../../sandbox/discord/world/discord-world.ts';
import type { Guild } from '../../../sandbox/discord/world/guild.ts';
import { startBotInWorld } from '../../support/bot-in-world.ts';
import { linkAccount, submitTicket } from '../../support/conversation.ts';
import { escalate, read, startModerated } from '../../support/moderated.ts';
import { ticketForm } from '../../support/ticket-form.ts';

test('the audit channel tells of tickets and links: who, what came of it, with which reference', async () => {
  const { talk, ada, entry, entries } = await startModerated();
  const { helpdesk } = talk.world;
  await linkAccount(ada, 'ada@example.org', talk.world);
  await entry('Linked');
  await submitTicket(ada, { subject: 'A secret subject', body: 'a secret body' });
  helpdesk.fault('refused', { times: 1 });
  await submitTicket(ada, { subject: 'Another', body: 'text' });
  helpdesk.fault('open-then-reset', { times: 1 });
  await submitTicket(ada, { subject: 'A third', body: 'text' });
  await entry('Not sure');
  await asMessage(await ada.slash('account')).click('Unlink');
  await entry('Unlinked');
  const [who, where] = [`<@${ada.user.id}>`, `<#${talk.channel.id}>`];
  expect(entries()).toEqual([
    `🔗 Linked by mailed code · ${who}`,
    `🎫 **${helpdesk.tickets[0]?.reference}** · ${who} · ${where}`,
    `❌ Refused by the helpdesk · ${who} · ${where}`,
    `⚠️ Not sure: a ticket may be open · ${who} · ${where}`,
    `🔗 Unlinked · ${who}`,
  ]);
});

test('with HELPDESK_TICKET_URL the number of a ticket leads to its page', async () => {
  const env = { LINK_VERIFICATION: 'none', HELPDESK_TICKET_URL: 'https://my.example.com/view?id={reference}' };
  const { talk, ada, entry } = await startModerated({ env });
  await asModal(await ada.slash('link')).submit({ email: 'ada@example.org' });
  await submitTicket(ada, { subject: 'Help', body: 'text' });
  const { reference } = talk.world.helpdesk.tickets[0] ?? {};
  expect((await entry('🎫')).text).toBe(
    `🎫 [${reference}](<https://my.example.com/view?id=${reference}>) · <@${ada.user.id}> · <#${talk.channel.id}>`,
  );
});

test('an account that is linked without a proof is noted as such', async () => {
  const { ada, entry, entries } = await startModerated({ env: { LINK_VERIFICATION: 'none' } });
  await asModal(await ada.slash('link')).submit({ email: 'ada@example.org' });
  await entry('Linked');
  expect(entries()).toEqual([`🔗 Linked without proof · <@${ada.user.id}>`]);
});

test.each([
  ['Approve', 'Approved'],
  ['Refuse', 'Refused'],
])('%s makes the request to link an entry that says who %s it', async (label, verb) => {
  const { ada, mia, entry, entries } = await startModerated({ env: { LINK_VERIFICATION: 'moderator' } });
  await asModal(await ada.slash('link')).submit({ email: 'ada@example.org' });
  const decided = asMessage(await (await entry('asks to link')).click(label));
  expect(entries()).toEqual([`🛡️ ${verb} the link of <@${ada.user.id}> · <@${mia.user.id}>`]);
  expect(decided.buttons).toEqual([]);
});

test('what opens nothing and what is asked back leaves no entry', async () => {
  const { talk, ada, mia, entry, entries } = await startModerated({ env: { TICKETS_PER_HOUR: '1' } });
  await linkAccount(ada, 'ada@example.org', talk.world);
  await entry('Linked');
  const forms = [await ticketForm(ada), await ticketForm(ada)];
  await submitTicket(ada, { subject: 'One', body: 'a' });
  await entry('🎫');
  await forms[0]?.submit({ subject: 'One', body: 'a' });
  await forms[1]?.submit({ subject: 'Over the limit', body: 'b' });
  await read(mia, 'helpdesk status');
  await read(mia, 'helpdesk who', { user: ada.user.id });
  await read(mia, 'helpdesk resume');
  await read(mia, 'helpdesk unblock', { user: ada.user.id });
  await talk.stop();
  expect(entries()).toHaveLength(2);
});

test('an escalation tells who, from which message, on whose behalf and what came of it', async () => {
  const { talk, ada, mia, entry, entries } = await startModerated();
  const { helpdesk } = talk.world;
  for (const place of [ada, mia]) await linkAccount(place, `${place.user.name}@example.org`, talk.world);
  const message = await ada.say('Help me, the server hums');
  const url = `https://discord.com/channels/${talk.guild.id}/${talk.channel.id}/${message.id}`;
  const form = await escalate(mia, message);
  helpdesk.fault('refused', { times: 1 });
  const refused = asMessage(await form.submit({ behalf: ['author'] }));
  helpdesk.fault('open-then-reset', { times: 1 });
  const unconfirmed = asMessage(await refused.click('Try again'));
  const edited = asModal(await unconfirmed.click('Edit'));
  await unconfirmed.click('Send it again');
  expect(edited.field('behalf').value).toEqual(['author']);
  const own = await escalate(mia, await mia.say('The status page is down'));
  await own.submit({ behalf: ['self'] });
  await entry('on their own account');
  const another = await mia.say('And the clock is slow');
  await (await escalate(mia, another)).submit({ behalf: ['community'] });
  const community = await entry('for the community');
  expect(community.text).toBe(
    `📨 **${helpdesk.tickets.at(-1)?.reference}** · <@${mia.user.id}> for the community · https://discord.com/channels/${talk.guild.id}/${talk.channel.id}/${another.id}`,
  );
  const end = `<@${mia.user.id}> for <@${ada.user.id}> · ${url}`;
  expect(entries().slice(2, 5)).toEqual([
    `❌ Refused by the helpdesk · ${end}`,
    `⚠️ Not sure: a ticket may be open · ${end}`,
    `📨 **${helpdesk.tickets[1]?.reference}** · ${end}`,
  ]);
  expect(entries().join('\n')).not.toContain('hums');
});

test('pauses, blocks and links that moderators end are noted with their words, on one line each', async () => {
  const { talk, ada, mia, entry, entries } = await startModerated();
  await linkAccount(ada, 'ada@example.org', talk.world);
  await entry('Linked');
  const there = 'in Example Hosting';
  const [who, whom] = [`<@${mia.user.id}>`, `<@${ada.user.id}>`];
  await read(mia, 'helpdesk pause', { notice: `Moving\n🛡️ Unlinked everybody · ${who} @everyone` });
  await read(mia, 'helpdesk resume');
  await read(mia, 'helpdesk block', { user: ada.user.id, reason: 'Spam' });
  await read(mia, 'helpdesk block', { user: ada.user.id, reason: 'More spam', hours: 2 });
  await read(mia, 'helpdesk unblock', { user: ada.user.id });
  await read(mia, 'helpdesk unlink', { user: ada.user.id });
  await entry('Unlinked <@');
  const noted = entries().slice(1);
  expect(noted.map((line) => line.split('\n').length)).toEqual([1, 1, 1, 1, 1, 1]);
  expect(noted[0]).toMatch(
    new RegExp(`^🛡️ Paused tickets ${there} · ${who}: Moving 🛡️ Unlinked everybody · \\\\<@\u200b\\d+> @\u200beveryone$`),
  );
  expect(noted[1]).toBe(`🛡️ Resumed tickets ${there} · ${who}`);
  expect(noted[2]).toBe(`🛡️ Blocked ${whom} ${there} · ${who}: Spam`);
  expect(noted[3]).toMatch(new RegExp(`^🛡️ Blocked ${whom} ${there} until <t:\\d+:f> · ${who}: More spam$`));
  expect(noted[4]).toBe(`🛡️ Unblocked ${whom} ${there} · ${who}`);
  expect(noted[5]).toBe(`🛡️ Unlinked ${whom} from Example Hosting · ${who}`);
});

test('nothing that the bot writes notifies anybody', async () => {
  const { talk, ada, mia, entry } = await startModerated({ env: { ESCALATION_NOTICE: 'reply' } });
  await linkAccount(ada, 'ada@example.org', talk.world);
  await read(mia, 'helpdesk pause', { notice: `@everyone @here <@${ada.user.id}> <@&${talk.guild.id}>` });
  await read(ada, 'ticket');
  await read(mia, 'helpdesk resume');
  const form = await escalate(mia, await ada.say(`@everyone <@${mia.user.id}>`));
  await form.submit({ behalf: ['author'] });
  await entry('📨');
  await read(mia, 'helpdesk who', { user: ada.user.id });
  await read(mia, 'helpdesk block', { user: ada.user.id, reason: `<@${ada.user.id}> @everyone` });
  await read(ada, 'ticket');
  await entry('Blocked <@');
  await ada.user.waitFor(({ text }) => text.includes('in your name'));
  const { messages } = talk.world.discord.world;
  const ours = [...messages.values()].filter(({ author }) => author.bot);
  expect(ours.some(({ content }) => content.includes(`<@${ada.user.id}>`))).toBe(true);
  expect(ours.flatMap(({ pings }) => pings ?? [])).toEqual([]);
});

test('an audit channel that is forbidden is logged once, counted, in nobody’s way, and used again when it is back', async () => {
  const { talk, ada, mia, log, entry, entries } = await startModerated();
  const { bot } = talk.world.discord.world;
  await linkAccount(ada, 'ada@example.org', talk.world);
  await entry('Linked');
  const complaints = () => talk.logged.filter((line) => line.includes('AUDIT_CHANNEL_ID')).length;
  const notWritten = async () => (await talk.app.metrics.undelivered.get()).values;
  const submit = async (subject: string) =>
    expect((await submitTicket(ada, { subject, body: 'words' })).text).toContain('is open');

  talk.guild.overwrite(log, bot, { allow: ['ViewChannel'], deny: ['SendMessages'] });
  await submit('One');
  await submit('Two');
  expect(await read(mia, 'helpdesk pause', { notice: 'Moving' })).toContain('Tickets are paused');
  expect(await read(mia, 'helpdesk resume')).toContain('Tickets are open here again');
  expect(complaints()).toBe(1);
  expect(await notWritten()).toEqual([{ labels: { what: 'audit' }, value: 4 }]);

  talk.guild.overwrite(log, bot, { allow: ['ViewChannel', 'SendMessages'] });
  await submit('Three');
  await entry(`🎫 **${talk.world.helpdesk.tickets[2]?.reference}**`);
  expect(entries()).toHaveLength(2);

  // The next time is news again.
  talk.guild.overwrite(log, bot, { deny: ['ViewChannel'] });
  await submit('Four');
  await talk.stop();
  expect(complaints()).toBe(2);
});

test('an audit channel that never was is logged once, and never in the way of a ticket', async () => {
  const { talk, ada } = await startModerated({ env: { AUDIT_CHANNEL_ID: '100000000000000001' } });
  await linkAccount(ada, 'ada@example.org', talk.world);
  for (const subject of ['One', 'Two']) {
    expect((await submitTicket(ada, { subject, body: 'words' })).text).toContain('is open');
  }
  const { metrics } = talk.app;
  await talk.stop();
  expect(talk.logged.filter((line) => line.includes('AUDIT_CHANNEL_ID'))).toHaveLength(1);
  expect((await metrics.undelivered.get()).values).toEqual([{ labels: { what: 'audit' }, value: 3 }]);
});

test.each<[string, string, string, (guild: Guild, log: Channel) => Channel]>([
  [
    'forum',
    'takes-no-messages',
    'is a forum',
    (guild) => guild.createChannel({ name: 'f', type: ChannelType.GuildForum }),
  ],
  [
    'category',
    'takes-no-messages',
    'is a category',
    (guild) => guild.createChannel({ name: 'c', type: ChannelType.GuildCategory }),
  ],
  [
    'archived thread',
    'archived',
    'is archived',
    (guild, parent) => {
      const channel = guild.createChannel({ name: 't', type: ChannelType.PublicThread, parent });
      Object.assign(channel.thread ?? {}, { archived: true });
      return channel;
    },
  ],
  ['channel of a server that the bot has left', 'hidden', 'not in its server any more', (_guild, log) => log],
])('an audit channel that is a %s is logged with its reason when the bot starts', async (_what, kind, reason, make) => {
  const { talk, log, restart } = await startModerated();
  const channel = make(talk.guild, log);
  if (kind === 'hidden') talk.guild.overwrite(log, talk.world.discord.world.bot, { deny: ['ViewChannel'] });
  await restart({ AUDIT_CHANNEL_ID: channel.id });
  const lines = talk.logged.map((line) => JSON.parse(line)).filter(({ channelId }) => channelId === channel.id);
  expect(lines).toMatchObject([
    {
      level: 'error',
      access: kind,
      reason: expect.stringContaining(reason),
      remedy: expect.stringMatching(/AUDIT|text channel|invite/),
    },
  ]);
});

test('an audit channel that becomes a thread that is locked is logged with its reason at the first entry', async () => {
  const { talk, ada, log, restart } = await startModerated();
  const channel = talk.guild.createChannel({ name: 't', type: ChannelType.PublicThread, parent: log });
  await restart({ AUDIT_CHANNEL_ID: channel.id });
  expect(talk.logged.filter((line) => line.includes('"access"'))).toEqual([]);
  Object.assign(channel.thread ?? {}, { archived: true, locked: true });
  await linkAccount(ada, 'ada@example.org', talk.world);
  await submitTicket(ada, { subject: 'Help', body: 'text' });
  await talk.stop();
  expect(talk.logged.filter((line) => line.includes('"access":"archived"'))).toHaveLength(1);
});

test('a ticket that may be open because the bot was killed has its entry after the restart', async () => {
  const { world, bot, ada } = await startBotInWorld();
  await bot.kill();
  const guild = ada.channel.guild;
  if (!guild) throw new Error('ada is in no server');
  const log = guild.createChannel({ name: 'mod-log' });
  const restart = async () => {
    const ready = world.discord.nextReady();
    bot.start({ AUDIT_CHANNEL_ID: log.id });
    await ready;
  };
  await restart();
  world.helpdesk.fault('open-then-hang', { times: 1 });
  const called = world.helpdesk.nextCall('api_openTicket');
  const form = await ticketForm(ada);
  await form.submit({ subject: 'My server is down', body: 'Since this morning.' }, { untilAcknowledged: true });
  await called;
  await bot.kill();
  await restart();
  const found = await ada.user.waitFor(({ channelId }) => channelId === log.id);
  expect(found.text).toBe(`⚠️ Not sure: a ticket may be open · <@${ada.user.id}> · found after a restart`);
});
