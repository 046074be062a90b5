import { setMaxListeners } from 'node:events';
import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Mail, Mailer } from '../accounts/mailer.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { MailSender } from '../mail-sender.ts';
import { describeFailure, type MailFailure, remedyFor } from './mail-failure.ts';

/**
 * That no person wrote it and nobody waits for an answer (RFC 3834; the second is Microsoft's): out-of-office notes would
 * go to the sender, which is often the helpdesk's own address, and become tickets there.
 */
const HEADERS = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };

/** Milliseconds for one mail. A person waits for the answer; mail servers that delay on purpose take 5 to 10 seconds. */
const TIMEOUT_MS = 20_000;

export interface SmtpMailerOptions {
  /** smtp:// or smtps://, with credentials when the server wants them. */
  readonly url: string;
  readonly from: MailSender;
  /** Milliseconds for one mail from the look-up of the name to the last answer; 20 seconds by default. */
  readonly timeoutMs?: number;
  readonly clock?: Pick<Clock, 'after'>;
  /** Hears of every mail that was not sent. */
  readonly onFailure?: (failure: MailFailure) => void;
  readonly log: Log;
}

/** Sends mail over SMTP, one connection for each mail. */
export function createSmtpMailer(options: SmtpMailerOptions): Mailer {
  const { url, from, timeoutMs = TIMEOUT_MS, clock = systemClock, onFailure, log } = options;
  const server = parseConnectionUrl(url);
  const closing = new AbortController();
  // Each mail under way listens; Node 20 takes more than ten listeners for a mistake, and says so on stderr.
  setMaxListeners(0, closing.signal);

  /** Runs one exchange with the server and gives up at the deadline or at `close`, whichever is first. */
  async function withServer(use: (attempt: Attempt) => Promise<void>): Promise<MailFailure | undefined> {
    // nodemailer shares out its own time to the addresses of a host.
    const attempt = new Attempt({ ...server, connectionTimeout: timeoutMs, dnsTimeout: timeoutMs });
    const close = () => attempt.fail(codedError('ECLOSED'));
    const callOff = clock.after(timeoutMs, () => attempt.fail(codedError('ETIMEDOUT')));
    closing.signal.addEventListener('abort', close);
    if (closing.signal.aborted) close();
    try {
      await Promise.race([attempt.failed, use(attempt)]);
      return undefined;
    } catch (error) {
      return describeFailure(error, attempt);
    } finally {
      callOff();
      closing.signal.removeEventListener('abort', close);
      attempt.connection.close();
    }
  }

  return {
    async send(mail) {
      const failure = await withServer(async (attempt) => {
        await attempt.logIn(server.auth);
        await attempt.send(from, mail);
      });
      if (!failure) return { kind: 'sent' };
      onFailure?.(failure);
      log.warn({ ...failure, remedy: remedyFor(failure) }, 'mail not sent');
      return { kind: failure.kind };
    },

    async check() {
      const failure = await withServer(async (attempt) => {
        await attempt.logIn(server.auth);
        await attempt.rehearse(from.address);
      });
      return failure && { message: messageFor(failure), remedy: remedyFor(failure) };
    },

    close() {
      closing.abort();
    },
  };
}

/** The name under which the rehearsal is known to nodemailer. */
const REHEARSAL = 'REHEARSAL';

/** One connection to the mail server, from the look-up of its name to the end. */
class Attempt {
  readonly connection: SMTPConnection;
  /** Rejects when the connection ends before its work does. */
  readonly failed: Promise<never>;
  fail: (error: Error) => void = () => undefined;
  isGiven = false;

  constructor(options: ConstructorParameters<typeof SMTPConnection>[0]) {
    this.connection = new SMTPConnection({ ...options, customAuth: { [REHEARSAL]: rehearse } });
    this.failed = new Promise((_resolve, reject) => {
      this.fail = reject;
    });
    // Whoever waits for it hears of it; when nobody does any more, the attempt is over.
    this.failed.catch(() => undefined);
    this.connection.on('error', (error: Error) => this.fail(error));
    // After a 421 nodemailer says first that it is over, and then with which answer.
    this.connection.on('end', () => setImmediate(() => this.fail(codedError('ECONNECTION'))));
  }

  get isSilent(): boolean {
    return this.connection.stage === 'connected' && this.connection.lastServerResponse === false;
  }

  async logIn(auth: { readonly user?: string; readonly pass?: string } | undefined): Promise<void> {
    const { connection } = this;
    await settled((done) => connection.connect(done));
    // Like nodemailer's own transport: a server that offers no login gets none.
    if (auth && connection.allowsAuth) await settled((done) => connection.login({ ...auth }, done));
  }

  async send(from: MailSender, mail: Mail): Promise<void> {
    const composed = new MailComposer({
      from: { name: from.name, address: from.address },
      // As an object, so that one address cannot be read as several.
      to: { name: '', address: mail.to },
      subject: mail.subject,
      text: mail.text,
      headers: HEADERS,
      // A text can then name neither a file nor an address to read.
      disableFileAccess: true,
      disableUrlAccess: true,
    }).compile();
    const bytes = await composed.build();
    const attempt = this;
    // nodemailer starts to read it when the server has said that it takes the mail.
    const message = new Readable({
      read() {
        attempt.isGiven = true;
        this.push(bytes);
        this.push(null);
      },
    });
    await settled((done) => this.connection.send(composed.getEnvelope(), message, done));
  }

  /** Finds out whether the server would take mail from this address, and takes everything back. */
  async rehearse(address: string): Promise<void> {
    const refusals: Error[] = [];
    await settled((done) => this.connection.login({ method: REHEARSAL, user: '', pass: '', address, refusals }, done));
    for (const refusal of refusals) throw refusal;
  }
}

type Rehearsal = NonNullable<NonNullable<ConstructorParameters<typeof SMTPConnection>[0]>['customAuth']>[string];

/**
 * MAIL FROM, RCPT TO, RSET. nodemailer has commands of one's own as a login of one's own, and nothing else for them. Many
 * servers, Postfix for one, decide about the sender only at RCPT TO: the sender itself is the recipient, as no other
 * address is known here. Whether that address takes mail does not matter.
 */
const rehearse: Rehearsal = async ({ auth, sendCommand }) => {
  const { address, refusals } = auth as unknown as { address: string; refusals: Error[] };
  for (const command of ['MAIL FROM', 'RCPT TO']) {
    const { response, status } = await sendCommand(`${command}:<${address}>`);
    if (status >= 200 && status < 300) continue;
    const refusal = Object.assign(codedError('EENVELOPE'), { command, response });
    const { kind } = describeFailure(refusal, { isGiven: false, isSilent: false });
    if (command === 'MAIL FROM' || kind === 'bot-refused') refusals.push(refusal);
    break;
  }
  await sendCommand('RSET');
};

/** For the doctor. */
function messageFor({ stage, reason, status, enhancedStatus }: MailFailure): string {
  const said = status === undefined ? reason : [status, enhancedStatus].filter(Boolean).join(' ');
  switch (stage) {
    case 'connection':
      return `The mail server ${status === undefined ? connectionWords(reason) : `takes no connection (${said})`}.`;
    case 'tls':
      return `No secure connection to the mail server (${said}).`;
    case 'login':
      return `The mail server refuses the login (${[reason, status, enhancedStatus].filter(Boolean).join(', ')}).`;
    case 'sender':
    case 'recipient':
    case 'message':
      return `The mail server takes no mail from MAIL_FROM (${said}).`;
  }
}

/** What has happened to a connection, with the cause's own code where that is more than the library's word for a broken socket. */
function connectionWords(reason: string): string {
  switch (reason) {
    case 'ECONNREFUSED':
      return `refuses the connection: nothing listens there (${reason})`;
    case 'ENOTFOUND':
      return `has a host name that does not exist (${reason})`;
    case 'EDNS':
    case 'EAI_AGAIN':
      return `has a host name that cannot be looked up (${reason})`;
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `cannot be reached from this machine (${reason})`;
    case 'NO_GREETING':
      return 'takes the connection and then says nothing';
    case 'ESOCKET':
    case 'ECONNECTION':
    case 'ECONNRESET':
    case 'EPIPE':
      return 'closes the connection';
    default:
      return `cannot be used (${reason})`;
  }
}

/** Waits for a callback of nodemailer. */
function settled(start: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
}

function codedError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
