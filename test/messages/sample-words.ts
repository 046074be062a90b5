import { FIELD_LIMITS } from '../../src/tickets/ticket-fields.ts';

/** What messages carry that others wrote. */
export interface SampleWords {
  readonly helpdesk: { readonly name: string; readonly ticketUrl: string | undefined };
  readonly email: string;
  readonly subject: string;
  readonly product: string;
  readonly body: string;
  readonly reference: string;
  /** Why the helpdesk refuses a ticket. */
  readonly refusal: string;
  /** Why tickets are paused, in a moderator's words. */
  readonly notice: string;
  /** Why somebody is blocked. */
  readonly blockReason: string;
  readonly personName: string;
  readonly guildName: string;
}

export const ORDINARY: SampleWords = {
  helpdesk: { name: 'Example Hosting', ticketUrl: 'https://my.example.com/tickets/{reference}' },
  email: 'ada@example.org',
  subject: 'My server does not boot',
  product: 'VPS',
  body: 'It hangs at the kernel panic.',
  reference: 'KVO-530-34143',
  refusal: 'Your subject is too short.',
  notice: 'We move to a new data centre. **Back at noon.**',
  blockReason: 'Spam',
  personName: 'ada',
  guildName: 'Example Server',
};

/** Discord's and our own limits, all of them reached by words that are escaped wherever markdown can be. */
export const LONGEST: SampleWords = {
  helpdesk: { name: long(24), ticketUrl: `https://my.example.com/${'x'.repeat(400)}/{reference}` },
  // The longest local part that there is, and the longest domain.
  email: `${long(64)}@${'x'.repeat(63)}.${'x'.repeat(63)}.${'x'.repeat(58)}.org`,
  subject: long(FIELD_LIMITS.subject),
  product: long(FIELD_LIMITS.product),
  body: long(FIELD_LIMITS.body),
  reference: long(10_000),
  refusal: long(10_000),
  notice: '> \n'.repeat(167).slice(0, 500),
  blockReason: long(500),
  personName: long(32),
  guildName: long(100),
};

/** The most bytes: three for each UTF-16 unit. */
export const WIDEST: SampleWords = {
  helpdesk: { name: wide(24), ticketUrl: LONGEST.helpdesk.ticketUrl },
  email: LONGEST.email,
  subject: wide(FIELD_LIMITS.subject),
  product: wide(FIELD_LIMITS.product),
  body: wide(FIELD_LIMITS.body),
  reference: wide(10_000),
  refusal: wide(10_000),
  notice: wide(500),
  blockReason: wide(500),
  personName: wide(32),
  guildName: wide(100),
};

function long(length: number): string {
  return '*<@[|~`_'.repeat(length / 8 + 1).slice(0, length);
}

function wide(length: number): string {
  return '日'.repeat(length);
}

export const ADA = '100000000000000001';
export const MIA = '100000000000000002';
export const HELP_CHANNEL = '200000000000000001';
export const GUILD = '300000000000000001';
export const DRAFT = 'AAAAAAAAAAAAAAAA';
export const ATTEMPT = '400000000000000001';
export const PAST = Date.UTC(2026, 10, 24, 9);
export const FUTURE = Date.UTC(2026, 10, 24, 15);
export const MESSAGE_URL = `https://discord.com/channels/${GUILD}/${HELP_CHANNEL}/${ATTEMPT}`;
