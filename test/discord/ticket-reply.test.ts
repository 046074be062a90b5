import { describe, expect, test } from 'vitest';
import { queuedReply, type TicketReplyContext, ticketReply } from '../../src/discord/replies/ticket-reply.ts';
import type { Duplicate, OutcomeReason, TicketOutcome } from '../../src/tickets/ticket-outcome.ts';
import { see } from './see.ts';

const DRAFT = 'AAAAAAAAAAAAAAAA';
const ADA = '123456789012345678';
const MO = '234567890123456789';
const ATTEMPT = '345678901234567890';
const AT = Date.UTC(2026, 10, 24, 12);
const SECONDS = AT / 1000;
const CONTEXT: TicketReplyContext = { draftId: DRAFT, submitterId: ADA, isEscalation: false, ticketUrl: undefined };
const ESCALATION = { ...CONTEXT, isEscalation: true };

const TRY_AGAIN = { 'Try again': `ticket-retry:${DRAFT}` };
const EDIT = { Edit: `ticket-edit:${DRAFT}` };
const SHOW = { 'Show my text': `ticket-text:${DRAFT}` };
const ANYWAY = `ticket-anyway:${DRAFT}:${ATTEMPT}`;

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
          account: { kind: 'self', maskedEmail: 'a•••@e•••.org' },
        },
      },
      says: [
        '**Ticket KVO-530-34143 is open.**',
        'Subject: My \\*server\\*',
        'Product: VPS \\<2>',
        'Account: a•••@e•••.org. Answers arrive there by email.',
      ],
      buttons: {},
    },
    {
      outcome: {
        kind: 'opened',
        reference: undefined,
        ticket: { subject: 'x', product: '', account: { kind: 'community' } },
      },
      says: [
        '**Your ticket is open.** The helpdesk did not tell its number.',
        'Subject: x',
        "Account: the community's own.",
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
      says: ['**Ticket KVO-1 is open.**', `Account: that of <@${MO}>.`],
      buttons: {},
    },
    {
      outcome: { kind: 'opened', reference: 'KVO-1' },
      says: ['**Ticket KVO-1 is open.**', 'Answers arrive by email at the account that it was opened on.'],
      buttons: {},
    },
  ],
  refused: [
    {
      outcome: { kind: 'refused', reason: 'User email is not valid. **Ask** @everyone or [here](https://x.example)' },
      says: [
        '**Nothing was opened**; your text is saved.',
        'It says: User email is not valid. \\*\\*Ask\\*\\* @\u200beveryone or \\[here\\](https://x.example)',
      ],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'refused', reason: '' },
      says: ['The helpdesk refused this ticket. **Nothing was opened**; your text is saved.\nChange what'],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
  ],
  unreachable: [
    {
      outcome: { kind: 'unreachable', cause: 'connect' },
      says: [
        'The helpdesk cannot be reached right now. **No ticket was opened**; your text is saved.',
        '**Try again**',
      ],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'unreachable', cause: 'no-turn' },
      says: ['so busy that the turn of this ticket did not come', '**No ticket was opened**; your text is saved.'],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'unreachable', cause: 'firewall' },
      says: [
        "**Something in front of the helpdesk didn't let this text through**",
        '**No ticket was opened**; your text is saved.',
        'make it shorter with **Edit**',
      ],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'unreachable', cause: 'login-blocked' },
      says: ['The helpdesk cannot be reached right now. **No ticket was opened**'],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'unreachable', cause: 'rate-limited' },
      says: ['takes no more requests for the moment. **No ticket was opened**; your text is saved.'],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
  ],
  unconfirmed: [
    {
      outcome: { kind: 'unconfirmed', at: AT, cause: 'firewall' },
      says: [
        "**Something in front of the helpdesk didn't let this text through**",
        'We do not know whether your ticket was opened',
        'look into the mailbox of the account',
        'make it shorter with **Edit**',
      ],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'unconfirmed', at: AT, isTextGone: true, cause: 'firewall' },
      says: ['We do not know whether your ticket was opened; it is unlikely.\nBefore you send it again'],
      buttons: {},
    },
    {
      outcome: { kind: 'unconfirmed', at: AT },
      context: ESCALATION,
      says: ['ask whoever reads the mailbox of the account: a confirmation there means'],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'unconfirmed', at: AT },
      says: ['**We do not know whether your ticket was opened.**', 'Your text is saved.', 'look into the mailbox'],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'unconfirmed', at: AT, isTextGone: true },
      says: ['**We do not know whether your ticket was opened.** It was sent, and no answer came that settles it.\n'],
      buttons: {},
    },
  ],
  interrupted: [
    {
      outcome: { kind: 'not-sent', reason: { kind: 'interrupted' } },
      says: ['**This has not been sent**', 'Nothing was opened; your text is saved.'],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
  ],
  'not-linked': [
    {
      outcome: { kind: 'not-sent', reason: { kind: 'not-linked' } },
      says: ['**Nothing was opened**', 'Press **Link account**; after that, **Try again** here sends what you wrote.'],
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
      outcome: { kind: 'not-sent', reason: { kind: 'limited', scope: 'person', retryAt: AT } },
      says: ['as many tickets as one person may', '**Nothing was sent**', `<t:${SECONDS}:R>`],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'not-sent', reason: { kind: 'limited', scope: 'server', retryAt: AT } },
      says: ['This server has opened as many tickets', '**Nothing was sent**', `<t:${SECONDS}:R>`],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
  ],
  'duplicate in-progress': [
    {
      outcome: { kind: 'duplicate', of: { state: 'in-progress' } },
      says: ['This is being sent already'],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
  ],
  'duplicate opened': [
    {
      outcome: { kind: 'duplicate', of: ticket('KVO-1', ADA) },
      says: [`**This is ticket KVO-1 already**, opened <t:${SECONDS}:R>. Nothing was sent now.`, '**Send anyway**'],
      buttons: { 'Send anyway': ANYWAY, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'duplicate', of: ticket(undefined, MO) },
      context: ESCALATION,
      says: [`**Already escalated as a ticket whose number is unknown** by <@${MO}>`, '**Escalate again**'],
      buttons: { 'Escalate again': ANYWAY, ...EDIT, ...SHOW },
    },
  ],
  'duplicate unconfirmed': [
    {
      outcome: { kind: 'duplicate', of: doubt(ADA) },
      says: [
        '**This may be open already.**',
        'by you',
        'Nothing was sent now; your text is saved.\nFirst look into the mailbox of the account.',
        'press **Send anyway**: at worst there are two tickets',
      ],
      buttons: { 'Send anyway': ANYWAY, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'duplicate', of: doubt(MO) },
      context: ESCALATION,
      says: [`by <@${MO}>`, 'First ask whoever reads the mailbox of the account.', 'press **Send anyway**'],
      buttons: { 'Send anyway': ANYWAY, ...EDIT, ...SHOW },
    },
  ],
  paused: [
    {
      outcome: { kind: 'not-sent', reason: { kind: 'paused', notice: 'Back *soon*\n@here' } },
      says: [
        '**Nothing was sent**; your text is saved.',
        '> Back \\*soon\\*\n> @\u200bhere',
        'Press **Try again** when they are open again.',
      ],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
  ],
  blocked: [
    {
      outcome: { kind: 'not-sent', reason: { kind: 'blocked', reason: '# Spam', until: AT } },
      says: [`until <t:${SECONDS}:f>`, 'Their reason: \\# Spam', '**Nothing was sent**; your text is saved.'],
      buttons: { ...TRY_AGAIN, ...EDIT, ...SHOW },
    },
    {
      outcome: { kind: 'not-sent', reason: { kind: 'blocked', reason: 'Spam', until: undefined } },
      says: ['stopped you from opening tickets. Their reason: Spam', 'a mistake, ask one of them'],
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
      says: ['This escalation has expired', '**Nothing was sent now**', '**Show my text**'],
      buttons: SHOW,
    },
  ],
  gone: [{ outcome: { kind: 'gone' }, says: ['This text is not stored any more', 'Nothing was sent.'], buttons: {} }],
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
  ['is', ticket('KVO-1', ADA), '**But it is ticket KVO-1 already**'],
  ['is', ticket(undefined, ADA), 'whose number is unknown'],
  ['may be', doubt(ADA), 'may have become a ticket**'],
])('"nothing was opened" does not stand alone when another try %s a ticket', (_is, earlier, words) => {
  if (!earlier) throw new Error('Each row has one.');
  const { text } = see(ticketReply({ kind: 'unreachable', cause: 'connect', earlier }, CONTEXT));
  expect(text.split('\n').at(-1)).toContain(words);
});

test('who waits in the line reads the place, and has nothing to press', () => {
  const { text, buttons } = see(queuedReply(3));
  expect(text).toContain('yours is number 3 in the line');
  expect(buttons).toEqual({});
});
