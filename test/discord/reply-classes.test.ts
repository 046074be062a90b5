import { expect, test } from 'vitest';
import { classifyDirectMessage, classifyReply } from '../../sandbox/chaos/reply-classifier.ts';
import { asBody } from '../../src/discord/replies/reply.ts';
import { sentLaterMessage } from '../../src/discord/replies/sent-later-message.ts';
import { ticketReply } from '../../src/discord/replies/ticket-reply.ts';
import {
  type DuplicateOf,
  labelOf,
  notSent,
  type OutcomeReason,
  saysNothingWasOpened,
  type TicketOutcome,
} from '../../src/tickets/ticket-outcome.ts';

const EARLIER = { attemptId: '400000000000000001', submitterId: '100000000000000001', at: 1_800_000_000_000 };
const ALREADY: DuplicateOf = { state: 'opened', reference: 'KVO-530-34143', ...EARLIER };
const MAYBE: DuplicateOf = { state: 'unconfirmed', reference: undefined, ...EARLIER };

type Row = [label: string, outcome: TicketOutcome, replyClass: string];

/** Every reason for which nothing was sent. */
const REASONS: { [K in OutcomeReason['kind']]: Extract<OutcomeReason, { kind: K }> } = {
  interrupted: { kind: 'interrupted' },
  'not-linked': { kind: 'not-linked' },
  invalid: { kind: 'invalid', issues: [{ field: 'body', problem: 'blank' }] },
  limited: { kind: 'limited', limit: 5, retryAt: 1_800_000_000_000, scope: 'person' },
  paused: { kind: 'paused', notice: 'Back at noon.' },
  blocked: { kind: 'blocked', reason: 'Spam.' },
  'not-moderator': { kind: 'not-moderator' },
  'author-unavailable': { kind: 'author-unavailable' },
  'community-unavailable': { kind: 'community-unavailable' },
  'escalation-expired': { kind: 'escalation-expired' },
  'ticket-closed': { kind: 'ticket-closed' },
  'ticket-not-shown': { kind: 'ticket-not-shown' },
};
/** Every other outcome, and what somebody knows who has read it. */
const OUTCOMES: { [K in Exclude<TicketOutcome['kind'], 'not-sent'>]: [Extract<TicketOutcome, { kind: K }>, string][] } =
  {
    opened: [[{ kind: 'opened', reference: 'KVO-530-34143' }, 'opened']],
    refused: [[{ kind: 'refused', reason: 'User email is not valid. Please try again!' }, 'nothing']],
    unreachable: [[{ kind: 'unreachable', at: 0 }, 'nothing']],
    waiting: [[{ kind: 'waiting', until: 1_800_000_000_000 }, 'nothing']],
    unconfirmed: [[{ kind: 'unconfirmed', at: 1_800_000_000_000 }, 'maybe']],
    duplicate: [
      [{ kind: 'duplicate', of: { state: 'in-progress' } }, 'pending'],
      [{ kind: 'duplicate', of: ALREADY }, 'opened'],
      [{ kind: 'duplicate', of: MAYBE }, 'maybe'],
    ],
    gone: [[{ kind: 'gone' }, 'gone']],
  };
const outcomes: Row[] = [
  ...Object.values(OUTCOMES)
    .flat()
    .map(([outcome, replyClass]): Row => [labelOf(outcome), outcome, replyClass]),
  ...Object.values(REASONS).map((reason): Row => [reason.kind, notSent(reason), 'nothing']),
];
const withoutTicket = outcomes.filter(([, outcome]) => saysNothingWasOpened(outcome));
/** Nothing to show: it became a ticket, or is stored no more. */
const WITHOUT_TEXT: TicketOutcome['kind'][] = ['opened', 'gone'];

function read(outcome: TicketOutcome, isEscalation = false) {
  const context = {
    draftId: 'Zk3RmTlhNWsyZ1hE',
    submitterId: EARLIER.submitterId,
    isEscalation,
    helpdesk: { name: 'the helpdesk', ticketUrl: undefined },
  };
  const reply = ticketReply(outcome, context);
  const { content, components } = reply;
  const labels = components.flatMap((row) => row.toJSON().components.map((one) => 'label' in one && one.label));
  return { content, labels, message: { content: '', ...asBody(reply) } };
}

test.each(outcomes)('%s is read as what it says, and gives the text back', (_, outcome, replyClass) => {
  for (const isEscalation of [false, true]) {
    const { content, labels, message } = read(outcome, isEscalation);
    expect(classifyReply(message).kind).toBe(replyClass);
    expect(labels.includes('Show my text')).toBe(!WITHOUT_TEXT.includes(outcome.kind));
    expect(content.length).toBeLessThan(2000);
  }
});

test.each(withoutTicket)('%s beside another attempt says what is known of that one', (_, outcome) => {
  expect(classifyReply(read({ ...outcome, earlier: MAYBE }).message).kind).toBe('maybe');
  expect(classifyReply(read({ ...outcome, earlier: { state: 'unknown' } }).message).kind).toBe('maybe');
  expect(classifyReply(read({ ...outcome, earlier: ALREADY }).message)).toEqual({
    kind: 'opened',
    reference: 'KVO-530-34143',
    isAnswer: false,
  });
  expect(classifyReply(read({ ...outcome, earlier: { ...ALREADY, reference: undefined } }).message).kind).toBe(
    'opened',
  );
});

test('a doubtful ticket whose text has expired does not promise the text', () => {
  const { content, labels } = read({ kind: 'unconfirmed', at: 1_800_000_000_000, isTextGone: true });
  expect(content).not.toContain('Your text is saved');
  expect(labels).toEqual([]);
});

test.each([[{ kind: 'opened', reference: 'KVO-530-34143' }], [{ kind: 'duplicate', of: ALREADY }]] as const)(
  'that an answer is in its ticket is not read as a ticket: $kind',
  (outcome) => {
    const reference = 'KVO-530-34143';
    expect(classifyReply(read({ ...outcome, answers: reference }).message)).toEqual({
      kind: 'opened',
      reference,
      isAnswer: true,
    });
  },
);

test.each(outcomes)('a direct message about %s is read as what it settles', (_, outcome) => {
  const kind = outcome.kind === 'opened' ? 'opened' : outcome.kind === 'unconfirmed' ? 'maybe' : 'other';
  for (const answers of [undefined, 'KVO-530-34143']) {
    const about = answers === undefined ? outcome : { ...outcome, answers };
    const content = sentLaterMessage(about, 'It is down', { name: 'the helpdesk', ticketUrl: undefined });
    const read = classifyDirectMessage({ content, components: [] });
    expect(read.kind).toBe(kind);
    if (read.kind === 'opened') expect(read.isAnswer).toBe(answers !== undefined);
  }
});
