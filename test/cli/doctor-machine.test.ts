import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createNetServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { OPERATIONS } from '../../sandbox/helpdesk/operations.ts';
import { startExamined } from '../support/examined.ts';

test('a name that is no setting is told with the nearest one', async () => {
  const { envFile, examine } = await startExamined();
  expect((await examine()).said).toMatch(/✓ Setting names/);
  await writeFile(envFile, 'TICKETS_PER_HUOR=3\nTICKET_PRODUCT=VPS\nQUITE_ANOTHER=1\nNODE_ENV=production\n', {
    mode: 0o600,
  });
  const { code, said } = await examine();
  expect(said).toMatch(/! Setting names +The bot does not know QUITE_ANOTHER, TICKETS_PER_HUOR, TICKET_PRODUCT,/);
  expect(said).toContain('Write TICKETS_PER_HOUR instead of TICKETS_PER_HUOR.');
  expect(said).toContain('Write TICKET_PRODUCTS instead of TICKET_PRODUCT.');
  expect(said).toContain('Take QUITE_ANOTHER away');
  expect(code).toBe(0);
});

test('a mistyped name is told also where it leaves a setting missing', async () => {
  const { examine } = await startExamined();
  const { code, said } = await examine({ DISCORD_TOKEN: '', DISCORD_TOKN: 'x', MAIL: '/var/mail/ada' });
  expect(said).toMatch(/✗ Settings +These settings need a look:\n +DISCORD_TOKEN: missing/);
  expect(said).toMatch(/! Setting names +.*\n +> Write DISCORD_TOKEN instead of DISCORD_TOKN\.\n/);
  expect(code).toBe(1);
});

test('a value that its # makes a comment is named, and a comment is not', async () => {
  const { envFile, examine } = await startExamined();
  expect((await examine()).said).toMatch(/✓ Setting values/);
  await writeFile(envFile, 'AUDIT_CHANNEL_ID=#mods\nDISCORD_GUILD_ID= # for later\nTZ=#x\n#LOG_LEVEL=#x\n', {
    mode: 0o600,
  });
  const { code, said } = await examine();
  expect(said).toMatch(
    /! Setting values +What stands behind AUDIT_CHANNEL_ID in .*as empty\.\n +> Write the value without/,
  );
  expect(said).not.toContain('mods');
  expect(code).toBe(0);
});

test('a port that another program has fails, and one that a bot has does not', async () => {
  const { examine } = await startExamined();
  const port = await listen('something else\n');
  const taken = await examine({ HEALTH_PORT: String(port) });
  expect(taken.said).toMatch(
    new RegExp(`✗ Health port +Another program listens at port ${port}.*\\n +> Set HEALTH_PORT`),
  );
  expect(taken.code).toBe(1);
  const bot = await examine({ HEALTH_PORT: String(await listen('alive\n')) });
  expect(bot.said).toMatch(/! Health port +A bot answers at port/);
  expect(bot.code).toBe(0);
});

/** @returns The port of a server that says this to everybody. */
async function listen(answer: string): Promise<number> {
  const server = createServer((_, response) => response.end(answer));
  onTestFinished(() => void server.close());
  await once(server.listen(0), 'listening');
  return (server.address() as AddressInfo).port;
}

test('a mail server that hangs up is told in words, with its host', async () => {
  const { examine } = await startExamined();
  const server = createNetServer((socket) => socket.destroy());
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const { code, said } = await examine({ SMTP_URL: `smtp://127.0.0.1:${port}` });
  expect(said).toMatch(
    new RegExp(`✗ Mail +The mail server closes the connection\\. It is at 127\\.0\\.0\\.1:${port}\\.\\n +> `),
  );
  expect(said).not.toContain('ESOCKET');
  expect(code).toBe(1);
});

test('a helpdesk that is not there is told with its host', async () => {
  const { world, examine } = await startExamined();
  await world.helpdesk.down();
  const { code, said } = await examine();
  expect(said).toMatch(/✗ Helpdesk +\S.*ECONNREFUSED.*127\.0\.0\.1:\d+.*\n +> Look at HELPDESK_URL/);
  expect(said).toMatch(/– Helpdesk WSDL +Not looked at: "Helpdesk" comes first/);
  expect(code).toBe(1);
});

test('a helpdesk whose operations take other arguments, or are gone, fails', async () => {
  const { world, examine } = await startExamined();
  expect((await examine()).said).toMatch(/✓ Helpdesk WSDL +127\.0\.0\.1:\d+ has the operations/);
  const change = (parts: (given: readonly string[]) => readonly string[]) =>
    OPERATIONS.map((one) => (one.name === 'api_openTicket' ? { ...one, parts: parts(one.parts) } : one));
  world.helpdesk.described = change(([sid = '', email = '', ...rest]) => [email, sid, ...rest]);
  const swapped = await examine();
  expect(swapped.said).toMatch(
    /✗ Helpdesk WSDL +127\S+ has changed: api_openTicket takes \(user_email, sid, .*\), and the bot sends \(sid, user_email,/,
  );
  expect(swapped.code).toBe(1);
  world.helpdesk.described = change((given) => [...given, 'priority']);
  expect((await examine()).said).toMatch(/✗ Helpdesk WSDL .*priority/);
  world.helpdesk.described = OPERATIONS.filter(({ name }) => name !== 'api_get_ima');
  expect((await examine()).said).toMatch(/✗ Helpdesk WSDL +.*: api_get_ima is gone\./);
  world.helpdesk.described = [];
  expect((await examine()).said).toMatch(/✗ Helpdesk WSDL +.*api_login is gone/);
});

test('a helpdesk that can only open tickets is a warning, which says what does not work', async () => {
  const { world, examine } = await startExamined();
  const without = (...names: string[]) => OPERATIONS.filter(({ name }) => !names.includes(name));
  world.helpdesk.described = without('api_viewTicket', 'api_ticketPost');
  const { code, said } = await examine();
  expect(said).toMatch(
    /! Helpdesk WSDL +127\S+ lacks operations: without api_viewTicket nobody can look .*; without api_ticketPost nobody can reply/,
  );
  expect(code).toBe(0);
  world.helpdesk.described = without('api_ticketPost');
  expect((await examine()).said).not.toContain('api_viewTicket');
  world.helpdesk.described = OPERATIONS.map((one) =>
    one.name === 'api_ticketPost' ? { ...one, parts: ['ticketID', 'sid', 'content'] } : one,
  );
  const swapped = await examine();
  expect(swapped.said).toMatch(/✗ Helpdesk WSDL +.*api_ticketPost takes \(ticketID, sid, content\)/);
  expect(swapped.code).toBe(1);
});

test('--json says the same for programs, with the code 1 on any failure', async () => {
  const { world, audit, examineAsProcess } = await startExamined();
  const well = await examineAsProcess({}, ['--json']);
  expect(well.code).toBe(0);
  const report = JSON.parse(well.said);
  expect(report).toMatchObject({ ok: true, invite: expect.stringContaining(world.discord.applicationId) });
  expect(report.checks).toContainEqual({
    name: 'Audit channel',
    lookedAt: `the channel ${audit.id} (AUDIT_CHANNEL_ID)`,
    kind: 'ok',
    message: '#mod-log takes entries.',
  });
  await world.mailbox.down();
  const broken = await examineAsProcess({}, ['--json']);
  expect(broken.code).toBe(1);
  expect(JSON.parse(broken.said)).toMatchObject({
    ok: false,
    checks: expect.arrayContaining([
      expect.objectContaining({ name: 'Mail', kind: 'fail', remedy: expect.stringContaining('SMTP_URL') }),
    ]),
  });
  expect(broken.said).not.toMatch(/sandbox-token|sandbox-password|support@/);
});

test('an argument that the doctor does not know is named, with its usage', async () => {
  const { examineAsProcess } = await startExamined();
  const { code, said } = await examineAsProcess({}, ['--jsn']);
  expect(code).toBe(2);
  expect(said).toMatch(/^The doctor has no argument --jsn\.\n\nExamines .*npm run doctor --silent -- --json/s);
});
