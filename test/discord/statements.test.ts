import { expect, test } from 'vitest';
import { readStatement } from '../../sandbox/torture/statement.ts';
import { ticketReply } from '../../src/discord/replies/ticket-reply.ts';
import { type EarlierTicket, saysNothingWasOpened, type TicketOutcome } from '../../src/tickets/ticket-outcome.ts';

const EARLIER = { submissionId: '400000000000000001', submitterId: '100000000000000001', at: 1_800_000_000_000 };
const ALREADY: EarlierTicket = { kind: 'already-opened', reference: 'KVO-530-34143', ...EARLIER };
const MAYBE: EarlierTicket = { kind: 'maybe-open', ...EARLIER };

/** Every outcome, and what somebody knows who has read it. */
const OUTCOMES: { [K in TicketOutcome['kind']]: [Extract<TicketOutcome, { kind: K }>, string] } = {
  opened: [{ kind: 'opened', reference: 'KVO-530-34143' }, 'opened'],
  refused: [{ kind: 'refused', reason: 'User email is not valid. Please try again!' }, 'nothing'],
  unreachable: [{ kind: 'unreachable' }, 'nothing'],
  unconfirmed: [{ kind: 'unconfirmed', at: 1_800_000_000_000 }, 'maybe'],
  interrupted: [{ kind: 'interrupted' }, 'nothing'],
  'not-linked': [{ kind: 'not-linked' }, 'nothing'],
  invalid: [{ kind: 'invalid', issues: [{ field: 'body', problem: 'blank' }] }, 'nothing'],
  limited: [{ kind: 'limited', retryAt: 1_800_000_000_000, scope: 'person' }, 'nothing'],
  'in-progress': [{ kind: 'in-progress' }, 'pending'],
  'already-opened': [ALREADY, 'opened'],
  'maybe-open': [MAYBE, 'maybe'],
  paused: [{ kind: 'paused', notice: 'Back at noon.' }, 'nothing'],
  blocked: [{ kind: 'blocked', reason: 'Spam.', until: undefined }, 'nothing'],
  'not-moderator': [{ kind: 'not-moderator' }, 'nothing'],
  'author-unavailable': [{ kind: 'author-unavailable' }, 'nothing'],
  'community-unavailable': [{ kind: 'community-unavailable' }, 'nothing'],
  'escalation-expired': [{ kind: 'escalation-expired' }, 'nothing'],
  gone: [{ kind: 'gone' }, 'gone'],
};
const outcomes = Object.values(OUTCOMES) as [TicketOutcome, string][];
const withoutTicket = outcomes.filter(([outcome]) => saysNothingWasOpened(outcome)).map(([outcome]) => outcome);
/** Nothing to show: it became a ticket, or is stored no more. */
const WITHOUT_TEXT: TicketOutcome['kind'][] = ['opened', 'gone'];

function read(outcome: TicketOutcome, isEscalation = false) {
  const context = { draftId: 'Zk3RmTlhNWsyZ1hE', submitterId: EARLIER.submitterId, isEscalation, ticketUrl: undefined };
  const { content, components } = ticketReply(outcome, context);
  const labels = components.flatMap((row) => row.toJSON().components.map((one) => 'label' in one && one.label));
  return { content, labels };
}

test.each(outcomes)('$kind is read as what it says, and gives the text back', (outcome, statement) => {
  for (const isEscalation of [false, true]) {
    const { content, labels } = read(outcome, isEscalation);
    expect(readStatement(content).kind).toBe(statement);
    expect(labels.includes('Show my text')).toBe(!WITHOUT_TEXT.includes(outcome.kind));
    expect(content.length).toBeLessThan(2000);
  }
});

test.each(withoutTicket)('$kind beside another submit says what is known of that one', (outcome) => {
  expect(readStatement(read({ ...outcome, earlier: MAYBE }).content).kind).toBe('maybe');
  expect(readStatement(read({ ...outcome, earlier: { kind: 'unknown' } }).content).kind).toBe('maybe');
  expect(readStatement(read({ ...outcome, earlier: ALREADY }).content)).toEqual({
    kind: 'opened',
    reference: 'KVO-530-34143',
  });
  expect(readStatement(read({ ...outcome, earlier: { ...ALREADY, reference: undefined } }).content).kind).toBe(
    'opened',
  );
});

test('a doubtful ticket whose text has expired does not promise the text', () => {
  const { content, labels } = read({ kind: 'unconfirmed', at: 1_800_000_000_000, isTextGone: true });
  expect(content).not.toContain('Your text is saved');
  expect(labels).toEqual([]);
});
