/** What a mail server said. */
export interface SmtpAnswer {
  /** Its first three digits, such as 550. */
  readonly status: number;
  /** RFC 3463, such as 5.7.1; many servers send none. */
  readonly enhancedStatus: string | undefined;
  /** All its lines without the numbers. It may hold addresses: it is read and never written down. */
  readonly text: string;
}

/** Where the enhanced status stands: before the text or, as qmail writes it, behind it. */
const IN_FRONT = /^#?([245]\.\d{1,3}\.\d{1,3})(?=[\s:;,]|$)/;
const BEHIND = /\(#([245]\.\d{1,3}\.\d{1,3})\)/;

/** Reads an answer of one or several lines. @returns undefined when it does not start with a status. */
export function parseSmtpAnswer(response: string): SmtpAnswer | undefined {
  const status = /^[245]\d\d(?=[ -]|$)/.exec(response)?.[0];
  if (status === undefined) return undefined;
  const lines = response.split(/\r?\n/).map((line) => line.replace(/^\d{3}(?:[ -]|$)/, ''));
  const [enhancedStatus] = lines.map((line) => IN_FRONT.exec(line)?.[1] ?? BEHIND.exec(line)?.[1]).filter(Boolean);
  const text = lines.map((line) => line.replace(IN_FRONT, '').trim()).join(' ');
  return { status: Number(status), enhancedStatus, text };
}

/**
 * Whether an answer to RCPT TO is about the recipient and will stay so. Everything else (the sender, relaying, the login,
 * TLS, a policy, a quota) is between the mail server and the bot: who typed the address can do nothing about it.
 */
export function isAboutRecipient({ status, enhancedStatus, text }: SmtpAnswer): boolean {
  if (status < 500) return false;
  const words = withoutAddresses(text);
  if (enhancedStatus === undefined || /^5\.0\.\d+$/.test(enhancedStatus)) {
    return UNSPECIFIC_STATUSES.has(status) && !ABOUT_THE_BOT.some((pattern) => pattern.test(words));
  }
  // Addresses (5.1) and mailboxes (5.2), of recipients and senders: servers that decide about the sender at RCPT TO use them,
  // too. Where these answers speak of a relay, a policy or a quota, they mean the recipient's.
  if (!/^5\.[12]\.\d+$/.test(enhancedStatus) || SENDER_STATUSES.has(enhancedStatus)) return false;
  if (ABOUT_A_REJECTED_RECIPIENT.test(words)) return true;
  return !ABOUT_THE_SENDER.test(words) && !ABOUT_A_SENDING_LIMIT.test(words);
}

/** RFC 5321's answers about a mailbox: not there, elsewhere, full, misnamed. */
const UNSPECIFIC_STATUSES = new Set([550, 551, 552, 553]);
/** Bad syntax and bad domain of the sender's address (RFC 3463); the daily limit and "send as" denied (Exchange). */
const SENDER_STATUSES = new Set(['5.1.7', '5.1.8', '5.1.90', '5.2.252']);

const ABOUT_THE_SENDER =
  /\bsenders?\b|send ?as(?![a-z])|sendas|mail ?from\b|\bfrom (?:address|header|field)|"?from"? address|return[- ]?path|reverse[- ]?path|badmailfrom|\boriginator\b/i;
const ABOUT_A_SENDING_LIMIT =
  /submission quota|outgoing|(?:daily|hourly|sending) (?:\w+ )?(?:limit|quota)|reached your|\byour (?:\w+ )?(?:limit|quota)/i;
const ABOUT_A_REJECTED_RECIPIENT = /recipient address rejected|recipient (?:not found|unknown)|recipientnotfound/i;

const ABOUT_THE_BOT: readonly RegExp[] = [
  ABOUT_THE_SENDER,
  /relay|\brelai|rcpthosts|unauthenticated|not local\b.*\bhost/i,
  /\bauth|\blog(?:ged|ging)?[- ]?(?:in|on)\b|credential|password|\bsasl\b/i,
  /\btls\b|\bssl\b|starttls|encrypt|certificate/i,
  /polic(?:y|ies)|prohibit|spam|\bblock|black[- ]?list|\bblocklist|\bdeny\b|den(?:y|ied)\b|forbidden|reputation|\brbl\b|dnsbl|listed\b|\bbann?ed\b|suspend|unsolicited|\babuse/i,
  /\bspf\b|dkim|dmarc|reverse dns|\bptr\b|\bhelo\b|\behlo\b|\bclient host|\byour (?:ip|host|server|domain|account)\b|\bip address|unverified|not verified/i,
  /quota|\blimit|throttl|\btoo many\b|\brate\b|\bdaily\b|\bhourly\b|per (?:hour|day)\b|try again later/i,
];

/** Addresses and host names may contain any of the words that are looked for. */
function withoutAddresses(text: string): string {
  return text.replace(/<[^<>]*>|\S+@\S+|https?:\/\/\S+/g, ' ');
}
