import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { codeIn, type Mailbox, startMailbox } from '../../sandbox/mailbox.ts';
import type { Mailer } from '../../src/accounts/mailer.ts';
import { createLog } from '../../src/log.ts';
import { createSmtpMailer } from '../../src/mail/smtp-mailer.ts';
import { type MailSender, parseMailSender } from '../../src/mail-sender.ts';
import { ManualClock } from '../support/manual-clock.ts';

const MAIL = {
  to: 'ada@example.com',
  subject: 'Your code',
  text: 'Your code is 123456.\n\nIt is valid for 10 minutes.',
};

let mailbox: Mailbox;
let lines: string[];
const mailers: Mailer[] = [];

const SENDER = { name: 'Helpdesk', address: 'helpdesk@example.com' };

let clock: ManualClock;
/** Ends the time that a mail may take. */
const endTime = () => clock.pass(20_000);

function mailer(url = mailbox.url, from: MailSender = SENDER): Mailer {
  const made = createSmtpMailer({
    url,
    from,
    clock,
    log: createLog('trace', (line) => lines.push(line)),
  });
  mailers.push(made);
  return made;
}

beforeEach(async () => {
  mailbox = await startMailbox();
  clock = new ManualClock();
  lines = [];
});

afterEach(async () => {
  for (const made of mailers.splice(0)) made.close();
  await mailbox.close();
});

test('a mail arrives with its text, its code and its sender', async () => {
  await expect(mailer().send(MAIL)).resolves.toEqual({ kind: 'sent' });

  const mail = await mailbox.next('ada@example.com');
  expect(mail).toMatchObject({
    to: ['ada@example.com'],
    from: 'helpdesk@example.com',
    subject: MAIL.subject,
    text: MAIL.text,
  });
  expect(codeIn(mail)).toBe('123456');
});

test('a mail says that a program wrote it and that no program shall answer', async () => {
  await mailer().send(MAIL);

  const { header } = await mailbox.next();
  expect(header).toMatch(/^Auto-Submitted: auto-generated\r?$/m);
  expect(header).toMatch(/^X-Auto-Response-Suppress: All\r?$/m);
});

test.each([
  ['helpdesk@example.com', /^helpdesk@example\.com$/],
  ['Example: Support <helpdesk@example.com>', /^"Example: Support" <helpdesk@example\.com>$/],
  ['Bob"s Support <helpdesk@example.com>', /^"Bob\\"s Support" <helpdesk@example\.com>$/],
  ['Example (Support) <helpdesk@example.com>', /^"Example \(Support\)" <helpdesk@example\.com>$/],
  ['Example, Inc. <helpdesk@example.com>', /^"Example, Inc\." <helpdesk@example\.com>$/],
  ['"Example, Inc." <helpdesk@example.com>', /^"Example, Inc\." <helpdesk@example\.com>$/],
  ['eve@example.com <helpdesk@example.com>', /^"eve@example\.com" <helpdesk@example\.com>$/],
  ['Grüße <helpdesk@example.com>', /^=\?UTF-8\?\S+\?= <helpdesk@example\.com>$/i],
])('a sender arrives as it was written: %s', async (written, field) => {
  const from = parseMailSender(written);
  await mailer(mailbox.url, from).send(MAIL);

  const mail = await mailbox.next();
  expect(mail.from).toBe('helpdesk@example.com');
  expect(/^From: (.*?)\r?$/m.exec(mail.header)?.[1]).toMatch(field);
});

test.each([
  ['accents and signs', 'Ihr Code für 5 €: “neu”', 'é € “ ” =3D 日本語'],
  ['emoji in a long subject', `${'🎫 ticket '.repeat(20)}`.trim(), `${'😀'.repeat(300)} end`],
  ['long lines', 'Subject', 'x'.repeat(3_000)],
])('a mail arrives exactly: %s', async (_name, subject, text) => {
  await mailer().send({ to: 'ada@example.com', subject, text });

  await expect(mailbox.next()).resolves.toMatchObject({ subject, text });
});

test('line breaks in a subject or an address add no header and no recipient', async () => {
  await mailer().send({ ...MAIL, subject: 'Hello\r\nBcc: eve@example.com\r\n\r\nbody' });

  const mail = await mailbox.next();
  expect(mail.to).toEqual(['ada@example.com']);
  expect(mail.header).not.toMatch(/^bcc:/im);
  expect(mail.text).toBe(MAIL.text);
});

test.each([
  'ada@example.com\r\nRCPT TO:<eve@example.com>',
  'ada@example.com, eve@example.com',
  'ada@example.com>, <eve@example.com',
  '',
])('an address that is not one address reaches nobody else: %j', async (to) => {
  const result = await mailer().send({ ...MAIL, to });

  expect(mailbox.mails.flatMap((mail) => mail.to)).not.toContain('eve@example.com');
  expect(mailbox.mails.length).toBe(result.kind === 'sent' ? 1 : 0);
});

test('an unknown recipient is refused', async () => {
  mailbox.fault = 'refuse';

  await expect(mailer().send(MAIL)).resolves.toEqual({ kind: 'refused' });
});

test('a server that asks to come back later is unreachable', async () => {
  mailbox.fault = 'later';

  await expect(mailer().send(MAIL)).resolves.toEqual({ kind: 'unreachable' });
});

test('a server that is down is unreachable until it is up again', async () => {
  const sender = mailer();
  await mailbox.down();
  await expect(sender.send(MAIL)).resolves.toEqual({ kind: 'unreachable' });
  await expect(sender.check()).resolves.toMatchObject({ message: expect.stringContaining('ECONNREFUSED') });

  await mailbox.up();
  await expect(sender.send(MAIL)).resolves.toEqual({ kind: 'sent' });
});

test('a server that stops answering is given up when the time is over', async () => {
  mailbox.fault = 'hang';
  const hanging = mailbox.nextHang();
  const sending = mailer().send(MAIL);
  await hanging;
  endTime();

  // It was told the sender, the recipient and, in the same breath, that a mail follows; it never got the mail.
  await expect(sending).resolves.toEqual({ kind: 'unreachable' });
});

test('a server that takes a mail and does not say so leaves it open whether it arrives', async () => {
  mailbox.fault = 'take-and-hang';
  const sending = mailer().send(MAIL);
  await mailbox.next();
  endTime();

  await expect(sending).resolves.toEqual({ kind: 'unconfirmed' });
  expect(mailbox.mails).toHaveLength(1);
  expect(lines.join('')).not.toMatch(/ada@example|123456|RCPT|DATA/);
});

test('a server that never says hello is given up when the time is over', async () => {
  const connected: net.Socket[] = [];
  const silent = net.createServer((socket) => connected.push(socket.on('error', () => {})));
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  const sending = mailer(`smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`).send(MAIL);
  await once(silent, 'connection');
  endTime();

  await expect(sending).resolves.toEqual({ kind: 'unreachable' });
  for (const socket of connected) socket.destroy();
  silent.close();
});

test('close ends a mail that is under way', async () => {
  mailbox.fault = 'hang';
  const sender = mailer();
  const sending = sender.send(MAIL);
  sender.close();

  await expect(sending).resolves.toEqual({ kind: 'unreachable' });
  await expect(sender.send(MAIL)).resolves.toEqual({ kind: 'unreachable' });
});

test('check is content with a server that takes mail', async () => {
  await expect(mailer().check()).resolves.toBeUndefined();
  expect(mailbox.mails).toEqual([]);
});

test('a server that wants other credentials refuses the bot, and that is said without them', async () => {
  const noAuth = net.createServer((socket) => {
    socket.write('220 hello\r\n');
    socket.on('data', (data) =>
      socket.write(/^EHLO/.test(String(data)) ? '250-hi\r\n250 AUTH PLAIN\r\n' : '535 secret-word no\r\n'),
    );
    socket.on('error', () => {});
  });
  await once(noAuth.listen(0, '127.0.0.1'), 'listening');
  const sender = mailer(`smtp://user:secret-word@127.0.0.1:${(noAuth.address() as AddressInfo).port}`);

  await expect(sender.send(MAIL)).resolves.toEqual({ kind: 'bot-refused' });
  const problem = await sender.check();
  expect(problem?.message).toContain('EAUTH, 535');
  expect(JSON.stringify(problem)).not.toContain('secret-word');
  noAuth.close();
});

test('neither address nor text nor credentials are logged', async () => {
  for (const fault of ['refuse', 'later'] as const) {
    mailbox.fault = fault;
    await mailer(mailbox.url.replace('smtp://', 'smtp://user:secret-word@')).send(MAIL);
  }

  expect(lines.length).toBe(2);
  expect(lines.join()).not.toMatch(/ada|example|123456|secret-word|127\.0\.0\.1/);
});
