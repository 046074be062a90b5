import { describe, expect, test } from 'vitest';
import type { MessageRecord } from '../../../src/tickets/lifecycle/message-record.ts';
import type { Attempt, PersonRecord } from '../../../src/tickets/lifecycle/person-record.ts';
import {
  duplicateAmong,
  isUnderWay,
  type RelatedAttempt,
  relatedAttempts,
  ticketAmong,
} from '../../../src/tickets/lifecycle/related-attempts.ts';
import {
  ADA,
  attempt,
  attemptIn,
  DAY_MS,
  EVE,
  entry,
  NOW,
  recordOf,
  request,
  requestIn,
  STAGE_KINDS,
} from './records.ts';

/** What is related to an attempt of the form, by ID. */
function relatedTo(record: PersonRecord, attemptId: string, message?: MessageRecord): RelatedAttempt[] {
  const asking = { submitterId: ADA, request: requestIn(record), attempt: attemptIn(record, attemptId) };
  return relatedAttempts(record, asking, message, NOW);
}

const ids = (related: readonly RelatedAttempt[]) => related.map(({ attemptId }) => attemptId);

describe('what is about the same', () => {
  const COUNTING: readonly string[] = ['received', 'sending', 'opened', 'unconfirmed'];
  test.each(STAGE_KINDS)('only what is live, opened a ticket or may have counts (%s)', (kind) => {
    const record = recordOf(request('form', [attempt(1, kind), attempt(2, 'received')]));
    expect(ids(relatedTo(record, 'a2'))).toEqual(COUNTING.includes(kind) ? ['a1'] : []);
  });

  test.each<{
    about: string;
    other: Partial<Attempt>;
    related?: string[];
    kind?: 'opened' | 'sending' | 'received';
    is: boolean;
  }>([
    { about: 'the same words', other: { words: 'words' }, is: true },
    { about: 'other words', other: { words: 'others' }, is: false },
    { about: 'other words that were the same once', other: { words: 'others' }, related: ['a1'], is: true },
    { about: 'the same words, a day ago', other: { words: 'words', receivedAt: NOW - DAY_MS }, is: true },
    { about: 'the same words, longer ago', other: { words: 'words', receivedAt: NOW - DAY_MS - 1 }, is: false },
    {
      about: 'the same words, longer ago, and known as related',
      other: { words: 'words', receivedAt: NOW - 9 * DAY_MS },
      related: ['a1'],
      is: true,
    },
    {
      about: 'the same words, longer ago, and still being sent',
      other: { words: 'words', receivedAt: NOW - 2 * DAY_MS },
      kind: 'sending',
      is: true,
    },
    {
      about: 'the same words, longer ago, and still waiting',
      other: { words: 'words', receivedAt: NOW - 2 * DAY_MS },
      kind: 'received',
      is: true,
    },
  ])('in another form: $about', ({ other, related = [], kind = 'opened', is }) => {
    const record = recordOf(
      request('other', [attempt(1, kind, other)]),
      request('form', [attempt(2, 'received', { words: 'words' })], { related }),
    );
    expect(ids(relatedTo(record, 'a2'))).toEqual(is ? ['a1'] : []);
  });

  test('all of one form, however old and whatever the words', () => {
    const record = recordOf(
      request('form', [attempt(1, 'opened', { receivedAt: NOW - 30 * DAY_MS }), attempt(2, 'received')]),
    );
    expect(ids(relatedTo(record, 'a2'))).toEqual(['a1']);
  });

  test('a form that is not submitted yet has no words: it knows what it was found to be related to', () => {
    const record = recordOf(
      request('other', [attempt(1, 'opened'), attempt(2, 'unconfirmed')]),
      request('form', [attempt(3, 'opened')], { related: ['a1'] }),
    );
    const found = relatedAttempts(record, { submitterId: ADA, request: requestIn(record) }, undefined, NOW);
    expect(found.map(({ attemptId, isEarlier }) => [attemptId, isEarlier])).toEqual([
      ['a1', true],
      ['a2', true],
      ['a3', true],
    ]);
  });

  test('all of a form that was of these words once, whatever its words are by now, and the other way round', () => {
    const record = recordOf(
      request('other', [attempt(1, 'unreachable', { words: 'words' }), attempt(2, 'opened', { words: 'edited' })]),
      request('form', [attempt(3, 'unreachable', { words: 'words' }), attempt(4, 'received', { words: 'changed' })]),
    );
    expect(ids(relatedTo(record, 'a4'))).toEqual(['a2']);
    expect(ids(relatedTo(record, 'a3'))).toEqual(['a2', 'a4']);
  });

  test('they stand in the order in which they came, in whatever forms', () => {
    const record = recordOf(
      request('form', [attempt(2, 'opened'), attempt(3, 'received'), attempt(5, 'sending')]),
      request('other', [attempt(4, 'unconfirmed'), attempt(1, 'opened')]),
    );
    const all = { ...record, requests: record.requests.map((one) => ({ ...one, related: ['a1', 'a4'] })) };
    expect(relatedTo(all, 'a3').map(({ attemptId, isEarlier }) => [attemptId, isEarlier])).toEqual([
      ['a1', true],
      ['a2', true],
      ['a4', false],
      ['a5', false],
    ]);
  });

  test('it says whose it is, where it stands and since when', () => {
    const record = recordOf(request('form', [attempt(1, 'opened', { stageAt: NOW - 5 }), attempt(2, 'received')]));
    const message = [{ ...entry(EVE, 'e1', 'opened', NOW - 9), reference: 'KVO-530-9' }];
    expect(relatedTo(record, 'a2', message)).toEqual([
      { attemptId: 'a1', submitterId: ADA, state: 'opened', reference: 'KVO-530-1', at: NOW - 5, isEarlier: true },
      { attemptId: 'e1', submitterId: EVE, state: 'opened', reference: 'KVO-530-9', at: NOW - 9, isEarlier: true },
    ]);
  });
});

describe('an escalated message', () => {
  test('others came earlier or later by their place in its record', () => {
    const record = recordOf(request('form', [attempt(1, 'received')], { message: '1/3' }));
    const message = [entry(EVE, 'e1', 'received'), entry(ADA, 'a1', 'received'), entry(EVE, 'e2', 'received')];
    expect(relatedTo(record, 'a1', message).map(({ attemptId, isEarlier }) => [attemptId, isEarlier])).toEqual([
      ['e1', true],
      ['e2', false],
    ]);
  });

  test('all came earlier than an attempt that it does not have yet, and than a form that asks', () => {
    const record = recordOf(request('form', [attempt(1, 'received')], { message: '1/3' }));
    const message = [entry(EVE, 'e1', 'received'), entry(EVE, 'e2', 'sending')];
    expect(relatedTo(record, 'a1', message).every(({ isEarlier }) => isEarlier)).toBe(true);
    const form = { submitterId: ADA, request: { id: 'new', related: [], attempts: [] } };
    expect(ids(relatedAttempts(record, form, message, NOW))).toEqual(['e1', 'e2']);
  });

  test('what the person’s own record has is taken from there', () => {
    const record = recordOf(request('form', [attempt(1, 'opened'), attempt(2, 'received')], { message: '1/3' }));
    const message = [entry(ADA, 'a1', 'sending'), entry(ADA, 'a2', 'received')];
    expect(relatedTo(record, 'a2', message)).toMatchObject([{ attemptId: 'a1', state: 'opened' }]);
  });

  test('what the person wrote about it in another form counts too', () => {
    const record = recordOf(request('form', [attempt(1, 'received')], { message: '1/3' }));
    const message = [entry(ADA, 'a0', 'unconfirmed'), entry(ADA, 'a1', 'received')];
    expect(relatedTo(record, 'a1', message)).toMatchObject([{ attemptId: 'a0', submitterId: ADA }]);
  });
});

function related(attemptId: string, state: RelatedAttempt['state'], isEarlier = true): RelatedAttempt {
  return { attemptId, submitterId: ADA, state, reference: undefined, at: NOW, isEarlier };
}

describe('what stands against sending', () => {
  test.each<{ about: string; among: RelatedAttempt[]; confirmed?: string[]; is: string | undefined }>([
    { about: 'nothing', among: [], is: undefined },
    { about: 'one that waits and came earlier', among: [related('x', 'received')], is: 'x' },
    { about: 'not one that waits and came later', among: [related('x', 'received', false)], is: undefined },
    { about: 'one that is sent, also when it came later', among: [related('x', 'sending', false)], is: 'x' },
    { about: 'what is sent, whatever was chosen', among: [related('x', 'sending')], confirmed: ['x'], is: 'x' },
    { about: 'what waits, whatever was chosen', among: [related('x', 'received')], confirmed: ['x'], is: 'x' },
    { about: 'a ticket', among: [related('x', 'opened', false)], is: 'x' },
    { about: 'not a ticket despite which to send', among: [related('x', 'opened')], confirmed: ['x'], is: undefined },
    { about: 'a doubt', among: [related('x', 'unconfirmed')], is: 'x' },
    {
      about: 'not a doubt despite which to send',
      among: [related('x', 'unconfirmed')],
      confirmed: ['x'],
      is: undefined,
    },
    {
      about: 'a second doubt, after the first was accepted',
      among: [related('x', 'unconfirmed'), related('y', 'unconfirmed')],
      confirmed: ['x'],
      is: 'y',
    },
    {
      about: 'what is certain before a newer doubt',
      among: [related('x', 'opened'), related('y', 'unconfirmed')],
      is: 'x',
    },
    { about: 'a newer ticket before an older one', among: [related('x', 'opened'), related('y', 'opened')], is: 'y' },
    {
      about: 'a newer doubt before an older one',
      among: [related('x', 'unconfirmed'), related('y', 'unconfirmed')],
      is: 'y',
    },
    {
      about: 'what is under way before an older ticket',
      among: [related('x', 'opened'), related('y', 'sending')],
      is: 'y',
    },
  ])('$about', ({ among, confirmed = [], is }) => {
    expect(duplicateAmong(among, confirmed)?.attemptId).toBe(is);
  });
});

describe('what a person has to know who reads that nothing was opened', () => {
  test.each<{ about: string; among: RelatedAttempt[]; is: string | undefined }>([
    { about: 'nothing', among: [], is: undefined },
    {
      about: 'nothing of what is under way',
      among: [related('x', 'received'), related('y', 'sending')],
      is: undefined,
    },
    { about: 'a ticket', among: [related('x', 'opened'), related('y', 'sending')], is: 'x' },
    { about: 'a doubt', among: [related('x', 'unconfirmed', false)], is: 'x' },
    { about: 'a ticket before a newer doubt', among: [related('x', 'opened'), related('y', 'unconfirmed')], is: 'x' },
    { about: 'the newest ticket', among: [related('x', 'opened'), related('y', 'opened')], is: 'y' },
    { about: 'the newest doubt', among: [related('x', 'unconfirmed'), related('y', 'unconfirmed')], is: 'y' },
  ])('$about', ({ among, is }) => {
    expect(ticketAmong(among)?.attemptId).toBe(is);
  });
});

test('what waits and what is sent is under way', () => {
  const states = ['received', 'sending', 'opened', 'unconfirmed'] as const;
  expect(states.filter((state) => isUnderWay(related('x', state)))).toEqual(['received', 'sending']);
});
