import { answerModal } from '../../src/discord/forms/answer-modal.ts';
import { lookingReply } from '../../src/discord/replies/answer-outcome-reply.ts';
import { ticketReply } from '../../src/discord/replies/ticket-reply.ts';
import {
  ticketClosedReply,
  ticketNotShownReply,
  ticketUnreachableReply,
  ticketViewReply,
} from '../../src/discord/replies/ticket-view-reply.ts';
import { ticketsReply } from '../../src/discord/replies/tickets-reply.ts';
import type { OpenedTicket } from '../../src/tickets/opened/opened-tickets-record.ts';
import type { TicketView } from '../../src/tickets/opened/ticket-view.ts';
import type { TicketOutcome } from '../../src/tickets/ticket-outcome.ts';
import type { Sample, SampleGroup } from './sample.ts';
import { ADA, ATTEMPT, DRAFT, FUTURE, MIA, PAST, type SampleWords } from './sample-words.ts';

function ticketOf({ subject, reference }: SampleWords, change: Partial<OpenedTicket> = {}): OpenedTicket {
  const seen = { at: PAST, state: 'Open', posts: [] };
  return { id: ATTEMPT, reference, subject, account: '', openedAt: PAST, touchedAt: PAST, seen, ...change };
}

function viewOf({ subject, reference, body }: SampleWords, change: Partial<TicketView> = {}): TicketView {
  const post = { writtenAt: '2027-01-15 09:30:00', text: body };
  return {
    reference,
    subject,
    state: 'In Progress',
    isClosed: false,
    lastActivityAt: '2027-01-15 10:00:00',
    ownPosts: [post],
    otherPosts: [{ writtenAt: '2027-01-15 10:00:00' }],
    ...change,
  };
}

/** A list with more than one page, of which the first one is full. */
function manyTickets(words: SampleWords): OpenedTicket[] {
  return Array.from({ length: 8 }, (_, index) =>
    ticketOf(words, {
      id: `${ATTEMPT}${index}`,
      newSince: PAST,
      moderatorId: MIA,
      seen: { at: PAST, state: words.product, posts: [] },
    }),
  );
}

function viewSamples(words: SampleWords): Sample[] {
  const { helpdesk, body } = words;
  const context = { ticket: ticketOf(words), helpdesk, page: 0 };
  const posts = Array.from({ length: 4 }, () => ({ writtenAt: '1800000000', text: body }));
  return [
    {
      when: 'One of them',
      by: ['ticketViewReply'],
      shows: ticketViewReply(viewOf(words), { ...context, watching: 'off' }),
    },
    {
      when: 'One of them, whose person is told of changes',
      by: ['ticketViewReply'],
      shows: ticketViewReply(viewOf(words), { ...context, watching: 'on' }),
    },
    {
      when: 'One of them, where HELPDESK_SHOW_POSTS=yes',
      by: ['ticketViewReply'],
      shows: ticketViewReply(viewOf(words, { ownPosts: posts, otherPosts: posts, state: words.product }), {
        ...context,
        ticket: ticketOf(words, { moderatorId: MIA }),
      }),
    },
    {
      when: 'A closed one, in which nobody else has written',
      by: ['ticketViewReply'],
      shows: ticketViewReply(viewOf(words, { state: 'Closed', isClosed: true, otherPosts: [] }), context),
    },
    {
      when: 'The helpdesk cannot be reached',
      by: ['ticketUnreachableReply'],
      shows: ticketUnreachableReply(context),
    },
    { when: 'It is not theirs, gone, or not shown', by: ['ticketNotShownReply'], shows: ticketNotShownReply(helpdesk) },
  ];
}

function answerSamples(words: SampleWords): Sample[] {
  const { reference, refusal, helpdesk } = words;
  const attempt = { attemptId: ATTEMPT, submitterId: ADA, at: PAST, reference } as const;
  const outcomes: readonly [when: string, outcome: TicketOutcome][] = [
    ['The answer was posted', { kind: 'opened', reference }],
    ['The helpdesk refused it', { kind: 'refused', reason: refusal }],
    ['The helpdesk cannot be reached', { kind: 'unreachable', at: PAST, cause: 'connect' }],
    ['It waits for the helpdesk', { kind: 'waiting', until: FUTURE }],
    ['Three looks did not find it', { kind: 'unconfirmed', at: PAST }],
    ['Three looks did not find it, and its text is gone', { kind: 'unconfirmed', at: PAST, isTextGone: true }],
    ['The ticket is closed', { kind: 'not-sent', reason: { kind: 'ticket-closed' } }],
    ['The ticket is not theirs, gone, or not shown', { kind: 'not-sent', reason: { kind: 'ticket-not-shown' } }],
    [
      'The limit of answers is reached',
      { kind: 'not-sent', reason: { kind: 'limited', limit: 30, scope: 'answers', retryAt: FUTURE } },
    ],
    [
      'The text has only "0" or nothing in it',
      {
        kind: 'not-sent',
        reason: { kind: 'invalid', issues: [{ field: 'body', problem: 'blank' }] },
      },
    ],
    ['It is being sent already', { kind: 'duplicate', of: { state: 'in-progress' } }],
    ['It was posted before', { kind: 'duplicate', of: { ...attempt, state: 'opened' } }],
    ['It may have been posted before', { kind: 'duplicate', of: { ...attempt, state: 'unconfirmed' } }],
    [
      'It was refused now, and may have been posted before',
      { kind: 'refused', reason: refusal, earlier: { ...attempt, state: 'unconfirmed' } },
    ],
    [
      'It was refused now, and was posted before',
      { kind: 'refused', reason: refusal, earlier: { ...attempt, state: 'opened' } },
    ],
    [
      'It was refused now, and nobody knows about before',
      {
        kind: 'refused',
        reason: refusal,
        earlier: { state: 'unknown' },
      },
    ],
    ['The text is gone', { kind: 'gone' }],
  ];
  return outcomes.map(([when, outcome]) => ({
    when,
    by: ['ticketReply', 'answerOutcomeReply', 'notSentReply', 'unreachableReply'],
    shows: ticketReply(
      { ...outcome, answers: reference },
      { draftId: DRAFT, attemptId: ATTEMPT, submitterId: ADA, isEscalation: false, helpdesk },
    ),
  }));
}

export const OWN_TICKETS_GROUPS: readonly SampleGroup[] = [
  {
    heading: "A person's own tickets",
    samples: (words) => [
      { when: 'There are none', by: ['ticketsReply'], shows: ticketsReply([], 0) },
      {
        when: 'There is one, of which the helpdesk did not say the number',
        by: ['ticketsReply'],
        shows: ticketsReply([ticketOf({ ...words, reference: '' }, { reference: undefined, seen: undefined })], 0),
      },
      { when: 'There are many', by: ['ticketsReply'], shows: ticketsReply(manyTickets(words), 0) },
      ...viewSamples(words),
    ],
  },
  {
    heading: 'An answer to a ticket',
    samples: (words) => [
      {
        when: 'Reply',
        by: ['answerModal'],
        shows: answerModal(DRAFT, { ticketId: ATTEMPT, reference: words.reference, body: words.body }),
      },
      {
        when: 'The ticket was closed at the last look',
        by: ['ticketClosedReply'],
        shows: ticketClosedReply(ticketOf(words)),
      },
      { when: 'No clear answer came, and the bot looks', by: ['lookingReply'], shows: lookingReply() },
      ...answerSamples(words),
    ],
  },
];
