import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10';
import { expect, onTestFinished, test } from 'vitest';
import { createCertificate } from '../../sandbox/certificate.ts';
import type { Channel } from '../../sandbox/discord/world/discord-world.ts';
import type { Guild } from '../../sandbox/discord/world/guild.ts';
import { startMailbox } from '../../sandbox/mailbox.ts';
import { SETTINGS } from '../../src/config.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { startExamined } from '../support/examined.ts';

test('with everything in its place each line is a ✓, and nothing is left behind', async () => {
  const { world, examineAsProcess } = await startExamined();
  const { code, said } = await examineAsProcess();
  expect(said.split('\n').filter((line) => line.startsWith('✓'))).toHaveLength(said.trimEnd().split('\n').length - 3);
  expect(said).toContain('#mod-log takes entries');
  expect(said).toContain('is in Example Hosting');
  expect(said).toContain('an admin account');
  expect(said).toContain('The bot can start: npm start');
  expect(code).toBe(0);
  expect(world.helpdesk.tickets).toEqual([]);
  expect(world.mailbox.mails).toEqual([]);
  expect([...world.discord.world.messages.values()]).toEqual([]);
});

test('everything that is wrong is named at once, each with what to do, and no secret', async () => {
  const { world, audit, examine } = await startExamined();
  await world.mailbox.down();
  audit.guild?.overwrite(audit, audit.guild.everyone, { deny: ['SendMessages'] });
  const { code, said } = await examine({ HELPDESK_PASSWORD: 'a-wrong-password' });
  expect(code).toBe(1);
  expect(said).toMatch(/✗ Helpdesk +The helpdesk refused the login.*\n +> Look at HELPDESK_USERNAME/);
  expect(said).toMatch(
    /✗ Mail +The mail server refuses the connection: nothing listens there \(ECONNREFUSED\)\. It is at 127\.0\.0\.1:\d+\.\n +> Look at SMTP_URL/,
  );
  expect(said).toMatch(/✗ Audit channel +The bot may not write.*\n +> Give the bot View Channel/);
  expect(said).toContain('The bot cannot do its work yet.');
  expect(said).not.toMatch(/a-wrong-password|sandbox-token|bot@example\.com/);
});

test.each([
  ['sender', '553 5.7.1 Sender address rejected: not owned by user', '553 5.7.1'],
  // Where Postfix refuses a sender.
  ['recipient', '554 5.7.1 Relay access denied', '554 5.7.1'],
  ['login', '535 5.7.8 Authentication failed', 'EAUTH, 535, 5.7.8'],
  ['greeting', '554 5.7.1 No service for you', '554 5.7.1'],
] as const)(
  'a mail server that would refuse the bot at the %s is named, with what to set',
  async (at, answer, named) => {
    const { world, examine } = await startExamined();
    world.mailbox.fault = { at, answer };
    const { code, said } = await examine({ SMTP_URL: world.mailbox.url.replace('//', '//bot:a-secret-word@') });
    expect(code).toBe(1);
    expect(said).toMatch(new RegExp(`✗ Mail +The mail server .*\\(${named}\\).*\\n +> .*(MAIL_FROM|SMTP_URL)`));
    expect(said).not.toMatch(/a-secret-word|support@/);
    expect(world.mailbox.mails).toEqual([]);
  },
);

test('a mail server with a certificate of its own is named by the cause, and trusted when Node.js is told to', async () => {
  const { world, folder, examine, examineAsProcess } = await startExamined();
  const certificate = createCertificate();
  const mailbox = await startMailbox({ tls: { ...certificate, from: 'starttls' } });
  onTestFinished(() => mailbox.close());
  const { code, said } = await examine({ SMTP_URL: mailbox.url });
  expect(code).toBe(1);
  expect(said).toMatch(/✗ Mail +No secure connection.*\(DEPTH_ZERO_SELF_SIGNED_CERT\).*\n +> .*NODE_EXTRA_CA_CERTS/);

  const file = join(folder, 'mail.pem');
  await writeFile(file, certificate.cert);
  expect((await examineAsProcess({ SMTP_URL: mailbox.url, NODE_EXTRA_CA_CERTS: file })).said).toMatch(/✓ Mail/);
  expect((await examine({ SMTP_URL: `${mailbox.url}?tls.rejectUnauthorized=false` })).said).toMatch(/✓ Mail/);
  expect([...mailbox.mails, ...world.mailbox.mails]).toEqual([]);
});

test('an audit channel that is gone, or hidden from the bot, is named', async () => {
  const { audit, examine } = await startExamined();
  expect((await examine({ AUDIT_CHANNEL_ID: '100000000000000001' })).said).toMatch(/✗ Audit channel +.*does not exist/);
  audit.guild?.overwrite(audit, audit.guild.everyone, { deny: ['ViewChannel'] });
  const hidden = await examine();
  expect(hidden.said).toMatch(/✗ Audit channel +.*the bot cannot see it/);
  expect(hidden.code).toBe(1);
});

test.each<[string, string, (guild: Guild, channel: Channel) => Channel]>([
  ['forum', 'is a forum, which takes no messages', (guild) => channelOf(guild, ChannelType.GuildForum)],
  ['media channel', 'is a media channel, which', (guild) => channelOf(guild, ChannelType.GuildMedia)],
  ['category', 'is a category, which', (guild) => channelOf(guild, ChannelType.GuildCategory)],
  [
    'thread that is archived',
    'is a thread that is archived',
    (guild, parent) => threadIn(guild, parent, { archived: true, locked: false }),
  ],
  [
    'thread that is locked',
    'is a thread that is locked',
    (guild, parent) => threadIn(guild, parent, { archived: true, locked: true }),
  ],
  [
    'voice channel without permission',
    'may not write',
    (guild) => {
      const channel = channelOf(guild, ChannelType.GuildVoice);
      guild.overwrite(channel, guild.everyone, { deny: ['SendMessages'] });
      return channel;
    },
  ],
  [
    'thread without permission',
    'may not write',
    (guild, parent) => {
      guild.overwrite(parent, guild.everyone, { deny: ['SendMessagesInThreads'] });
      return threadIn(guild, parent, { archived: false, locked: false });
    },
  ],
  [
    'deleted channel',
    'does not exist',
    (guild, channel) => {
      guild.removeChannel(channel);
      return channel;
    },
  ],
])('an audit channel that is a %s fails with its reason', async (_what, reason, make) => {
  const { world, audit, examine } = await startExamined();
  const [guild] = world.discord.guilds.values();
  if (!guild) throw new Error('There is no server');
  const { code, said } = await examine({ AUDIT_CHANNEL_ID: make(guild, audit).id });
  expect(said).toMatch(new RegExp(`✗ Audit channel +The (channel|bot).*${reason}.*\\n +> \\w`));
  expect(code).toBe(1);
  expect([...world.discord.world.messages.values()]).toEqual([]);
});

test('an audit channel that is a direct message, or in a server that the bot has left, fails with its reason', async () => {
  const { world, audit, examine } = await startExamined();
  const { account } = world.discord.createUser({ name: 'ada' });
  const direct = await examine({ AUDIT_CHANNEL_ID: world.discord.world.directChannel(account).id });
  expect(direct.said).toMatch(/✗ Audit channel +.*direct message/);
  world.discord.createGuild({ name: 'Where it still is' });
  audit.guild?.removeMember(world.discord.world.bot);
  const left = await examine();
  expect(left.said).toMatch(/✗ Audit channel +.*not in its server any more.*\n +> .*invite it again/);
  expect(left.code).toBe(1);
});

test.each([
  ['voice channel', ChannelType.GuildVoice],
  ['stage', ChannelType.GuildStageVoice],
  ['announcement channel', ChannelType.GuildAnnouncement],
])('an audit channel that is a %s in which the bot may write is a ✓', async (_what, type) => {
  const { audit, examine } = await startExamined();
  if (!audit.guild) throw new Error('There is no server');
  const { code, said } = await examine({ AUDIT_CHANNEL_ID: channelOf(audit.guild, type).id });
  expect(said).toMatch(/✓ Audit channel/);
  expect(code).toBe(0);
});

test('an audit channel of which Discord says nothing for the moment is a warning', async () => {
  const { world, examine } = await startExamined();
  world.discord.fault('message-500');
  const { code, said } = await examine();
  expect(said).toMatch(/! Audit channel +Discord did not say/);
  expect(code).toBe(0);
});

function channelOf(guild: Guild, type: ChannelType): Channel {
  return guild.createChannel({ name: 'mod-posts', type });
}

function threadIn(guild: Guild, parent: Channel, state: { archived: boolean; locked: boolean }): Channel {
  const channel = guild.createChannel({ name: 'mod-talk', type: ChannelType.PublicThread, parent });
  Object.assign(channel.thread ?? {}, state);
  return channel;
}

test('a token that Discord refuses is told apart from a Discord that cannot be reached', async () => {
  const { world, examine } = await startExamined();
  expect((await examine({ DISCORD_TOKEN: 'another.bot.token' })).said).toMatch(/✗ Discord +Discord does not accept/);
  await world.discord.down();
  expect((await examine()).said).toMatch(/✗ Discord +Discord cannot be reached/);
});

test('a Discord that takes nothing for an hour is told apart, with until when; so is a bot that connected too often', async () => {
  const { world, examine } = await startExamined();
  const hourMs = 3_600_000;
  for (const [fault, said] of [
    ['rate-limited', /✗ Discord +Discord takes no requests from this bot until (\S+) \(429\)\.\n +> Wait until then/],
    ['sessions-used-up', /✗ Sessions +The bot has connected too often and may not connect until (\S+)\.\n +> Find out/],
  ] as const) {
    world.discord.fault(fault, { retryAfterMs: hourMs });
    const examined = await examine();
    world.discord.clearFaults();
    const until = Date.parse(said.exec(examined.said)?.[1] ?? '');
    expect(Math.abs(until - Date.now() - hourMs)).toBeLessThan(600_000);
    expect(examined.code).toBe(1);
  }
});

test('a bot that is in no server gets its invitation', async () => {
  const { world, audit, examine } = await startExamined();
  const elsewhere = await examine({ DISCORD_GUILD_ID: '100000000000000001' });
  expect(elsewhere.said).toContain('is not in the server 100000000000000001 that DISCORD_GUILD_ID names');
  audit.guild?.removeMember(world.discord.world.bot);
  const { said } = await examine();
  expect(said).toContain('is in no server yet');
  const [, applicationId, permissions = ''] =
    /client_id=(\d+)&scope=bot\+applications\.commands&permissions=(\d+)\b/.exec(said) ?? [];
  expect(applicationId).toBe(world.discord.applicationId);
  const { ViewChannel, SendMessages, ReadMessageHistory, SendMessagesInThreads } = PermissionFlagsBits;
  expect(BigInt(permissions)).toBe(ViewChannel | SendMessages | ReadMessageHistory | SendMessagesInThreads);
});

test('a store that another process holds is no illness, a store that cannot be opened is one', async () => {
  const { storeFile, examine } = await startExamined();
  const storage = await openStorage({ url: `sqlite:${storeFile}`, keys: [] });
  const { code, said } = await examine();
  await storage.close();
  expect(said).toMatch(/! Storage +The storage file is open in another process/);
  expect(said).toMatch(/✓ Records +The 1 record/);
  expect(code).toBe(0);
  const broken = await examine({ STORAGE_URL: 'postgres://127.0.0.1:1/none' });
  expect(broken.said).toMatch(/✗ Storage +STORAGE_URL: .*ECONNREFUSED.*\n +> Look at STORAGE_URL/);
  expect(broken.code).toBe(1);
});

test('settings that are missing are named, and everything that does not need them is looked at all the same', async () => {
  const { world, examineAsProcess } = await startExamined();
  const { code, said } = await examineAsProcess({ DISCORD_TOKEN: '', MAIL_FROM: '' });
  expect(code).toBe(1);
  expect(said).toMatch(
    /^✗ Settings +These settings need a look:\n +DISCORD_TOKEN: missing.*\n +MAIL_FROM: missing.*\n +> \w/,
  );
  expect(said).toMatch(/– Discord +Not looked at: it needs DISCORD_TOKEN\.\n/);
  expect(said).toMatch(/– Mail +Not looked at: it needs MAIL_FROM\.\n/);
  expect(said).toMatch(/– Audit channel +Not looked at/);
  for (const name of ['Storage', 'Records', 'Helpdesk', 'Helpdesk WSDL']) expect(said).toMatch(`✓ ${name} `);
  expect(said).not.toContain('Invite the bot');
  expect(world.discord.requests).toEqual([]);
});

test('with every setting wrong, each is named and nobody is asked anything', async () => {
  const { world, examine } = await startExamined();
  const { code, said } = await examine(Object.fromEntries(SETTINGS.map((name) => [name, 'wrong\u0000value'])));
  expect(code).toBe(1);
  for (const name of SETTINGS) expect(said).toContain(`${name}: `);
  expect(said.match(/^✗/gm)).toHaveLength(1);
  expect(said).not.toContain('defect');
  expect([world.discord.requests, world.helpdesk.calls, world.mailbox.mails]).toEqual([[], [], []]);
});

test('the unsafe LINK_VERIFICATION=none is named unsafe', async () => {
  const { examine } = await startExamined();
  expect((await examine({ LINK_VERIFICATION: 'none' })).said).toMatch(/! Settings +LINK_VERIFICATION=none is unsafe/);
});

test('before the first start and the invitation there is one ✗, which is the invitation', async () => {
  const { world, guild, folder, examine } = await startExamined();
  guild.removeMember(world.discord.world.bot);
  const { code, said } = await examine({
    STORAGE_URL: `sqlite:${join(folder, 'data', 'openticket.sqlite')}`,
    AUDIT_CHANNEL_ID: '',
  });
  expect(said.match(/^✗.*\n.*/gm)).toEqual([
    expect.stringMatching(/^✗ Discord servers +Helpdesk is in no server yet\.\n +> Invite it: https:/),
  ]);
  expect(said).toMatch(/! Storage +No store is there yet/);
  expect(code).toBe(1);
});
