import { once } from 'node:events';
import { createTransport } from 'nodemailer';
import type { Mailer, MailResult } from '../accounts/mailer.ts';
import type { Log } from '../log.ts';
import type { MailSender } from '../mail-sender.ts';

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
  readonly log: Log;
}

/** Why a mail was not sent, without address, credentials or text. */
interface MailFailure {
  readonly kind: Exclude<MailResult['kind'], 'sent'>;
  /** nodemailer's code, such as EAUTH. */
  readonly reason: string;
  /** The server's answer, such as 550. */
  readonly status: number | undefined;
}

/** Sends mail over SMTP, one connection for each mail. */
export function createSmtpMailer({ url, from, timeoutMs = TIMEOUT_MS, log }: SmtpMailerOptions): Mailer {
  const closing = new AbortController();

  /** Runs one exchange with the server and gives up at the deadline or at `close`, whichever is first. */
  async function withServer(
    use: (transport: ReturnType<typeof createTransport>, signal: AbortSignal) => Promise<unknown>,
  ): Promise<MailFailure | undefined> {
    let isGiven = false;
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(timeoutMs)]);
    const transport = createTransport({
      url,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      dnsTimeout: timeoutMs,
      // A text can then name neither a file nor an address to read.
      disableFileAccess: true,
      disableUrlAccess: true,
      // The one place where nodemailer tells how far it has come. Nothing of it is written anywhere.
      transactionLog: true,
      logger: whenGiven(() => {
        isGiven = true;
      }),
    });
    try {
      const givenUp = signal.aborted
        ? Promise.reject(gaveUp(signal))
        : once(signal, 'abort').then(() => Promise.reject(gaveUp(signal)));
      await Promise.race([givenUp, use(transport, signal)]);
      return undefined;
    } catch (error) {
      return describeFailure(error, isGiven);
    } finally {
      transport.close();
    }
  }

  return {
    async send(mail) {
      const failure = await withServer((transport, signal) => {
        // As an object, so that one address cannot be read as several.
        const to = { name: '', address: mail.to };
        return transport.sendMail({ from, to, subject: mail.subject, text: mail.text, headers: HEADERS, signal });
      });
      if (!failure) return { kind: 'sent' };
      log.warn({ reason: failure.reason, status: failure.status, kind: failure.kind }, 'mail not sent');
      return { kind: failure.kind };
    },

    async check() {
      const failure = await withServer((transport) => transport.verify());
      if (!failure) return undefined;
      const status = failure.status === undefined ? '' : `, status ${failure.status}`;
      return `The mail server cannot be used (${failure.reason}${status}).`;
    },

    close() {
      closing.abort();
    },
  };
}

function gaveUp(signal: AbortSignal): Error {
  const timedOut = signal.reason instanceof Error && signal.reason.name === 'TimeoutError';
  return Object.assign(new Error('gave up'), { code: timedOut ? 'ETIMEDOUT' : 'ECLOSED' });
}

/** Listens for the command after which the server may have the mail. */
function whenGiven(given: () => void) {
  const hear = (entry: object, message?: unknown) => {
    if ('tnx' in entry && entry.tnx === 'client' && message === 'DATA') given();
  };
  return { level: () => {}, trace: hear, debug: hear, info: hear, warn: hear, error: hear, fatal: hear };
}

/** @param isGiven Whether the server may have the mail: an answer with a status says that it has not taken it. */
function describeFailure(error: unknown, isGiven: boolean): MailFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = /^[A-Z][A-Z0-9_]{1,40}$/.test(code) ? code : 'UNKNOWN';
  const answer = error instanceof Error && 'responseCode' in error ? error.responseCode : undefined;
  const status = typeof answer === 'number' ? answer : undefined;
  // A refused login is a 5xx too, but of the bot, not of the mail.
  const refused = reason === 'EENVELOPE' || reason === 'EMESSAGE';
  if (isGiven && status === undefined) return { kind: 'unconfirmed', reason, status };
  return { kind: refused && (status === undefined || status >= 500) ? 'refused' : 'unreachable', reason, status };
}
