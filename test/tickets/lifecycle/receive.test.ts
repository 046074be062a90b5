import { describe, expect, test } from 'vitest';
import { EMPTY_RECORD, type PersonRecord, personRecord } from '../../../src/tickets/lifecycle/person-record.ts';
import { prune } from '../../../src/tickets/lifecycle/prune.ts';
import { confirm, receive } from '../../../src/tickets/lifecycle/receive.ts';
import { changeAttempt } from '../../../src/tickets/lifecycle/record-changes.ts';
import { takeTurn } from '../../../src/tickets/lifecycle/send.ts';
import { arrival, ESCALATED, LATER, REPLY, turn } from './events.ts';
import {
  attempt,
  attemptIn,
  DAY_MS,
  EVE,
  entry,
  HERE,
  HOUR_MS,
  NOW,
  recordOf,
  recordWith,
  request,
  requestIn,
  STAGE_KINDS,
  THERE,
} from './records.ts';

describe('a form or a button arrives', () => {
  test('it is received, by the process that has it', () => {
    const { record, result } = receive(EMPTY_RECORD, undefined, arrival({ escalated: ESCALATED, message: '1/3' }), NOW);
    expect(result).toBe('received');
    expect(record.nextSequence).toBe(2);
    expect(record.requests).toEqual([
      {
        id: 'form',
        message: '1/3',
        related: [],
        confirmed: [],
        textUntil: NOW + DAY_MS,
        attempts: [
          {
            id: 'a1',
            sequence: 1,
            receivedAt: NOW,
            stage: { kind: 'received' },
            stageAt: NOW,
            words: 'words',
            owner: HERE,
            delivery: 'pending',
            reply: REPLY,
            escalated: ESCALATED,
          },
        ],
      },
    ]);
    expect(personRecord.parse(record)).toEqual(record);
  });

  test.each(STAGE_KINDS)('that Discord delivers it again changes nothing, where it is %s', (kind) => {
    const before = recordWith(kind);
    for (const requestId of ['form', 'another']) {
      const again = receive(before, undefined, arrival({ requestId, owner: THERE }), LATER);
      expect(again).toEqual({ record: before, result: 'again' });
    }
  });

  test('attempts of one form stand in their order, and those of all forms are counted together', () => {
    const ids = ['a1', 'a2', 'a3'];
    const record = ids.reduce(
      (current, attemptId) =>
        receive(
          current,
          undefined,
          arrival({ attemptId, words: attemptId, requestId: attemptId === 'a2' ? 'other' : 'form' }),
          NOW,
        ).record,
      EMPTY_RECORD,
    );
    expect(requestIn(record).attempts.map(({ id, sequence }) => [id, sequence])).toEqual([
      ['a1', 1],
      ['a3', 3],
    ]);
    expect(attemptIn(record, 'a2').sequence).toBe(2);
  });

  test('what is known to be about the same goes into the same write', () => {
    const before = recordOf(
      request('other', [
        attempt(1, 'opened', { words: 'words' }),
        attempt(2, 'refused', { words: 'words' }),
        attempt(3, 'sending', { words: 'words' }),
        attempt(4, 'opened'),
      ]),
    );
    const message = [entry(EVE, 'e1', 'unconfirmed')];
    const { record } = receive(before, message, arrival({ attemptId: 'a5' }), NOW);
    // The attempts of others stand in the record of the message.
    expect(requestIn(record).related).toEqual(['a1', 'a3', 'a4']);
  });

  test('a form that was edited after nothing came of it stays about what it was about', () => {
    const before = recordOf(
      request('other', [attempt(1, 'unreachable', { words: 'words' })]),
      request('form', [attempt(2, 'unreachable', { words: 'words', delivery: 'delivered' })]),
    );
    const { record } = receive(before, undefined, arrival({ attemptId: 'a3', words: 'edited' }), NOW);
    expect(requestIn(record, 'other').related).toEqual(['a3']);
    // Its first words are forgotten after a quarter of an hour, and it is known all the same.
    const later: PersonRecord = prune(record, NOW + HOUR_MS, DAY_MS);
    expect(requestIn(later).attempts.map(({ id }) => id)).toEqual(['a3']);
    const opened = changeAttempt(later, 'a3', (one) => ({ ...one, stage: { kind: 'opened' } }));
    const again = receive(opened, undefined, arrival({ requestId: 'other', attemptId: 'a4' }), NOW + HOUR_MS);
    expect(takeTurn(again.record, undefined, turn({ attemptId: 'a4' }), NOW + HOUR_MS).result).toBe('stopped');
    // So is it by a third form of its first words, which has met neither.
    const third = receive(opened, undefined, arrival({ requestId: 'third', attemptId: 'a4' }), NOW + HOUR_MS);
    expect(takeTurn(third.record, undefined, turn({ attemptId: 'a4' }), NOW + HOUR_MS).result).toBe('stopped');
  });

  test('what was found to be related stays related when the words change', () => {
    const before = recordOf(
      request('other', [attempt(1, 'opened', { words: 'words' })]),
      request('form', [attempt(2, 'not-sent', { words: 'words' })], { related: ['a1'] }),
    );
    const { record } = receive(before, undefined, arrival({ attemptId: 'a3', words: 'edited' }), NOW);
    expect(requestIn(record).related).toContain('a1');
    const { result } = takeTurn(record, undefined, turn({ attemptId: 'a3' }), NOW);
    expect(result).toBe('stopped');
  });

  test('a text is never kept for a shorter time than it was', () => {
    const before = recordOf(request('form', [attempt(1, 'refused')], { textUntil: NOW + 9 * DAY_MS }));
    const { record } = receive(before, undefined, arrival({ attemptId: 'a2' }), NOW);
    expect(requestIn(record).textUntil).toBe(NOW + 9 * DAY_MS);
    const longer = receive(record, undefined, arrival({ attemptId: 'a3', textUntil: NOW + 10 * DAY_MS }), NOW);
    expect(requestIn(longer.record).textUntil).toBe(NOW + 10 * DAY_MS);
  });

  test('what the person chose to send despite is remembered once, with the attempt or before it', () => {
    const event = { requestId: 'form', message: '1/3', textUntil: NOW + DAY_MS, confirmed: 'a9' };
    const before = confirm(confirm(EMPTY_RECORD, event), event);
    expect(before.requests).toEqual([
      { id: 'form', message: '1/3', attempts: [], related: [], confirmed: ['a9'], textUntil: NOW + DAY_MS },
    ]);
    const { record } = receive(before, undefined, arrival({ confirmed: 'a8' }), NOW);
    expect(requestIn(record)).toMatchObject({ message: '1/3', confirmed: ['a9', 'a8'] });
    expect(requestIn(receive(record, undefined, arrival({ attemptId: 'a2', confirmed: 'a8' }), NOW).record)).toEqual(
      expect.objectContaining({ confirmed: ['a9', 'a8'] }),
    );
  });
});
