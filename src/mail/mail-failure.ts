import type { MailResult } from '../accounts/mailer.ts';
import { isAboutRecipient, parseSmtpAnswer, type SmtpAnswer } from './smtp-answer.ts';

/** How far the conversation with the mail server had come: `sender` is MAIL FROM, `recipient` RCPT TO, `message` DATA. */
export type MailStage = 'connection' | 'tls' | 'login' | 'sender' | 'recipient' | 'message';

/** Why a mail was not sent, without address, credentials or text. */
export interface MailFailure {
  readonly kind: Exclude<MailResult['kind'], 'sent'>;
  readonly stage: MailStage;
  /** The cause's own code, such as ECONNREFUSED, CERT_HAS_EXPIRED or EAUTH. */
  readonly reason: string;
  /** The server's answer, such as 550. */
  readonly status: number | undefined;
  /** And its enhanced status, such as 5.7.1. */
  readonly enhancedStatus: string | undefined;
}

/** How far an attempt had come when it ended. */
export interface AttemptProgress {
  /** The server may have the mail: an answer with a status says that it has not taken it. */
  readonly isGiven: boolean;
  /** Connected, and the server has not said anything yet. */
  readonly isSilent: boolean;
}

/** What nodemailer throws, as far as it can be known. */
interface SmtpError {
  readonly code?: unknown;
  /** The code that nodemailer's own has replaced: the system's or the TLS library's. */
  readonly originalCode?: unknown;
  /** The SMTP command that was answered; CONN before the first, API where none was sent. */
  readonly command?: unknown;
  readonly response?: unknown;
}

/** Reads an error of an attempt. */
export function describeFailure(thrown: unknown, { isGiven, isSilent }: AttemptProgress): MailFailure {
  const error = thrown instanceof Error ? (thrown as SmtpError) : {};
  const answer = typeof error.response === 'string' ? parseSmtpAnswer(error.response) : undefined;
  const reason = isSilent && error.code === 'ETIMEDOUT' ? 'NO_GREETING' : reasonOf(error);
  const stage = stageOf(error, reason);
  const { status, enhancedStatus } = answer ?? {};
  return { kind: kindOf({ stage, reason, answer, error, isGiven }), stage, reason, status, enhancedStatus };
}

function reasonOf({ code, originalCode }: SmtpError): string {
  const own = [originalCode, code].find((one) => typeof one === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(one));
  return own === undefined ? 'UNKNOWN' : String(own);
}

function stageOf({ code, command }: SmtpError, reason: string): MailStage {
  if (code === 'ETLS' || command === 'STARTTLS' || isTlsReason(reason)) return 'tls';
  if (code === 'EAUTH' || String(command).startsWith('AUTH')) return 'login';
  switch (command) {
    case 'MAIL FROM':
      return 'sender';
    case 'RCPT TO':
      return 'recipient';
    case 'DATA':
      return 'message';
    default:
      return code === 'EENVELOPE' ? 'recipient' : 'connection';
  }
}

/** Node's codes for what is wrong with a certificate or with a peer that speaks no TLS. */
function isTlsReason(reason: string): boolean {
  return /^(?:ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERROR_IN_CERT|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH|CRL_|ETLS$)/.test(
    reason,
  );
}

interface Circumstances {
  readonly stage: MailStage;
  readonly reason: string;
  readonly answer: SmtpAnswer | undefined;
  readonly error: SmtpError;
  readonly isGiven: boolean;
}

function kindOf({ stage, answer, error, isGiven }: Circumstances): MailFailure['kind'] {
  if (answer) {
    if (answer.status < 500) return 'unreachable';
    return stage === 'recipient' && isAboutRecipient(answer) ? 'refused' : 'bot-refused';
  }
  if (isGiven) return 'unconfirmed';
  // The library itself did not take the address; no server was asked.
  if (error.code === 'EENVELOPE') return 'refused';
  return stage === 'tls' || stage === 'login' || error.code === 'EMESSAGE' ? 'bot-refused' : 'unreachable';
}

/** What an operator can do, for the doctor and the log. It names settings and no values. */
export function remedyFor({ kind, stage, reason, status, enhancedStatus }: MailFailure): string {
  if (reason === 'NO_GREETING') {
    return 'The server is there and says nothing. If its port wants TLS at once (465), SMTP_URL has to start with smtps://; otherwise try again later.';
  }
  if (reason === 'ETIMEDOUT') {
    return 'The mail server does not answer in time: look at host and port in SMTP_URL. Many hosts let nobody out at port 25; use 587 (smtp://) or 465 (smtps://).';
  }
  const named = [status, enhancedStatus].filter(Boolean).join(' ');
  if (kind === 'unreachable' && named !== '') {
    return `The mail server put it off (${named}) and may take it later. If it goes on, look at its log.`;
  }
  switch (stage) {
    case 'tls':
      return tlsRemedy(reason);
    case 'connection':
      return status === undefined
        ? 'Look at SMTP_URL: host, port (587 for smtp://, 465 for smtps://), and whether this machine may connect there.'
        : 'The mail server takes no connection from this machine: look at its log, or use another server in SMTP_URL.';
    case 'login':
      return 'Look at the user and password in SMTP_URL (special characters percent-encoded); some providers want an app password, or SMTP switched on for the account.';
    case 'sender':
      return 'Set MAIL_FROM to an address that the login in SMTP_URL may send for, or allow that at the mail server. Some servers want a login or STARTTLS first.';
    case 'recipient':
      return kind === 'refused'
        ? 'Nothing: the address does not take mail.'
        : 'The mail server does not take mail from the bot for others: look at the login in SMTP_URL, at MAIL_FROM, and at the limits and the log of the mail server.';
    case 'message':
      return 'The mail server refuses the mail itself: look at its log, its limits, and at SPF, DKIM and DMARC of the domain in MAIL_FROM.';
  }
}

function tlsRemedy(reason: string): string {
  switch (reason) {
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return `The mail server's certificate is from nobody that this machine knows. Start the bot with NODE_EXTRA_CA_CERTS=/path/to/its-authority.pem in the environment (in .env it comes too late for Node.js). ${ON_THIS_MACHINE}`;
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return `Renew the mail server's certificate, and look at the clocks of both machines. ${ON_THIS_MACHINE}`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'HOSTNAME_MISMATCH':
      return `The certificate is for another host name: write that name as the host in SMTP_URL, or add ?tls.servername=that.name to it. ${ON_THIS_MACHINE}`;
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
    case 'EPROTO':
      return 'The port does not speak TLS at once: SMTP_URL has to start with smtp:// there (587 and 25; STARTTLS is used where it is offered), and with smtps:// at 465.';
    case 'ETLS':
      return 'The mail server did not start TLS after STARTTLS: look at its log, and at requireTLS in SMTP_URL.';
    default:
      return `TLS with the mail server failed: look at its certificate and its TLS versions. ${ON_THIS_MACHINE}`;
  }
}

/** Never the first thing to set: whoever is in between could read the codes. */
const ON_THIS_MACHINE =
  'Only where the mail server is on this machine or in your own network: add ?tls.rejectUnauthorized=false to SMTP_URL, or ?ignoreTLS=true for no TLS.';
