import { describe, expect, test } from 'vitest';
import { queuedReply, ticketReply } from '../../src/discord/replies/ticket-reply.ts';
import type { TicketReplyContext } from '../../src/discord/replies/ticket-reply-context.ts';
import type { Duplicate, OutcomeReason, TicketOutcome } from '../../src/tickets/ticket-outcome.ts';
import { see } from './see.ts';

const DRAFT = 'AAAAAAAAAAAAAAAA';
const ADA = '123456789012345678';
const MO = '234567890123456789';
const ATTEMPT = '345678901234567890';
const AT = Date.UTC(2026, 10, 24, 12);
const SECONDS = AT / 1000;
const HELPDESK = { name: 'the helpdesk', ticketUrl: undefined };
const CONTEXT: TicketReplyContext = {
  draftId: DRAFT,
  attemptId: ATTEMPT,
  submitterId: ADA,
  isEscalation: false,
  helpdesk: HELPDESK,
};
const ESCALATION = { ...CONTEXT, isEscalation: true };

const TRY_AGAIN = { 'Try again': `ticket-retry:${DRAFT}` };
const WHEN_BACK = { "Send when it's back": `ticket-when-back:${DRAFT}` };
const EDIT = { Edit: `ticket-edit:${DRAFT}` };
const MY_TICKETS = { 'My tickets': 'tickets' };
const SHOW = { 'Show my text': `ticket-text:${DRAFT}` };
const ANYWAY = `ticket-anyway:${DRAFT}:${ATTEMPT}`;

const SEND_DESPITE_DOUBT = { 'Send it again: it may become a second ticket': ANYWAY };
const OPEN_SECOND = { 'Open a second ticket': ANYWAY };

const ticket = (reference: string | undefined, submitterId: string) =>
  ({ state: 'opened', attemptId: ATTEMPT, submitterId, reference, at: AT }) as const;
const doubt = (submitterId: string) =>
  ({ state: 'unconfirmed', attemptId: ATTEMPT, submitterId, reference: undefined, at: AT }) as const;

interface Row {
  readonly outcome: TicketOutcome;
  readonly context?: TicketReplyContext;
  readonly says: readonly string[];
  readonly buttons: Readonly<Record<string, string>>;
}

type Label =
  | Exclude<TicketOutcome['kind'], 'not-sent' | 'duplicate'>
  | OutcomeReason['kind']
  | `duplicate ${Duplicate['of']['state']}`;

/** Every kind of outcome and every reason has its rows here, or this does not compile. */
const ROWS: Readonly<Record<Label, readonly Row[]>> = {
  opened: [
    {
      outcome: {
        kind: 'opened',
        reference: 'KVO-530-34143',
        ticket: {
          subject: 'My *server*',
          product: 'VPS <2>',
          account: { kind: 'self', email: 'ada@example.org' },
          channelId: '9',
        },
      },
      says: [
        '### ✅ Ticket KVO-530-34143 is open',
        '**My \\*server\\*** · VPS \\<2> · <#9>',
        'Replies go to ||ada@example.org||.',
      ],
      buttons: MY_TICKETS,
    },
    {
      outcome: {
        kind: 'opened',
        reference: undefined,
        ticket: { subject: 'x', product: '', account: { kind: 'community' } },
      },
      says: [
        '### ✅ Your ticket is open',
        "The helpdesk didn't give its number.",
        '**x**\n',
        "Replies go to the community's own email.",
      ],
      buttons: {},
    },
    {
      outcome: {
        kind: 'opened',
        reference: 'KVO-1',
        ticket: { subject: 'x', product: '', account: { kind: 'author', userId: MO } },
      },
      context: ESCALATION,
      says: ['Ticket KVO-1 is open', `Replies go to the email of <@${MO}>`],
      buttons: {},
    },
    {
      outcome: { kind: 'opened', reference: 'KVO-1' },
      says: ['Ticket KVO-1 is open', 'Replies come by email.'],
      buttons: MY_TICKETS,
    },
  ],
  refused: [
    {
      outcome: {
        kind: 'refused',
        reason: 'User email is not valid. **Ask** @everyone or [here](https://x.example)',
        about: 'address',
      },
      says: [
        "### ❌ The helpdesk didn't accept this ticket",
        '**Nothing was opened**; your text is saved.',
        '> User email is not valid. \\*\\*Ask\\*\\* @\u200beveryone or \\[here\\](https://x.example)',
        'Link the one you use at the helpdesk',
      ],
      buttons: { 'Link another account': 'link', ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'refused', reason: 'Your subject is blank!', about: 'text' },
      says: ['Change it with **Edit**.'],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'refused', reason: '' },
      says: ["didn't accept this ticket\n**Nothing was opened**; your text is saved.\nChange what"],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
  ],
  waiting: [
    {
      outcome: { kind: 'waiting', until: AT },
      says: [
        '### ⏳ Sent as soon as the helpdesk is back',
        '**No ticket was opened yet.**',
        `saved until <t:${SECONDS}:f>`,
        '**Cancel** is also under `/account`',
      ],
      buttons: { Cancel: `ticket-cancel:${DRAFT}`, ...EDIT, ...SHOW },
    },
  ],
  unreachable: [
    {
      outcome: { kind: 'unreachable', at: AT, cause: 'connect' },
      context: ESCALATION,
      says: ['Press **Try again** in a few minutes.', `-# Last try <t:${SECONDS}:R>`],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'unreachable', at: AT, cause: 'connect' },
      context: { ...CONTEXT, leftAloneUntil: AT + 60_000 },
      says: [`The next try is <t:${SECONDS + 60}:R>`, 'or **Try again** after that'],
      buttons: { ...WHEN_BACK, ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'unreachable', at: AT, cause: 'connect' },
      says: ["### 💤 Can't reach the helpdesk right now", '**Try again**'],
      buttons: { ...WHEN_BACK, ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'unreachable', at: AT, cause: 'no-turn' },
      says: ['The helpdesk is overloaded', '**No ticket was opened**; your text is saved'],
      buttons: { ...WHEN_BACK, ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'unreachable', at: AT, cause: 'firewall' },
      says: [
        'Something in front of the helpdesk blocked it',
        '**No ticket was opened**; your text is saved',
        'make it shorter with **Edit**',
      ],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'unreachable', at: AT, cause: 'login-blocked' },
      says: ["Can't reach the helpdesk right now"],
      buttons: { ...WHEN_BACK, ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'unreachable', at: AT, cause: 'rate-limited' },
      says: ["isn't taking more requests right now", '**No ticket was opened**; your text is saved'],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
  ],
  unconfirmed: [
    {
      outcome: { kind: 'unconfirmed', at: AT, cause: 'firewall' },
      says: [
        '⚠️ Probably not opened',
        'Something in front of the helpdesk blocked this text',
        '**Check your email first:**',
        'make it shorter with **Edit**',
      ],
      buttons: { ...SEND_DESPITE_DOUBT, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'unconfirmed', at: AT, isTextGone: true, cause: 'firewall' },
      says: ['It may be open all the same.\n**Check your email first:**'],
      buttons: {},
    },
    {
      outcome: { kind: 'unconfirmed', at: AT },
      context: ESCALATION,
      says: ["**Ask whoever reads the account's email first:** a confirmation there means"],
      buttons: { ...SEND_DESPITE_DOUBT, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'unconfirmed', at: AT },
      says: ['### ⚠️ Not sure it went through', 'Your text is saved.', 'Then send it again.'],
      buttons: { ...SEND_DESPITE_DOUBT, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'unconfirmed', at: AT, isTextGone: true },
      says: ['It was sent to the helpdesk, but no clear answer came back. It may be open already.\n'],
      buttons: {},
    },
  ],
  interrupted: [
    {
      outcome: { kind: 'not-sent', reason: { kind: 'interrupted' } },
      says: ['### 📝 Not sent yet', '**Nothing was sent**; your text is saved.'],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
  ],
  'not-linked': [
    {
      outcome: { kind: 'not-sent', reason: { kind: 'not-linked' } },
      says: ['**Nothing was sent**', 'Press **Link account**; after that, **Try again** here sends what you wrote.'],
      buttons: { 'Link account': 'link', ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
  ],
  invalid: [
    {
      outcome: {
        kind: 'not-sent',
        reason: {
          kind: 'invalid',
          issues: [
            { field: 'subject', problem: 'blank' },
            { field: 'product', problem: 'line-break' },
            { field: 'body', problem: 'too-long' },
          ],
        },
      },
      says: [
        '**Nothing was sent**; your text is saved.',
        '- The subject is empty.',
        '- The product has a line break in it.',
        '- The description is longer than 4000 characters.',
      ],
      buttons: { ...EDIT, ...SHOW },
    },
  ],
  limited: [
    {
      outcome: { kind: 'not-sent', reason: { kind: 'limited', limit: 5, scope: 'person', retryAt: AT } },
      says: ["You've reached the limit of 5 tickets per hour.", '**Nothing was sent**', `<t:${SECONDS}:R>`],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'not-sent', reason: { kind: 'limited', limit: 5, scope: 'server', retryAt: AT } },
      says: ['This server has reached its limit of 5 tickets per hour.', '**Nothing was sent**', `<t:${SECONDS}:R>`],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
  ],
  'duplicate in-progress': [
    {
      outcome: { kind: 'duplicate', of: { state: 'in-progress' } },
      says: ['Already being sent'],
      buttons: { ...TRY_AGAIN, ...SHOW },
    },
  ],
  'duplicate opened': [
    {
      outcome: { kind: 'duplicate', of: ticket('KVO-1', ADA) },
      says: ['### ✅ Already opened as KVO-1', `It was opened <t:${SECONDS}:R> by you. Nothing was sent now.`],
      buttons: { ...OPEN_SECOND, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'duplicate', of: ticket(undefined, MO) },
      context: ESCALATION,
      says: ['Already escalated (number unknown)', `by <@${MO}>`],
      buttons: { ...OPEN_SECOND, ...EDIT, ...SHOW },
    },
  ],
  'duplicate unconfirmed': [
    {
      outcome: { kind: 'duplicate', of: doubt(ADA) },
      says: [
        '### ⚠️ This may be open already',
        'by you',
        'Nothing was sent now; your text is saved.\n**Check your email first:**',
        'Otherwise send it again',
      ],
      buttons: { ...SEND_DESPITE_DOUBT, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'duplicate', of: doubt(MO) },
      context: ESCALATION,
      says: [`by <@${MO}>`, "**Ask whoever reads the account's email first:**"],
      buttons: { ...SEND_DESPITE_DOUBT, ...EDIT, ...SHOW },
    },
  ],
  paused: [
    {
      outcome: { kind: 'not-sent', reason: { kind: 'paused', notice: 'Back *soon*\n@here' } },
      says: [
        '**Nothing was sent**; your text is saved.',
        '> Back *soon*\n> @\u200bhere',
        'Press **Try again** when tickets are open again.',
      ],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
  ],
  blocked: [
    {
      outcome: { kind: 'not-sent', reason: { kind: 'blocked', reason: '# Spam', until: AT } },
      says: [`until <t:${SECONDS}:f>`, "The moderators' reason: \\# Spam", '**Nothing was sent**; your text is saved.'],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'not-sent', reason: { kind: 'blocked', reason: 'Spam', until: undefined } },
      says: ["You can't open tickets here\nThe moderators' reason: Spam", 'a mistake? Ask one of them'],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
  ],
  'not-moderator': [
    {
      outcome: { kind: 'not-sent', reason: { kind: 'not-moderator' } },
      context: ESCALATION,
      says: ['**Nothing was sent**', 'Your text is saved'],
      buttons: SHOW,
    },
  ],
  'author-unavailable': [
    {
      outcome: { kind: 'not-sent', reason: { kind: 'author-unavailable' } },
      context: ESCALATION,
      says: ['**Nothing was sent**', 'Choose another account with **Edit**.'],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
  ],
  'community-unavailable': [
    {
      outcome: { kind: 'not-sent', reason: { kind: 'community-unavailable' } },
      context: ESCALATION,
      says: ['**Nothing was sent**', 'Choose another account with **Edit**.'],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
  ],
  'escalation-expired': [
    {
      outcome: { kind: 'not-sent', reason: { kind: 'escalation-expired' } },
      context: ESCALATION,
      says: ['This escalation timed out', '**Nothing was sent**', '**Show my text**'],
      buttons: SHOW,
    },
  ],
  'ticket-closed': [
    {
      outcome: { kind: 'not-sent', reason: { kind: 'ticket-closed' }, answers: 'KVO-530-34143' },
      says: ['This ticket is closed', '**Nothing was sent**', '`/ticket`'],
      buttons: SHOW,
    },
  ],
  'ticket-not-shown': [
    {
      outcome: { kind: 'not-sent', reason: { kind: 'ticket-not-shown' }, answers: 'KVO-530-34143' },
      says: ["can't be answered here", '**Nothing was sent**', 'try again later'],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
  ],
  gone: [{ outcome: { kind: 'gone' }, says: ['This text is gone', 'Nothing was sent.'], buttons: {} }],
};

describe.each(Object.entries(ROWS))('%s', (_kind, rows) => {
  test.each(rows)(
    'is told in plain words, with what can be done next ($says.0)',
    ({ outcome, context, says, buttons }) => {
      const seen = see(ticketReply(outcome, context ?? CONTEXT));
      for (const words of says) expect(seen.text).toContain(words);
      expect(seen.buttons).toEqual(buttons);
    },
  );
});

test.each<[string, TicketOutcome['earlier'], string]>([
  ['is', ticket('KVO-1', ADA), "**But it's ticket KVO-1 already**"],
  ['is', ticket(undefined, ADA), 'a ticket (number unknown)'],
  ['may be', doubt(ADA), 'may have become a ticket.**'],
])('"nothing was opened" does not stand alone when another try %s a ticket', (_is, earlier, words) => {
  if (!earlier) throw new Error('Each row has one.');
  const { text } = see(ticketReply({ kind: 'unreachable', at: AT, cause: 'connect', earlier }, CONTEXT));
  expect(text.split('\n').at(-1)).toContain(words);
});

test('who waits in the line reads the place, and has nothing to press', () => {
  const { text, buttons } = see(queuedReply(3));
  expect(text).toContain("You're number 3 in line");
  expect(buttons).toEqual({});
});
