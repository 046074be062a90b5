import { describe, expect, test } from 'vitest';
import {
  duplicateBefore,
  type OutcomeContext,
  outcomeOf,
  outcomeOfRequest,
  sentBefore,
  withOthers,
} from '../../../src/tickets/lifecycle/outcome-of.ts';
import { EMPTY_RECORD, type NotSentReason } from '../../../src/tickets/lifecycle/person-record.ts';
import { notSent, type TicketOutcome } from '../../../src/tickets/ticket-outcome.ts';
import {
  ADA,
  attempt,
  DAY_MS,
  EVE,
  entry,
  NOW,
  recordOf,
  recordWith,
  request,
  STAGES,
  type StageKind,
} from './records.ts';

const CONTEXT: OutcomeContext = { submitterId: ADA, message: undefined, hasText: true, now: NOW };
const WITHOUT_TEXT: OutcomeContext = { ...CONTEXT, hasText: false };
const IN_PROGRESS: TicketOutcome = { kind: 'duplicate', of: { state: 'in-progress' } };

const OWN: Record<StageKind, TicketOutcome> = {
  received: IN_PROGRESS,
  sending: IN_PROGRESS,
  opened: { kind: 'opened', reference: 'KVO-530-1' },
  refused: { kind: 'refused', reason: 'No.' },
  unreachable: { kind: 'unreachable', at: NOW, cause: 'connect' },
  unconfirmed: { kind: 'unconfirmed', at: NOW, cause: 'timeout' },
  'not-sent': notSent({ kind: 'interrupted' }),
};
const KINDS = Object.keys(OWN) as StageKind[];

/** What is said of another attempt of the person. */
function earlier(attemptId: string, state: 'opened' | 'unconfirmed') {
  const reference = state === 'opened' ? 'KVO-530-1' : undefined;
  return { state, attemptId, submitterId: ADA, reference, at: NOW } as const;
}

describe('an attempt whose text is stored', () => {
  test.each(KINDS)('alone, it is what its stage says (%s)', (kind) => {
    expect(outcomeOf(recordWith(kind), 'a1', CONTEXT)).toEqual(OWN[kind]);
  });

  test('one that nobody knows is gone', () => {
    expect(outcomeOf(EMPTY_RECORD, 'a1', CONTEXT)).toEqual({ kind: 'gone' });
  });

  test.each<NotSentReason>([
    { kind: 'not-linked' },
    { kind: 'invalid', issues: [{ field: 'subject', problem: 'blank' }] },
    { kind: 'limited', limit: 5, retryAt: NOW, scope: 'server' },
    { kind: 'paused', notice: 'Later.' },
    { kind: 'blocked', reason: 'Spam.' },
    { kind: 'not-moderator' },
    { kind: 'author-unavailable' },
    { kind: 'community-unavailable' },
    { kind: 'escalation-expired' },
  ])('it says why it was not sent ($kind)', (reason) => {
    expect(outcomeOf(recordWith({ kind: 'not-sent', reason }), 'a1', CONTEXT)).toEqual({ kind: 'not-sent', reason });
  });

  test.each<NotSentReason>([{ kind: 'duplicate', of: 'a9' }, { kind: 'answered-elsewhere' }, { kind: 'interrupted' }])(
    'it has nothing to say of its own where it is $kind: the other one is the news, if there is one',
    (reason) => {
      const stage = { kind: 'not-sent', reason } as const;
      expect(outcomeOf(recordWith(stage), 'a1', CONTEXT)).toEqual(notSent({ kind: 'interrupted' }));
      for (const state of ['opened', 'unconfirmed'] as const) {
        const record = recordOf(request('form', [attempt(1, state), attempt(2, stage)]));
        expect(outcomeOf(record, 'a2', CONTEXT)).toEqual({ kind: 'duplicate', of: earlier('a1', state) });
      }
    },
  );

  const NOTHING_OPENED = ['refused', 'unreachable'] as const;
  test.each(NOTHING_OPENED)(
    'that it was %s is not the whole truth where another one opened a ticket, or may have',
    (kind) => {
      for (const state of ['opened', 'unconfirmed'] as const) {
        for (const order of [
          [1, 2],
          [2, 1],
        ] as const) {
          const [own, other] = order;
          const record = recordOf(
            request('form', [attempt(own, kind, { words: 'words' })]),
            request('other', [attempt(other, state, { words: 'words' })]),
          );
          const outcome = outcomeOf(record, `a${own}`, CONTEXT);
          expect(outcome).toEqual({ ...OWN[kind], earlier: earlier(`a${other}`, state) });
        }
      }
    },
  );

  test.each([...NOTHING_OPENED, 'not-sent'] as const)(
    'where another one is under way, that one will have the last word (%s)',
    (kind) => {
      for (const live of ['received', 'sending'] as const) {
        const record = recordOf(request('form', [attempt(1, kind), attempt(2, 'opened'), attempt(3, live)]));
        expect(outcomeOf(record, 'a1', CONTEXT)).toEqual(IN_PROGRESS);
      }
    },
  );

  test.each(['opened', 'unconfirmed'] as const)('that it is %s is its own news, whatever others are', (kind) => {
    const others = [attempt(2, 'sending'), attempt(3, 'opened'), attempt(4, 'unconfirmed')];
    const record = recordOf(request('form', [attempt(1, kind), ...others]));
    expect(outcomeOf(record, 'a1', CONTEXT)).toEqual(OWN[kind]);
  });

  test('another moderator’s ticket of the same message is told, with whose it is', () => {
    const record = recordOf(request('form', [attempt(1, 'refused')], { message: '1/3' }));
    const message = [{ ...entry(EVE, 'e1', 'opened'), reference: 'KVO-530-9' }];
    expect(outcomeOf(record, 'a1', { ...CONTEXT, message })).toMatchObject({
      kind: 'refused',
      earlier: { state: 'opened', submitterId: EVE, reference: 'KVO-530-9' },
    });
  });
});

describe('an attempt whose text is gone', () => {
  test.each<readonly [StageKind, TicketOutcome]>([
    ['received', IN_PROGRESS],
    ['sending', IN_PROGRESS],
    ['opened', OWN.opened],
    ['unconfirmed', { ...OWN.unconfirmed, isTextGone: true } as TicketOutcome],
    ['refused', { kind: 'gone' }],
    ['unreachable', { kind: 'gone' }],
    ['not-sent', { kind: 'gone' }],
  ])('alone, where it is %s', (kind, outcome) => {
    expect(outcomeOf(recordWith(kind), 'a1', WITHOUT_TEXT)).toEqual(outcome);
    expect(outcomeOfRequest(recordWith(kind), 'form', CONTEXT)).toEqual(outcome);
  });

  test('became a ticket with a later attempt of the form', () => {
    const record = recordOf(request('form', [attempt(1, 'refused'), attempt(2, 'opened')]));
    expect(outcomeOf(record, 'a1', WITHOUT_TEXT)).toEqual(OWN.opened);
  });

  test('is a doubt where one of the form is, with the time of the last', () => {
    const attempts = [
      attempt(1, 'refused'),
      attempt(2, 'unconfirmed', { stageAt: NOW - 9 }),
      attempt(3, 'unconfirmed'),
    ];
    expect(outcomeOf(recordOf(request('form', attempts)), 'a1', WITHOUT_TEXT)).toEqual({
      ...OWN.unconfirmed,
      isTextGone: true,
    });
  });

  test('is a ticket where one of the form is, also beside a newer doubt', () => {
    const record = recordOf(request('form', [attempt(1, 'opened'), attempt(2, 'unconfirmed')]));
    expect(outcomeOfRequest(record, 'form', CONTEXT)).toEqual(OWN.opened);
  });

  test('is under way where one of the form is', () => {
    const record = recordOf(request('form', [attempt(1, 'opened'), attempt(2, 'sending')]));
    expect(outcomeOfRequest(record, 'form', CONTEXT)).toEqual(IN_PROGRESS);
  });

  test.each(['opened', 'unconfirmed'] as const)('is gone beside another form’s ticket, which is told (%s)', (state) => {
    const record = recordOf(
      request('form', [attempt(1, 'refused')], { related: ['a2'] }),
      request('other', [attempt(2, state)]),
    );
    const outcome = { kind: 'gone', earlier: earlier('a2', state) };
    expect(outcomeOf(record, 'a1', WITHOUT_TEXT)).toEqual(outcome);
    expect(outcomeOfRequest(record, 'form', CONTEXT)).toEqual(outcome);
  });

  test('is gone where nobody knows the form', () => {
    expect(outcomeOfRequest(EMPTY_RECORD, 'form', CONTEXT)).toEqual({ kind: 'gone' });
    expect(outcomeOfRequest(recordOf(request('form', [])), 'form', CONTEXT)).toEqual({ kind: 'gone' });
  });
});

describe('an outcome that is known otherwise', () => {
  const record = recordOf(request('form', [attempt(1, 'opened'), attempt(2, 'refused')]));

  test.each<TicketOutcome>([
    { kind: 'refused', reason: 'No.' },
    { kind: 'unreachable', at: 0 },
    notSent({ kind: 'paused', notice: 'Later.' }),
  ])('that says that nothing was opened is told with the other ticket ($kind)', (outcome) => {
    expect(withOthers(outcome, record, 'a2', CONTEXT)).toEqual({ ...outcome, earlier: earlier('a1', 'opened') });
    const alone = recordOf(request('form', [attempt(2, 'refused')]));
    expect(withOthers(outcome, alone, 'a2', CONTEXT)).toBe(outcome);
    expect(withOthers(outcome, EMPTY_RECORD, 'a2', CONTEXT)).toBe(outcome);
  });

  test.each<TicketOutcome>([
    { kind: 'opened', reference: undefined },
    { kind: 'unconfirmed', at: NOW },
    IN_PROGRESS,
    { kind: 'gone' },
  ])('that says something else stays as it is ($kind)', (outcome) => {
    expect(withOthers(outcome, record, 'a2', CONTEXT)).toBe(outcome);
  });
});

describe('before a form is submitted', () => {
  test.each<readonly [StageKind, boolean]>([
    ['received', true],
    ['sending', true],
    ['opened', true],
    ['unconfirmed', true],
    ['refused', false],
    ['unreachable', false],
    ['not-sent', false],
  ])('an attempt of it that is %s stands against it: %s', (kind, stands) => {
    expect(duplicateBefore(recordWith(kind), 'form', CONTEXT)?.attemptId).toBe(stands ? 'a1' : undefined);
  });

  test('not one despite which the person chose to send', () => {
    const record = recordOf(request('form', [attempt(1, 'opened')], { confirmed: ['a1'] }));
    expect(duplicateBefore(record, 'form', CONTEXT)).toBeUndefined();
    // It was sent all the same.
    expect(sentBefore(record, 'form', CONTEXT)).toMatchObject({ attemptId: 'a1', state: 'opened' });
  });

  test('another moderator’s attempt at the message stands against a form that is new', () => {
    const message = [entry(EVE, 'e1', 'sending')];
    expect(duplicateBefore(EMPTY_RECORD, 'form', { ...CONTEXT, message })).toMatchObject({ attemptId: 'e1' });
  });
});

test('whatever the time is, a ticket and a doubt stay what they are', () => {
  for (const kind of ['opened', 'unconfirmed'] as const) {
    const record = recordWith(STAGES[kind]);
    expect(outcomeOf(record, 'a1', { ...CONTEXT, now: NOW + 29 * DAY_MS })).toEqual(OWN[kind]);
  }
});
