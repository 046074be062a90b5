import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Mailbox, type MailboxAnswer, startMailbox } from '../../sandbox/mailbox.ts';
import type { MailResult } from '../../src/accounts/mailer.ts';
import { createLog } from '../../src/log.ts';
import type { MailFailure } from '../../src/mail/mail-failure.ts';
import { isAboutRecipient, parseSmtpAnswer } from '../../src/mail/smtp-answer.ts';
import { createSmtpMailer } from '../../src/mail/smtp-mailer.ts';

/**
 * Answers as mail servers give them (names and IDs changed), where in the dialogue they came, and what is to be told: is
 * it the address that somebody typed, or something between the bot and the mail server?
 */
const ANSWERS: readonly [server: string, at: MailboxAnswer['at'], answer: string, kind: MailResult['kind']][] = [
  // About the recipient.
  [
    'Postfix',
    'recipient',
    '550 5.1.1 <ada@example.com>: Recipient address rejected: User unknown in virtual mailbox table',
    'refused',
  ],
  [
    'Postfix, of a backup',
    'recipient',
    '550 5.1.1 <ada@example.com>: Recipient address rejected: User unknown in relay recipient table',
    'refused',
  ],
  ['Postfix', 'recipient', '550 5.1.2 <ada@exmaple.invalid>: Recipient address rejected: Domain not found', 'refused'],
  [
    'Postfix',
    'recipient',
    '550 5.1.1 <ada@example.com>: Recipient address rejected: undeliverable address: host mx.example.com[192.0.2.1] said: 550 no such sender or user (in reply to RCPT TO command)',
    'refused',
  ],
  ['Postfix', 'recipient', '552 5.2.2 <ada@example.com>: Recipient address rejected: Mailbox is over quota', 'refused'],
  [
    'Gmail',
    'recipient',
    "550-5.1.1 The email account that you tried to reach does not exist. Please try\n550-5.1.1 double-checking the recipient's email address for typos or\n550-5.1.1 unnecessary spaces. For more information, go to\n550 5.1.1  https://support.google.com/mail/?p=NoSuchUser a1si123456abc.1 - gsmtp",
    'refused',
  ],
  [
    'Gmail',
    'recipient',
    '550-5.2.1 The email account that you tried to reach is inactive. For more\n550-5.2.1 information, go to\n550 5.2.1  https://support.google.com/mail/?p=DisabledUser a1si123456abc.1 - gsmtp',
    'refused',
  ],
  [
    'Gmail',
    'recipient',
    '552-5.2.2 The email account that you tried to reach is over quota and inactive.\n552 5.2.2 Please direct the recipient to https://support.google.com/mail/?p=OverQuotaPerm - gsmtp',
    'refused',
  ],
  [
    'Outlook',
    'recipient',
    '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup',
    'refused',
  ],
  ['Outlook', 'recipient', '550 5.1.1 RESOLVER.ADR.ExRecipNotFound; not found', 'refused'],
  ['Yahoo', 'recipient', '552 1 Requested mail action aborted, mailbox not found', 'refused'],
  ['Exim', 'recipient', '550 Unrouteable address', 'refused'],
  ['Exim', 'recipient', '550-Callback setup failed while verifying\n550 No such user here', 'refused'],
  ['qmail', 'recipient', '550 sorry, no mailbox here by that name. (#5.1.1)', 'refused'],
  ['IronPort', 'recipient', '550 #5.1.0 Address rejected.', 'refused'],
  ['Sendmail', 'recipient', '550 5.1.1 <relay@example.com>... User unknown', 'refused'],
  ['Sendmail', 'recipient', '553 5.1.3 <ada>... Domain name required for recipient address', 'refused'],
  ['Mimecast', 'recipient', '550 Invalid Recipient - https://community.mimecast.com/docs/DOC-1369#550', 'refused'],
  ['RFC 5321', 'recipient', '550 Requested action not taken: mailbox unavailable', 'refused'],
  ['RFC 5321', 'recipient', '551 User not local; please try <ada@elsewhere.example>', 'refused'],
  ['RFC 5321', 'recipient', '552 Requested mail action aborted: exceeded storage allocation', 'refused'],
  ['RFC 5321', 'recipient', '553 Requested action not taken: mailbox name not allowed', 'refused'],
  ['with the unspecific status', 'recipient', '550 5.0.0 <ada@example.com>... No such user', 'refused'],
  [
    'with words of the address',
    'recipient',
    '550 <sender-policy.relay.quota@spf-tls.example>: unknown user',
    'refused',
  ],
  ['with words of the address', 'recipient', '550 5.1.1 sender@mail-from.example User unknown', 'refused'],
  ['in another language', 'recipient', '550 Utilisateur inconnu', 'refused'],
  ['without words', 'recipient', '550', 'refused'],

  // About the sender.
  ['Postfix', 'sender', '553 5.7.1 <bot@example.com>: Sender address rejected: not owned by user web', 'bot-refused'],
  [
    'Postfix, as by default',
    'recipient',
    '553 5.7.1 <bot@example.com>: Sender address rejected: not logged in',
    'bot-refused',
  ],
  ['Postfix', 'recipient', '550 5.1.8 <bot@nowhere.invalid>: Sender address rejected: Domain not found', 'bot-refused'],
  [
    'Postfix',
    'recipient',
    '550 5.1.0 <bot@example.com>: Sender address rejected: User unknown in virtual mailbox table',
    'bot-refused',
  ],
  [
    'Postfix',
    'recipient',
    '550 5.1.7 <bot@example.com>: Sender address rejected: unverified address: mail for example.com loops back',
    'bot-refused',
  ],
  [
    'Sendmail',
    'sender',
    '553 5.1.8 <bot@nowhere.invalid>... Domain of sender address bot@nowhere.invalid does not exist',
    'bot-refused',
  ],
  [
    'Exim',
    'recipient',
    '550-Verification failed for <bot@example.com>\n550-Unrouteable address\n550 Sender verify failed',
    'bot-refused',
  ],
  ['qmail', 'sender', '553 sorry, your envelope sender is in my badmailfrom list (#5.7.1)', 'bot-refused'],
  ['Yandex', 'sender', '553 5.7.1 Sender address rejected: not owned by auth user.', 'bot-refused'],
  [
    'Outlook',
    'message',
    '554 5.2.252 SendAsDenied; bot@example.com not allowed to send as help@example.com; STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied',
    'bot-refused',
  ],
  [
    'Outlook',
    'recipient',
    '554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed to process message',
    'bot-refused',
  ],
  ['Exchange', 'sender', '550 5.7.60 SMTP; Client does not have permissions to send as this sender', 'bot-refused'],
  [
    'SES',
    'message',
    '554 Message rejected: Email address is not verified. The following identities failed the check in region EU-WEST-1: bot@example.com',
    'bot-refused',
  ],
  ['SES, early', 'recipient', '554 Message rejected: Email address is not verified.', 'bot-refused'],
  [
    'SendGrid',
    'message',
    '550 The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved.',
    'bot-refused',
  ],
  ['a hoster', 'recipient', '550 You are not allowed to use this From address', 'bot-refused'],

  // About relaying and the login.
  ['Postfix', 'recipient', '554 5.7.1 <ada@example.com>: Relay access denied', 'bot-refused'],
  ['Exim', 'recipient', '550 relay not permitted', 'bot-refused'],
  ['Exim', 'recipient', '550 Administrative prohibition', 'bot-refused'],
  ['IIS', 'recipient', '550 5.7.1 Unable to relay for ada@example.com', 'bot-refused'],
  ['Exchange', 'recipient', '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain', 'bot-refused'],
  ['qmail', 'recipient', "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", 'bot-refused'],
  [
    'qmail, without its number',
    'recipient',
    "553 sorry, that domain isn't in my list of allowed rcpthosts",
    'bot-refused',
  ],
  ['Zoho', 'recipient', '553 Relaying disallowed as bot@example.com', 'bot-refused'],
  ['a hoster', 'recipient', '550 Please turn on SMTP Authentication in your mail client', 'bot-refused'],
  ['a hoster', 'recipient', '550 must be authenticated', 'bot-refused'],
  [
    'Gmail',
    'sender',
    '530-5.7.0 Authentication Required. For more information, go to\n530 5.7.0  https://support.google.com/mail/?p=WantAuthError - gsmtp',
    'bot-refused',
  ],
  [
    'Gmail',
    'login',
    '535-5.7.8 Username and Password not accepted. For more information, go to\n535 5.7.8  https://support.google.com/mail/?p=BadCredentials - gsmtp',
    'bot-refused',
  ],
  [
    'Outlook',
    'login',
    '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.',
    'bot-refused',
  ],
  ['Postfix', 'login', '535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6', 'bot-refused'],
  [
    'Exchange',
    'sender',
    '530 5.7.57 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM',
    'bot-refused',
  ],

  // About TLS.
  ['Postfix', 'sender', '530 5.7.0 Must issue a STARTTLS command first', 'bot-refused'],
  ['Postfix', 'recipient', '530 Must issue STARTTLS', 'bot-refused'],
  ['a gateway', 'recipient', '550 TLS encryption is required', 'bot-refused'],

  // About policies and reputation.
  [
    'Gmail',
    'message',
    '550-5.7.26 Your email has been blocked because the sender is unauthenticated. Gmail\n550-5.7.26 requires all senders to authenticate with either SPF or DKIM.\n550 5.7.26  https://support.google.com/mail/?p=UnauthEmail - gsmtp',
    'bot-refused',
  ],
  [
    'Gmail',
    'message',
    '550 5.7.1 Our system has detected that this message is likely unsolicited mail.',
    'bot-refused',
  ],
  [
    'a list',
    'recipient',
    '550 5.7.1 Service unavailable; client [192.0.2.1] blocked using zen.spamhaus.org',
    'bot-refused',
  ],
  [
    'a list, without its number',
    'recipient',
    '550 Blocked - see https://www.spamcop.net/bl.shtml?192.0.2.1',
    'bot-refused',
  ],
  ['a list', 'greeting', '554 5.7.1 mx.example.com: no SMTP service for 192.0.2.1', 'bot-refused'],
  ['Exchange Online', 'recipient', '550 5.4.1 Recipient address rejected: Access denied.', 'bot-refused'],
  ['a policy', 'recipient', '550 5.7.1 <ada@example.com>: Recipient address rejected: Access denied', 'bot-refused'],
  ['a policy', 'recipient', '553 Denied by policy', 'bot-refused'],
  [
    'Outlook.com',
    'message',
    '550 5.7.515 Access denied, sending domain EXAMPLE.COM does not meet the required authentication level.',
    'bot-refused',
  ],

  // About quotas.
  [
    'Gmail',
    'sender',
    '550-5.4.5 Daily user sending limit exceeded. For more information on Gmail\n550 5.4.5  https://support.google.com/a/answer/166852 - gsmtp',
    'bot-refused',
  ],
  ['Gmail', 'recipient', '550 5.4.5 Daily SMTP relay sending quota exceeded.', 'bot-refused'],
  [
    'Exchange Online',
    'recipient',
    "550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients",
    'bot-refused',
  ],
  ['Exchange', 'recipient', '554 5.2.0 Submission quota exceeded', 'bot-refused'],
  [
    'Plesk',
    'recipient',
    '554 5.7.0 Your message could not be sent. The limit on the number of allowed outgoing messages was exceeded. Try again later.',
    'bot-refused',
  ],
  ['a hoster', 'recipient', '550 User web has exceeded its 24-hour sending limit', 'bot-refused'],
  [
    'GMX',
    'recipient',
    '550-Requested action not taken: mailbox unavailable\n550 Failure sending mail. Try again later.',
    'bot-refused',
  ],
  ['a full mail server', 'recipient', '552 Quota exceeded', 'bot-refused'],

  // The mail itself, and numbers that mean something else at another step.
  ['after the mail', 'message', '550 5.1.1 User unknown', 'bot-refused'],
  ['at MAIL FROM', 'sender', '550 5.1.1 User unknown', 'bot-refused'],
  ['at MAIL FROM', 'sender', '550 Unknown user', 'bot-refused'],
  ['unspecific', 'recipient', '554 Transaction failed', 'bot-refused'],
  ['a command that it does not know', 'recipient', '502 5.5.2 Error: command not recognized', 'bot-refused'],
  ['the mail', 'message', '552 5.3.4 Message size exceeds fixed limit', 'bot-refused'],

  // Later.
  ['Postfix', 'recipient', '450 4.2.0 <ada@example.com>: Recipient address rejected: Greylisted', 'unreachable'],
  ['Gmail', 'recipient', '452 4.2.2 The email account that you tried to reach is over quota.', 'unreachable'],
  ['Gmail', 'login', '454 4.7.0 Cannot authenticate due to temporary system problem. Try again later.', 'unreachable'],
  ['SES', 'message', '454 Throttling failure: Maximum sending rate exceeded.', 'unreachable'],
  ['Gmail', 'sender', '421 4.7.0 Try again later, closing connection.', 'unreachable'],
  ['Postfix', 'greeting', '421 4.3.2 All server ports are busy', 'unreachable'],
  ['Postfix', 'sender', '451 4.3.0 Error: queue file write error', 'unreachable'],
];

const MAIL = { to: 'ada@example.com', subject: 'Your code', text: 'Your code is 123456.' };

let mailbox: Mailbox;
let lines: string[] = [];
let failures: MailFailure[] = [];

beforeAll(async () => {
  mailbox = await startMailbox();
});

beforeEach(() => {
  lines = [];
  failures = [];
});

afterAll(() => mailbox.close());

function mailer(url = mailbox.url) {
  return createSmtpMailer({
    url: url.replace('//', '//user:secret-word@'),
    from: { name: '', address: 'bot@example.com' },
    onFailure: (failure) => failures.push(failure),
    log: createLog('trace', (line) => lines.push(line)),
  });
}

describe('who is told what about an answer of the mail server', () => {
  test.each(ANSWERS)('%s, %s: %s', async (_server, at, answer, kind) => {
    mailbox.fault = { at, answer };

    await expect(mailer().send(MAIL)).resolves.toEqual({ kind });
    expect(failures).toEqual([expect.objectContaining({ kind, status: Number(answer.slice(0, 3)) })]);
    const enhanced = / #?(\d\.\d+\.\d+)[ )]/.exec(`${answer.split('\n').at(-1)?.replace('-', ' ')} `)?.[1];
    expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({ kind, msg: 'mail not sent', remedy: expect.any(String) });
    if (!answer.includes('(#')) expect(failures[0]?.enhancedStatus).toBe(enhanced);
    // Answers quote addresses, and the log holds none.
    expect(lines.join('')).not.toMatch(/@|example\.com|secret-word|123456/);
    expect(mailbox.mails).toEqual([]);
  });
});

describe('a mail server that would refuse the bot is found before anybody asks for a code', () => {
  test.each(ANSWERS.filter(([, at, , kind]) => at !== 'message' && kind === 'bot-refused'))(
    '%s, %s: %s',
    async (_server, at, answer) => {
      mailbox.fault = { at, answer };

      const problem = await mailer().check();
      expect(problem?.message).toContain(answer.slice(0, 3));
      expect(problem?.message.length).toBeLessThan(120);
      expect(problem?.remedy).toMatch(/SMTP_URL|MAIL_FROM/);
      expect(JSON.stringify(problem)).not.toMatch(/example\.com|secret-word/);
    },
  );

  test.each(ANSWERS.filter(([, at, , kind]) => at === 'recipient' && kind !== 'bot-refused'))(
    'that its own address takes no mail does not matter: %s, %s: %s',
    async (_server, at, answer) => {
      mailbox.fault = { at, answer };

      await expect(mailer().check()).resolves.toBeUndefined();
    },
  );

  test('nothing is sent by looking', async () => {
    mailbox.fault = undefined;

    await expect(mailer().check()).resolves.toBeUndefined();
    expect(mailbox.mails).toEqual([]);
  });
});

test('an answer is read whatever its form', () => {
  expect(parseSmtpAnswer('550-5.7.26 One\r\n550 5.7.26 two')).toEqual({
    status: 550,
    enhancedStatus: '5.7.26',
    text: 'One two',
  });
  expect(parseSmtpAnswer('550 192.0.2.1 is listed')).toMatchObject({ enhancedStatus: undefined });
  expect(parseSmtpAnswer('HTTP/1.1 400 Bad Request')).toBeUndefined();
  expect(parseSmtpAnswer('')).toBeUndefined();
});

test('long and odd answers are read in a moment of linear work, and never as the recipient when they name the sender', () => {
  const answer = parseSmtpAnswer(`550 ${'sender <'.repeat(100_000)}`);
  expect(answer && isAboutRecipient(answer)).toBe(false);
});
