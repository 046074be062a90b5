import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PermissionFlagsBits } from 'discord-api-types/v10';
import { expect, onTestFinished, test } from 'vitest';
import { createCertificate } from '../../sandbox/certificate.ts';
import type { Channel } from '../../sandbox/discord/world/discord-world.ts';
import { startMailbox } from '../../sandbox/mailbox.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { buildBot } from '../support/build.ts';

interface Examined {
  readonly world: World;
  readonly audit: Channel;
  readonly folder: string;
  readonly storeFile: string;
  /** Runs the compiled doctor as a process of its own. @param env Settings over those of the world. */
  examine(env?: Record<string, string>): Promise<{ code: number; said: string }>;
}

async function startExamined(): Promise<Examined> {
  buildBot();
  const [world, folder] = await Promise.all([startWorld(), mkdtemp(join(tmpdir(), 'openticket-doctor-'))]);
  onTestFinished(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });
  const audit = world.discord.createGuild({ name: 'Example Hosting' }).createChannel({ name: 'mod-log' });
  const storeFile = join(folder, 'openticket.sqlite');
  const settings = { ...world.settings, AUDIT_CHANNEL_ID: audit.id, STORAGE_URL: `sqlite:${storeFile}` };
  return {
    world,
    audit,
    folder,
    storeFile,
    examine: (env = {}) =>
      new Promise((resolve) => {
        execFile(
          process.execPath,
          ['dist/src/cli/doctor.js'],
          { env: { PATH: process.env.PATH, ...settings, ...env } },
          (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), said: stdout + stderr }),
        );
      }),
  };
}

test('with everything in its place each line is good, and nothing is left behind', async () => {
  const { world, examine } = await startExamined();
  const { code, said } = await examine();
  expect(said.split('\n').filter((line) => line.startsWith('✓'))).toHaveLength(6);
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
  expect(said).toMatch(/✗ Mail +The mail server cannot be used \(\w+\).*\n +> Look at SMTP_URL/);
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
  const { world, folder, examine } = await startExamined();
  const certificate = createCertificate();
  const mailbox = await startMailbox({ tls: { ...certificate, from: 'starttls' } });
  onTestFinished(() => mailbox.close());
  const { code, said } = await examine({ SMTP_URL: mailbox.url });
  expect(code).toBe(1);
  expect(said).toMatch(/✗ Mail +No secure connection.*\(DEPTH_ZERO_SELF_SIGNED_CERT\).*\n +> .*NODE_EXTRA_CA_CERTS/);

  const file = join(folder, 'mail.pem');
  await writeFile(file, certificate.cert);
  expect((await examine({ SMTP_URL: mailbox.url, NODE_EXTRA_CA_CERTS: file })).said).toMatch(/✓ Mail/);
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

test('a token that Discord refuses is told apart from a Discord that cannot be reached', async () => {
  const { world, examine } = await startExamined();
  expect((await examine({ DISCORD_TOKEN: 'another-token' })).said).toMatch(/✗ Discord +Discord does not accept/);
  await world.discord.down();
  expect((await examine()).said).toMatch(/✗ Discord +Discord cannot be reached/);
});

test('a bot that is in no server gets its invitation', async () => {
  const { world, audit, examine } = await startExamined();
  const elsewhere = await examine({ DISCORD_GUILD_ID: '100000000000000001' });
  expect(elsewhere.said).toContain('not in the server that DISCORD_GUILD_ID names');
  audit.guild?.removeMember(world.discord.world.bot);
  const { said } = await examine();
  expect(said).toContain('which is in no server yet');
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
  expect(code).toBe(0);
  const broken = await examine({ STORAGE_URL: 'postgres://127.0.0.1:1/none' });
  expect(broken.said).toMatch(/✗ Storage +STORAGE_URL: .*ECONNREFUSED.*\n +> Look at STORAGE_URL/);
  expect(broken.code).toBe(1);
});

test('settings that are missing are named before anything is looked at', async () => {
  const { examine } = await startExamined();
  const { code, said } = await examine({ DISCORD_TOKEN: '', MAIL_FROM: '' });
  expect(code).toBe(1);
  expect(said).toMatch(/^These settings need a look.*\n {2}DISCORD_TOKEN: missing.*\n {2}MAIL_FROM: missing.*\n$/);
});

test('the unsafe LINK_VERIFICATION=none is named unsafe', async () => {
  const { examine } = await startExamined();
  expect((await examine({ LINK_VERIFICATION: 'none' })).said).toMatch(/! Settings +LINK_VERIFICATION=none is unsafe/);
});
