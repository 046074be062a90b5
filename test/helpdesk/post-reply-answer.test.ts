import { describe, expect, test } from 'vitest';
import { readPostReplyAnswer } from '../../src/helpdesk/post-reply-answer.ts';
import { HelpdeskError } from '../../src/tickets/helpdesk-client.ts';

function reply(value: unknown, whole = true) {
  return readPostReplyAnswer({ kind: 'reply', value, whole, unfinished: [], software: undefined });
}

function read(status: string, text: string) {
  return reply({ return: { status, status_text: text } });
}

test.each(['success', 'Success', ' OK\n'])('%j is posted', (status) => {
  expect(read(status, 'whatever failed')).toEqual({ result: { kind: 'posted' }, mayBeExpired: false });
});

test.each([
  ['Failed', 'Content is required. Please try again!', false],
  ['failed', 'Ticket ID is required.', false],
  ['failed', 'The reply was empty.', false],
  ['failed', 'Invalid ticket ID', false],
  ['failed', 'Ticket is not found. Please try again!', false],
  ['failed', 'Kayako exception occurred getting ticket details. Please try again!', false],
  ['failed', 'Kayako exception occurred. Please try again!', false],
  ['failed', 'Kayako exception occurred getting ticket priority. Please try again!', true],
  ['Failed', 'Invalid Email Address - Does not match your account email!', true],
])('%j %j is refused, and may be an expired session: %j', (status, reason, mayBeExpired) => {
  expect(read(status, reason)).toEqual({ result: { kind: 'refused', reason }, mayBeExpired });
});

test.each(['Your session has expired.', 'Invalid sid', 'Please log in again!'])(
  'failed with %j is about the session alone: unreachable',
  (text) => {
    expect(read('failed', text)).toMatchObject({
      result: { kind: 'unreachable', cause: { kind: 'login' } },
      mayBeExpired: true,
    });
  },
);

describe('what may come after the post leaves doubt, and no session is renewed for it:', () => {
  test.each([
    ['failed', 'Kayako exception occurred adding post. Please try again!'],
    ['FAILED', 'KAYAKO EXCEPTION OCCURRED ADDING POST'],
    ['failed', 'Kayako exception occurred updating ticket status. Please try again!'],
    ['failed', 'Kayako exception occurred while notifying the staff.'],
    ['failed', 'Your reply was saved, but the session of the mail server has expired.'],
    ['failed', 'Content is required for the notification.'],
    ['failed', 'The moon is full.'],
    ['failed', ''],
    ['incomplete', 'Queued.'],
    ['?', ''],
  ])('%j %j', (status, text) => {
    expect(read(status, text)).toMatchObject({ result: { kind: 'unconfirmed' }, mayBeExpired: false });
  });

  test.each([
    ['Server', 'Invalid session'],
    ['SOAP-ENV:Client', 'The post was added; the session has expired'],
    ['SOAP-ENV:Client', 'Bad request'],
  ])('a fault %s: %s', (code, text) => {
    const error = new HelpdeskError('fault', 'x');
    expect(readPostReplyAnswer({ kind: 'fault', code, text, error })).toEqual({
      result: { kind: 'unconfirmed', cause: error },
      mayBeExpired: false,
    });
  });

  test.each([
    ['no status', { return: { status_text: 'success' } }],
    ['an empty status', { return: { status: '' } }],
    ['a text', 'success'],
    ['a list', [1]],
    ['another thing', { other: { status: 'success' } }],
  ])('%s', (_what, value) => {
    expect(reply(value)).toMatchObject({
      result: { kind: 'unconfirmed', cause: { kind: 'not-soap' } },
      mayBeExpired: false,
    });
  });

  test('nil in an answer that broke off', () => {
    expect(reply(null, false)).toMatchObject({ result: { kind: 'unconfirmed' }, mayBeExpired: false });
    expect(reply(null)).toMatchObject({ result: { kind: 'unconfirmed' }, mayBeExpired: true });
  });
});

test.each([
  ['return', { return: { status: { attributes: {}, $value: 'success' }, status_text: null } }],
  ['the name of its type', { ticketPost_return: { status: 'success' } }],
  ['nothing', { status: 'success', status_text: '' }],
])('the part that is returned may be called %s', (_name, value) => {
  expect(reply(value).result).toEqual({ kind: 'posted' });
});

test('a request that was never written is certain', () => {
  const error = new HelpdeskError('connect', 'x');
  expect(readPostReplyAnswer({ kind: 'failed', written: false, error }).result.kind).toBe('unreachable');
  expect(readPostReplyAnswer({ kind: 'failed', written: true, error }).result.kind).toBe('unconfirmed');
});
