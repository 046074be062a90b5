import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CertificateAuthority, createCertificate } from '../../sandbox/certificate.ts';
import { type MailboxOptions, startMailbox } from '../../sandbox/mailbox.ts';
import { createLog } from '../../src/log.ts';
import { createSmtpMailer } from '../../src/mail/smtp-mailer.ts';
import { ManualClock } from '../support/manual-clock.ts';

const MAIL = { to: 'ada@example.com', subject: 'Your code', text: 'Your code is 123456.' };

async function startServer(options: MailboxOptions) {
  const mailbox = await startMailbox(options);
  onTestFinished(() => mailbox.close());
  return mailbox;
}

function createMailer(url: string) {
  const lines: string[] = [];
  const clock = new ManualClock();
  const mailer = createSmtpMailer({
    url,
    from: { name: '', address: 'bot@example.com' },
    clock,
    log: createLog('trace', (line) => lines.push(line)),
  });
  onTestFinished(() => mailer.close());
  return { mailer, lines, clock };
}

/** What the doctor and the log say of a server that cannot be used. */
async function failureWith(url: string) {
  const { mailer, lines } = createMailer(url);
  const problem = await mailer.check();
  const result = await mailer.send(MAIL);
  return { result, problem, logged: JSON.parse(lines[0] ?? '{}') };
}

const authority = new CertificateAuthority();
const fromAuthority = () => createCertificate({ authority });

describe.each(['connection', 'starttls'] as const)('TLS from the %s on', (from) => {
  test.each([
    ['a self-signed certificate', () => createCertificate(), 'DEPTH_ZERO_SELF_SIGNED_CERT', /NODE_EXTRA_CA_CERTS=/],
    ['an unknown authority', fromAuthority, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', /NODE_EXTRA_CA_CERTS=/],
    [
      'an unknown authority that is sent along',
      () => {
        const { cert, key } = fromAuthority();
        return { key, cert: cert + authority.cert };
      },
      'SELF_SIGNED_CERT_IN_CHAIN',
      /NODE_EXTRA_CA_CERTS=/,
    ],
    ['a certificate that has ended', () => createCertificate({ days: -1 }), 'CERT_HAS_EXPIRED', /Renew/],
  ])('%s is named by its own code, with what to set', async (_, certificate, code, remedy) => {
    const mailbox = await startServer({ tls: { ...certificate(), from } });

    const { result, problem, logged } = await failureWith(mailbox.url);
    expect(result).toEqual({ kind: 'bot-refused' });
    expect(problem?.message).toBe(`No secure connection to the mail server (${code}).`);
    expect(problem?.remedy).toMatch(remedy);
    expect(problem?.remedy).toContain('?tls.rejectUnauthorized=false');
    expect(logged).toMatchObject({ kind: 'bot-refused', stage: 'tls', reason: code, remedy: problem?.remedy });
    expect(mailbox.mails).toEqual([]);
  });

  test('the advice for a server in the same network works', async () => {
    const mailbox = await startServer({ tls: { ...createCertificate(), from } });
    const { mailer } = createMailer(`${mailbox.url}?tls.rejectUnauthorized=false`);

    await expect(mailer.check()).resolves.toBeUndefined();
    await expect(mailer.send(MAIL)).resolves.toEqual({ kind: 'sent' });
  });
});

test('a certificate for another host name is named, and servername mends it', async () => {
  const certificate = createCertificate({ hosts: ['mail.example.com'] });
  const mailbox = await startServer({ tls: { ...certificate, from: 'connection' } });
  // As if its authority were known: only the name is wrong then.
  const trusted = `tls.ca=${encodeURIComponent(certificate.cert)}`;

  const { result, problem } = await failureWith(`${mailbox.url}?${trusted}`);
  expect(result).toEqual({ kind: 'bot-refused' });
  expect(problem?.message).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
  expect(problem?.remedy).toContain('?tls.servername=');
  const { mailer } = createMailer(`${mailbox.url}?${trusted}&tls.servername=mail.example.com`);
  await expect(mailer.check()).resolves.toBeUndefined();
});

test('STARTTLS is left alone where the settings say so', async () => {
  const mailbox = await startServer({ tls: { ...createCertificate(), from: 'starttls' } });

  await expect(createMailer(`${mailbox.url}?ignoreTLS=true`).mailer.send(MAIL)).resolves.toEqual({ kind: 'sent' });
});

test('TLS spoken to a port that has none is named, with the other form of SMTP_URL', async () => {
  const mailbox = await startServer({});

  const { result, problem } = await failureWith(mailbox.url.replace('smtp:', 'smtps:'));
  expect(result).toEqual({ kind: 'bot-refused' });
  expect(problem?.message).toMatch(/\((ERR_SSL_\w+|EPROTO)\)/);
  expect(problem?.remedy).toContain('smtp://');
});

test('a server that waits for TLS, and one that says nothing, is told apart from one that is not there', async () => {
  const connected: net.Socket[] = [];
  const silent = net.createServer((socket) => connected.push(socket.on('error', () => undefined)));
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    for (const socket of connected) socket.destroy();
    silent.close();
  });
  const { mailer, clock } = createMailer(`smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`);

  const checking = mailer.check();
  const [socket] = (await once(silent, 'connection')) as [net.Socket];
  // The server knows of the connection before the client does; one more way there and back settles it.
  await new Promise((resolve) => socket.write('', resolve));
  await new Promise(setImmediate);
  clock.pass(20_000);
  const problem = await checking;
  expect(problem?.message).toMatch(/says nothing|cannot be reached/);
  expect(problem?.remedy).toContain('smtps://');
});

test('no server is named by the code of the system', async () => {
  const { result, problem, logged } = await failureWith('smtp://127.0.0.1:1');
  expect(result).toEqual({ kind: 'unreachable' });
  expect(problem?.message).toBe('The mail server refuses the connection: nothing listens there (ECONNREFUSED).');
  expect(problem?.remedy).toContain('Look at SMTP_URL');
  expect(logged).toMatchObject({ stage: 'connection', reason: 'ECONNREFUSED' });
});

test('a server that offers no STARTTLS where it is required is named', async () => {
  const mailbox = await startServer({});

  const { problem } = await failureWith(`${mailbox.url}?requireTLS=true`);
  expect(problem?.message).toContain('No secure connection');
  expect(problem?.remedy).toContain('requireTLS');
});
