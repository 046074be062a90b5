import { closedReply, helpdeskDownReply } from '../../src/discord/replies/closed-reply.ts';
import { sentLaterMessage } from '../../src/discord/replies/sent-later-message.ts';
import { notSavedReply, notYetSavedReply, savedReply, textReply } from '../../src/discord/replies/text-reply.ts';
import { cancelledReply, queuedReply, ticketReply } from '../../src/discord/replies/ticket-reply.ts';
import type { TicketReplyContext } from '../../src/discord/replies/ticket-reply-context.ts';
import { EMPTY_FIELDS } from '../../src/tickets/ticket-fields.ts';
import type { Duplicate, OutcomeReason, TicketOutcome } from '../../src/tickets/ticket-outcome.ts';
import type { Sample, SampleGroup } from './sample.ts';
import { ADA, ATTEMPT, DRAFT, FUTURE, HELP_CHANNEL, MIA, PAST, type SampleWords } from './sample-words.ts';

type Case = readonly [when: string, outcome: TicketOutcome, context?: Partial<TicketReplyContext>];

type Label =
  | Exclude<TicketOutcome['kind'], 'not-sent' | 'duplicate'>
  | OutcomeReason['kind']
  | `duplicate ${Duplicate['of']['state']}`;

const notSent = (reason: OutcomeReason): TicketOutcome => ({ kind: 'not-sent', reason });
const ESCALATION = { isEscalation: true, submitterId: MIA };

/** Every outcome and every reason has its words here, or this does not compile. */
function casesOf(words: SampleWords): Readonly<Record<Label, readonly Case[]>> {
  const { subject, product, email, reference } = words;
  const attempt = { attemptId: ATTEMPT, submitterId: ADA, at: PAST } as const;
  return {
    opened: [
      [
        'The helpdesk opened it',
        {
          kind: 'opened',
          reference,
          ticket: { subject, product, account: { kind: 'self', email }, channelId: HELP_CHANNEL },
        },
      ],
      [
        "It was opened in an author's name",
        { kind: 'opened', reference, ticket: { subject, product, account: { kind: 'author', userId: ADA } } },
        ESCALATION,
      ],
      [
        'It was opened for the community, and its number is unknown',
        { kind: 'opened', reference: undefined, ticket: { subject, product: '', account: { kind: 'community' } } },
        ESCALATION,
      ],
      ['It is looked up later', { kind: 'opened', reference }],
    ],
    refused: [
      ['The helpdesk refused the text', { kind: 'refused', reason: words.refusal, about: 'text' }],
      [
        'The helpdesk refused the address',
        { kind: 'refused', reason: `User email is not valid. ${words.refusal}`, about: 'address' },
      ],
      ['The helpdesk gave no reason', { kind: 'refused', reason: '' }],
    ],
    unreachable: [
      ['The helpdesk cannot be reached', { kind: 'unreachable', at: PAST, cause: 'connect' }],
      [
        'The bot leaves the helpdesk alone for a moment',
        { kind: 'unreachable', at: PAST, cause: 'connect' },
        { leftAloneUntil: FUTURE },
      ],
      ['Its turn did not come', { kind: 'unreachable', at: PAST, cause: 'no-turn' }],
      ['The helpdesk allows no more requests', { kind: 'unreachable', at: PAST, cause: 'rate-limited' }],
      ['A firewall blocked the text', { kind: 'unreachable', at: PAST, cause: 'firewall' }],
      [
        'The helpdesk cannot be reached, and an earlier try opened a ticket',
        { kind: 'unreachable', at: PAST, cause: 'connect', earlier: { ...attempt, state: 'opened', reference } },
      ],
      [
        'The same, with a number that is unknown',
        {
          kind: 'unreachable',
          at: PAST,
          cause: 'connect',
          earlier: { ...attempt, state: 'opened', reference: undefined },
        },
      ],
      [
        'The same, and nobody knows whether an earlier try opened one',
        {
          kind: 'unreachable',
          at: PAST,
          cause: 'connect',
          earlier: { ...attempt, state: 'unconfirmed', reference: undefined },
        },
      ],
      [
        'The same, and the store cannot be asked about earlier tries',
        { kind: 'unreachable', at: PAST, cause: 'connect', earlier: { state: 'unknown' } },
      ],
    ],
    waiting: [['It is sent when the helpdesk is back', { kind: 'waiting', until: FUTURE }]],
    unconfirmed: [
      ['The helpdesk gave no clear answer', { kind: 'unconfirmed', at: PAST }],
      ['The same, and the text has expired', { kind: 'unconfirmed', at: PAST, isTextGone: true }],
      ['The same about an escalation', { kind: 'unconfirmed', at: PAST }, ESCALATION],
      ['A firewall blocked the text', { kind: 'unconfirmed', at: PAST, cause: 'firewall' }],
    ],
    gone: [['The text is stored no more', { kind: 'gone' }]],
    interrupted: [['The bot stopped before it was sent', notSent({ kind: 'interrupted' })]],
    'not-linked': [['No account is linked', notSent({ kind: 'not-linked' })]],
    invalid: [
      [
        'Fields are empty, too long or have line breaks',
        notSent({
          kind: 'invalid',
          issues: [
            { field: 'subject', problem: 'blank' },
            { field: 'product', problem: 'line-break' },
            { field: 'body', problem: 'too-long' },
          ],
        }),
      ],
    ],
    limited: [
      ["A person's limit is reached", notSent({ kind: 'limited', limit: 5, scope: 'person', retryAt: FUTURE })],
      ["A server's limit is reached", notSent({ kind: 'limited', limit: 60, scope: 'server', retryAt: FUTURE })],
    ],
    paused: [['Moderators paused tickets', notSent({ kind: 'paused', notice: words.notice })]],
    blocked: [
      [
        'Moderators blocked the person for a time',
        notSent({ kind: 'blocked', reason: words.blockReason, until: FUTURE }),
      ],
      [
        'Moderators blocked the person, and an earlier try opened a ticket',
        {
          ...notSent({ kind: 'blocked', reason: words.blockReason, until: undefined }),
          earlier: { ...attempt, state: 'opened', reference },
        },
      ],
    ],
    'not-moderator': [['Somebody is no moderator any more', notSent({ kind: 'not-moderator' }), ESCALATION]],
    'author-unavailable': [['The author is unlinked or said no', notSent({ kind: 'author-unavailable' }), ESCALATION]],
    'community-unavailable': [
      ["The community's account is not set up any more", notSent({ kind: 'community-unavailable' }), ESCALATION],
    ],
    'ticket-closed': [['The ticket that is answered is closed', notSent({ kind: 'ticket-closed' })]],
    'ticket-not-shown': [['The ticket that is answered is not shown', notSent({ kind: 'ticket-not-shown' })]],
    'escalation-expired': [['An escalation has expired', notSent({ kind: 'escalation-expired' }), ESCALATION]],
    'duplicate in-progress': [
      ['It is being sent already', { kind: 'duplicate', of: { state: 'in-progress' } }],
      ['It is being escalated already', { kind: 'duplicate', of: { state: 'in-progress' } }, ESCALATION],
    ],
    'duplicate opened': [
      ['It was opened before', { kind: 'duplicate', of: { ...attempt, state: 'opened', reference } }],
      [
        'It was escalated before by somebody else, and its number is unknown',
        { kind: 'duplicate', of: { ...attempt, state: 'opened', reference: undefined } },
        ESCALATION,
      ],
    ],
    'duplicate unconfirmed': [
      ['It may have been opened before', { kind: 'duplicate', of: { ...attempt, state: 'unconfirmed', reference } }],
    ],
  };
}

function ticketSamples(words: SampleWords): Sample[] {
  return Object.values(casesOf(words))
    .flat()
    .map(([when, outcome, context = {}]) => ({
      when,
      by: ['ticketReply', 'notSentReply', 'unreachableReply', 'pausedCard', 'blockedCard', 'limitedCard'],
      shows: ticketReply(outcome, {
        draftId: DRAFT,
        attemptId: ATTEMPT,
        submitterId: ADA,
        isEscalation: false,
        helpdesk: words.helpdesk,
        ...context,
      }),
    }));
}

export const TICKET_GROUPS: readonly SampleGroup[] = [
  {
    heading: 'Instead of the form of a ticket',
    samples: (words) => [
      ...(
        [
          ['Tickets are paused', { kind: 'paused', notice: words.notice }],
          ['The person is blocked', { kind: 'blocked', reason: words.blockReason }],
          ["The person's limit is reached", { kind: 'limited', limit: 1, scope: 'person', retryAt: FUTURE }],
          ["The server's limit is reached", { kind: 'limited', limit: 60, scope: 'server', retryAt: FUTURE }],
        ] as const
      ).map(([when, refusal]) => ({ when, by: ['closedReply'], shows: closedReply(refusal) })),
      {
        when: 'The helpdesk failed several times in a row',
        by: ['helpdeskDownReply'],
        shows: helpdeskDownReply(words.helpdesk, FUTURE),
      },
    ],
  },
  {
    heading: 'While a ticket is sent, and what became of it',
    samples: (words) => [
      { when: 'It waits for its turn', by: ['queuedReply'], shows: queuedReply(7) },
      ...ticketSamples(words),
      { when: "After Cancel of Send when it's back", by: ['cancelledReply'], shows: cancelledReply(DRAFT) },
    ],
  },
  {
    heading: 'Direct messages about a text that was sent when the helpdesk was back',
    samples: ({ subject, reference, helpdesk }) =>
      (
        [
          ['It was opened', { kind: 'opened', reference }],
          ['Nobody knows', { kind: 'unconfirmed', at: PAST }],
          ['It was not sent', { kind: 'refused', reason: '' }],
        ] as const
      ).map(([when, outcome]) => ({
        when,
        by: ['sentLaterMessage'],
        shows: { text: sentLaterMessage(outcome, subject, helpdesk) },
      })),
  },
  {
    heading: 'A text that comes back',
    samples: ({ subject, product, body }) => [
      { when: 'Show my text', by: ['textReply'], shows: textReply({ ...EMPTY_FIELDS, subject, product, body }) },
      {
        when: 'Show my text, of a long one',
        by: ['textReply'],
        shows: textReply({ ...EMPTY_FIELDS, subject, product, body: `${body}\`\`\`` }),
      },
      {
        when: 'The store takes longer than a second to save the text',
        by: ['notYetSavedReply'],
        shows: notYetSavedReply({ ...EMPTY_FIELDS, subject, product, body }),
      },
      { when: 'It is saved after that', by: ['savedReply'], shows: savedReply() },
      {
        when: 'The store failed before the text was saved',
        by: ['notSavedReply'],
        shows: notSavedReply({ ...EMPTY_FIELDS, subject, product, body }),
      },
    ],
  },
];
