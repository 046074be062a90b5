import { expect, test } from 'vitest';
import { OutcomeTelling } from '../../src/discord/delivery/outcome-telling.ts';
import type { AttemptAsOfNow } from '../../src/tickets/attempt-outcomes.ts';
import type { Attempt } from '../../src/tickets/lifecycle/person-record.ts';
import { notSent, type TicketOutcome } from '../../src/tickets/ticket-outcome.ts';

const ATTEMPT = { id: '1', submitterId: '2', draftId: 'draft', isEscalation: false };
const REQUEST = { id: 'draft', attempts: [], related: [], confirmed: [], textUntil: 0 };
const NOT_SENT = notSent({ kind: 'interrupted' });
const DOUBT: TicketOutcome = { kind: 'unconfirmed', at: 0, cause: undefined };
const OPENED: TicketOutcome = { kind: 'opened', reference: 'KVO-530-1' };

function found(outcome: TicketOutcome, stage: Attempt['stage']): AttemptAsOfNow {
  const attempt: Attempt = {
    id: '1',
    sequence: 1,
    receivedAt: 0,
    stage,
    stageAt: 0,
    words: '',
    delivery: 'pending',
  };
  return { attempt, request: REQUEST, outcome, draft: undefined };
}

test('an outcome that changes with each edit is told until what stands there is true', async () => {
  const known = [found(DOUBT, { kind: 'unconfirmed' }), found(OPENED, { kind: 'opened', reference: 'KVO-530-1' })];
  const telling = new OutcomeTelling({
    outcomes: { ofAttempt: async () => known.shift() },
    helpdeskNames: { name: 'the helpdesk', ticketUrl: undefined },
    queue: { down: false, retryAt: 0 },
  });
  const read: string[] = [];
  const one = telling.begin(ATTEMPT, { outcome: NOT_SENT, stage: 'not-sent' }, async ({ outcome }, { kind }) => {
    read.push(`${outcome.kind}: ${kind}`);
  });
  await one.send();
  expect(read).toEqual(['not-sent: not-sent', 'unconfirmed: unsure', 'opened: opened']);
  expect(one.told()).toEqual({ outcome: OPENED, stage: 'opened' });
});
