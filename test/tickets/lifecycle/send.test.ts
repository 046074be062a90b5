import { describe, expect, test } from 'vitest';
import { EMPTY_RECORD, type NotSentReason, personRecord } from '../../../src/tickets/lifecycle/person-record.ts';
import { reserve, type TurnEvent, takeTurn } from '../../../src/tickets/lifecycle/send.ts';
import { LATER, turn } from './events.ts';
import {
  ADA,
  attempt,
  attemptIn,
  EVE,
  entry,
  HERE,
  NOW,
  recordOf,
  recordWith,
  request,
  requestIn,
  STAGE_KINDS,
  type StageKind,
  THERE,
} from './records.ts';

describe('its turn comes', () => {
  const paused: NotSentReason = { kind: 'paused', notice: 'Later.' };
  const limited: NotSentReason = { kind: 'limited', limit: 5, retryAt: NOW, scope: 'person' };

  test('it is sent, which is written down before the call', () => {
    const { record, result } = takeTurn(recordWith('received'), undefined, turn({ usesTakenAt: LATER }), LATER);
    expect(result).toBe('send');
    expect(attemptIn(record)).toMatchObject({ stage: { kind: 'sending' }, stageAt: LATER, owner: HERE });
    expect(attemptIn(record).usesTakenAt).toBe(LATER);
    expect(personRecord.parse(record)).toEqual(record);
  });

  test('the uses that it took before it waited are still its own', () => {
    const reserved = reserve(recordWith('received'), { attemptId: 'a1', usesTakenAt: NOW });
    expect(attemptIn(reserved).usesTakenAt).toBe(NOW);
    expect(attemptIn(takeTurn(reserved, undefined, turn(), LATER).record).usesTakenAt).toBe(NOW);
  });

  test('what is not sent gives its uses back', () => {
    const reserved = reserve(recordWith('received'), { attemptId: 'a1', usesTakenAt: NOW });
    const { record, result } = takeTurn(reserved, undefined, turn({ rule: paused }), LATER);
    expect(result).toBe('stopped');
    expect(attemptIn(record)).not.toHaveProperty('usesTakenAt');
    expect(attemptIn(record)).toMatchObject({ stage: { kind: 'not-sent', reason: paused }, stageAt: LATER });
  });

  test.each<{ about: string; event: Partial<TurnEvent>; hasDuplicate: boolean; reason: NotSentReason }>([
    { about: 'a rule', event: { rule: paused }, hasDuplicate: false, reason: paused },
    { about: 'a rule before a duplicate', event: { rule: paused }, hasDuplicate: true, reason: paused },
    { about: 'a rule before a limit', event: { rule: paused, limit: limited }, hasDuplicate: false, reason: paused },
    { about: 'a duplicate', event: {}, hasDuplicate: true, reason: { kind: 'duplicate', of: 'a2' } },
    {
      about: 'a duplicate before a limit: it needs no use',
      event: { limit: limited },
      hasDuplicate: true,
      reason: { kind: 'duplicate', of: 'a2' },
    },
    { about: 'a limit', event: { limit: limited }, hasDuplicate: false, reason: limited },
  ])('not sent because of $about', ({ event, hasDuplicate, reason }) => {
    const other = hasDuplicate ? [attempt(2, 'opened')] : [];
    const before = recordOf(request('form', [attempt(1, 'received'), ...other]));
    const { record, result } = takeTurn(before, undefined, turn(event), LATER);
    expect(result).toBe('stopped');
    expect(attemptIn(record).stage).toEqual({ kind: 'not-sent', reason });
  });

  const DUPLICATES: readonly (readonly [stage: StageKind, when: 'earlier' | 'later', isConfirmed: boolean, string])[] =
    [
      ['received', 'earlier', false, 'stopped'],
      ['received', 'earlier', true, 'stopped'],
      ['received', 'later', false, 'send'],
      ['received', 'later', true, 'send'],
      ['sending', 'earlier', false, 'stopped'],
      ['sending', 'earlier', true, 'stopped'],
      ['sending', 'later', false, 'stopped'],
      ['sending', 'later', true, 'stopped'],
      ['opened', 'earlier', false, 'stopped'],
      ['opened', 'earlier', true, 'send'],
      ['opened', 'later', false, 'stopped'],
      ['opened', 'later', true, 'send'],
      ['unconfirmed', 'earlier', false, 'stopped'],
      ['unconfirmed', 'earlier', true, 'send'],
      ['unconfirmed', 'later', false, 'stopped'],
      ['unconfirmed', 'later', true, 'send'],
      ...(['refused', 'unreachable', 'not-sent'] as const).flatMap((kind) =>
        (['earlier', 'later'] as const).map((when) => [kind, when, false, 'send'] as const),
      ),
    ];

  test.each(DUPLICATES)(
    'another one of the same words that is %s and came %s (confirmed: %s): %s',
    (kind, when, isConfirmed, expected) => {
      const [own, others] = when === 'earlier' ? [2, 1] : [1, 2];
      const before = recordOf(
        request('other', [attempt(others, kind, { words: 'words' })]),
        request('form', [attempt(own, 'received', { words: 'words' })], {
          confirmed: isConfirmed ? [`a${others}`] : [],
        }),
      );
      const { record, result } = takeTurn(before, undefined, turn({ attemptId: `a${own}` }), LATER);
      expect(result).toBe(expected);
      expect(attemptIn(record, `a${own}`).stage).toEqual(
        expected === 'send'
          ? { kind: 'sending' }
          : { kind: 'not-sent', reason: { kind: 'duplicate', of: `a${others}` } },
      );
      // What it was stopped by is about the same from now on, whatever the words become.
      if (expected === 'stopped') expect(requestIn(record).related).toEqual([`a${others}`]);
    },
  );

  test('another moderator who has escalated the message stands against it', () => {
    const message = [entry(EVE, 'e1', 'opened'), entry(ADA, 'a1', 'received')];
    const before = recordOf(request('form', [attempt(1, 'received')], { message: '1/3' }));
    const { record, result } = takeTurn(before, message, turn(), LATER);
    expect(result).toBe('stopped');
    expect(attemptIn(record).stage).toEqual({ kind: 'not-sent', reason: { kind: 'duplicate', of: 'e1' } });
    const despite = recordOf(request('form', [attempt(1, 'received')], { message: '1/3', confirmed: ['e1'] }));
    expect(takeTurn(despite, message, turn(), LATER).result).toBe('send');
  });

  test.each([
    [1, 2],
    [2, 1],
  ])(
    'of two that wait with the same words exactly one is sent, whoever has the first turn (%i, then %i)',
    (...order) => {
      const before = recordOf(
        request('form', [attempt(1, 'received', { words: 'words' })]),
        request('other', [attempt(2, 'received', { words: 'words' })]),
      );
      const results: string[] = [];
      let record = before;
      for (const sequence of order) {
        const turned = takeTurn(record, undefined, turn({ attemptId: `a${sequence}` }), LATER);
        results.push(`a${sequence} ${turned.result}`);
        record = turned.record;
      }
      expect(results.sort()).toEqual(['a1 send', 'a2 stopped']);
    },
  );

  test.each([
    ['ada', 'eve'],
    ['eve', 'ada'],
  ])('of two moderators who wait to escalate a message exactly one sends it (%s, then %s)', (...order) => {
    const message = [entry(EVE, 'e1', 'received'), entry(ADA, 'a1', 'received')];
    const records = {
      ada: recordOf(request('form', [attempt(1, 'received')], { message: '1/3' })),
      eve: recordOf(request('form', [attempt(1, 'received', { id: 'e1' })], { message: '1/3' })),
    };
    const events = { ada: turn(), eve: turn({ attemptId: 'e1', submitterId: EVE }) };
    const ids = { ada: 'a1', eve: 'e1' };
    let entries = message;
    const results = order.map((name) => {
      const who = name as 'ada' | 'eve';
      const { result } = takeTurn(records[who], entries, events[who], LATER);
      entries = entries.flatMap((one) => {
        if (one.attemptId !== ids[who]) return [one];
        return result === 'send' ? [{ ...one, state: 'sending' as const }] : [];
      });
      return `${who} ${result}`;
    });
    expect(results.sort()).toEqual(['ada stopped', 'eve send']);
  });

  test('somebody else has decided, where it is another process’s, ended, being sent or erased', () => {
    const others = STAGE_KINDS.filter((kind) => kind !== 'received');
    const records = [...others.map((kind) => recordWith(kind)), recordWith('received', { owner: THERE }), EMPTY_RECORD];
    for (const before of records) {
      expect(takeTurn(before, undefined, turn({ rule: paused }), LATER)).toEqual({ record: before, result: 'lost' });
    }
  });
});
