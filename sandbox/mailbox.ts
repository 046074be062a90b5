import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { Activity } from './activity.ts';
import type { Certificate } from './certificate.ts';

/** A mail that arrived, its text decoded. */
export interface MailboxMail {
  readonly to: readonly string[];
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  /** The header as it came, for what a reader does not show. */
  readonly header: string;
}

/**
 * What goes wrong with mails: the recipient is unknown (550), the server asks to come back later (451), or it never
 * answers: to the recipient (`hang`), or to the mail, which it delivers (`take-and-hang`).
 */
export type MailboxFault = 'refuse' | 'later' | 'hang' | 'take-and-hang' | MailboxAnswer;

/** What the server says at one step of the dialogue, in place of yes. */
export interface MailboxAnswer {
  /** `message` is after the mail was given. */
  readonly at: 'greeting' | 'login' | 'sender' | 'recipient' | 'message';
  /** As it goes over the wire, such as `550 5.1.1 No such user`; several lines as `550-5.1.1 No such\n550 5.1.1 user`. */
  readonly answer: string;
}

export interface MailboxOptions {
  readonly port?: number;
  readonly activity?: Activity;
  /** Speaks TLS with this certificate: from the first byte on (smtps://), or when it is asked for with STARTTLS. */
  readonly tls?: Certificate & { readonly from: 'connection' | 'starttls' };
}

export interface Mailbox {
  /** For SMTP_URL. */
  readonly url: string;
  readonly port: number;
  readonly mails: readonly MailboxMail[];
  on(event: 'mail', listener: (mail: MailboxMail) => void): void;
  off(event: 'mail', listener: (mail: MailboxMail) => void): void;
  /** Resolves when somebody waits for an answer that never comes (`hang`). */
  nextHang(): Promise<void>;
  /** The oldest mail that no `next` has given out yet, to this address or to any; waits for it when there is none. */
  next(to?: string): Promise<MailboxMail>;
  /** What goes wrong from now on; undefined is nothing. */
  fault: MailboxFault | undefined;
  /** Stops listening and drops the connections: the port refuses. */
  down(): Promise<void>;
  /** Listens again, on the same port. */
  up(): Promise<void>;
  close(): Promise<void>;
}

/** Plays a mail server on 127.0.0.1 that takes mail for everybody and shows it. */
export async function startMailbox(options: MailboxOptions = {}): Promise<Mailbox> {
  const { tls, activity = new Activity() } = options;
  const events = new EventEmitter().setMaxListeners(0);
  const mails: MailboxMail[] = [];
  const unread = new Set<MailboxMail>();
  let smtp: SMTPServer | undefined;

  async function listen(port: number): Promise<number> {
    smtp = new SMTPServer({
      authOptional: true,
      ...(tls ? { key: tls.key, cert: tls.cert } : {}),
      secure: tls?.from === 'connection',
      disabledCommands: tls?.from === 'starttls' ? [] : ['STARTTLS'],
      allowInsecureAuth: true,
      closeTimeout: 10,
      // Nobody needs the name of this machine, and asking for it takes a while.
      disableReverseLookup: true,
      onConnect: (_session, callback) => callback(refusalAt('greeting')),
      // Whoever logs in is let in: whose mail it is does not matter here.
      onAuth(auth, _session, callback) {
        const refusal = refusalAt('login');
        if (refusal) callback(refusal);
        else callback(null, { user: auth.username ?? '' });
      },
      onMailFrom: (_address, _session, callback) => callback(refusalAt('sender')),
      onRcptTo(_address, _session, callback) {
        if (mailbox.fault === 'refuse') callback(answer('550 No such user here'));
        else if (mailbox.fault === 'later') callback(answer('451 Try again later'));
        else if (mailbox.fault === 'hang') events.emit('hang');
        else callback(refusalAt('recipient'));
      },
      onData(stream, session, callback) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', async () => {
          const refusal = refusalAt('message');
          if (refusal) return callback(refusal);
          const { mailFrom, rcptTo } = session.envelope;
          const mail = await readMail(
            Buffer.concat(chunks),
            mailFrom ? mailFrom.address : '',
            rcptTo.map((one) => one.address),
          );
          mails.push(mail);
          unread.add(mail);
          if (mailbox.fault !== 'take-and-hang') callback();
          events.emit('mail', mail);
          activity.note('a mail arrived');
        });
      },
    });
    // A client that hangs up is nothing to report.
    smtp.on('error', () => {});
    const server = smtp.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  function refusalAt(step: MailboxAnswer['at']): Error | undefined {
    const { fault } = mailbox;
    return typeof fault === 'object' && fault.at === step ? answer(fault.answer) : undefined;
  }

  async function down(): Promise<void> {
    const stopping = smtp;
    smtp = undefined;
    if (stopping) await new Promise<void>((resolve) => stopping.close(() => resolve()));
  }

  const mailbox: Mailbox = {
    url: '',
    port: 0,
    mails,
    fault: undefined,
    on: (event, listener) => void events.on(event, listener),
    off: (event, listener) => void events.off(event, listener),
    next: (to) =>
      activity.until({
        look() {
          const mail = Array.from(unread).find((one) => to === undefined || one.to.includes(to));
          if (mail) unread.delete(mail);
          return mail;
        },
        describe: () => `a mail to ${to ?? 'anybody'}; ${mails.length} have arrived, and ${unread.size} are unread`,
      }),
    async nextHang() {
      await once(events, 'hang');
    },
    down,
    async up() {
      if (!smtp) await listen(mailbox.port);
    },
    close: down,
  };
  const port = await listen(options.port ?? 0);
  const protocol = tls?.from === 'connection' ? 'smtps' : 'smtp';
  return Object.assign(mailbox, { port, url: `${protocol}://127.0.0.1:${port}` });
}

/** @returns The first six-digit code in a mail, or undefined. */
export function codeIn(mail: MailboxMail): string | undefined {
  return /(?<!\d)\d{6}(?!\d)/.exec(mail.text)?.[0];
}

/** An error that smtp-server answers with these lines. It writes the code itself, and one line for each part of a list. */
function answer(text: string): Error {
  const lines = text.split('\n');
  const [code = ''] = /^\d{3}/.exec(text) ?? [];
  const message = lines.map((line) => line.slice(code.length + 1));
  return Object.assign(new Error(text), {
    responseCode: Number(code),
    message: lines.length > 1 ? message : message[0],
  });
}

async function readMail(bytes: Buffer, from: string, to: string[]): Promise<MailboxMail> {
  const { subject = '', text = '' } = await PostalMime.parse(bytes);
  const header = bytes.toString('latin1').split('\r\n\r\n', 1)[0] ?? '';
  return { to, from, subject, text: text.trimEnd(), header };
}
