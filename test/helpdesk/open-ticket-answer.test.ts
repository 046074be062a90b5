import { describe, expect, test } from 'vitest';
import { readOpenTicketAnswer } from '../../src/helpdesk/open-ticket-answer.ts';
import { HelpdeskError } from '../../src/tickets/helpdesk-client.ts';

const MISMATCH = 'Invalid Email Address - Does not match your account email!';

function read(status: string, text: string, reference: string | null = '-1') {
  const value = { return: { status, status_text: text, ticket_reference_id: reference } };
  return readOpenTicketAnswer({ kind: 'reply', value, whole: true, unfinished: [], software: undefined });
}

test.each<readonly [status: string, text: string, reference: string | null, known: string | undefined]>([
  ['success', 'created ticket successfully.', 'KVO-530-34143', 'KVO-530-34143'],
  ['Success', '', 'KVO-530-34143', 'KVO-530-34143'],
  ['OK', '', '34143', '34143'],
  [' success ', '', ' KVO-530-34143\n', 'KVO-530-34143'],
  ['success', '', '-1', undefined],
  ['success', '', '0', undefined],
  ['success', '', '', undefined],
  ['success', '', null, undefined],
  ['success', '', '@everyone <b>', undefined],
  ['success', 'Failed', 'KVO-530-34143', 'KVO-530-34143'],
  ['success', '', '530-KVO-1', '530-KVO-1'],
  ['success', '', '0034143', '0034143'],
  ...[
    'NaN',
    'null',
    'NULL',
    'nil',
    'false',
    'true',
    'undefined',
    'Infinity',
    '-Infinity',
    '[object Object]',
    'Array',
  ].map((junk) => ['success', '', junk, undefined] as const),
  ...['1e3', '0x10', '1.5', '-34143', '000', '+1', '#1', 'KVO', 'KVO-530', 'KVO-530-', 'KVO-530-0', 'NaN-null-1'].map(
    (junk) => ['success', '', junk, undefined] as const,
  ),
  ...['KVO-530-34143 KVO-530-34144', `KVO-530-${'1'.repeat(60)}`, '1'.repeat(20), '٣٤', 'KVO-５３０-1'].map(
    (junk) => ['success', '', junk, undefined] as const,
  ),
])('%j %j with the reference %j is opened as %j', (status, text, reference, known) => {
  expect(read(status, text, reference)).toEqual({ result: { kind: 'opened', reference: known }, mayBeExpired: false });
});

test.each([
  ['Failed', 'User email is required. Please try again!', false],
  ['Failed', 'user email is required', false],
  ['failed', 'User IP is required. Please try again!', false],
  ['FAILED', 'User email is not valid. Please try again!', false],
  ['Failed', MISMATCH, true],
  ['failed', 'Kayako exception occurred while getting the departments. Please try again!', false],
  ['failed', 'Kayako exception occurred. Please try again!', false],
])('%j %j is refused, and may be an expired session: %j', (status, text, mayBeExpired) => {
  expect(read(status, text)).toMatchObject({ result: { kind: 'refused', reason: text }, mayBeExpired });
});

test.each([
  ['failed', 'Kayako exception occurred while creating ticket. Please try again!', '-1'],
  ['Failed', 'Kayako exception occurred creating the ticket', '-1'],
  ['failed', 'Kayako exception occurred updating root/admin pass. Please try again!', '-1'],
  ['failed', 'Error updating root/admin pass, session lost', '-1'],
  ['failed', 'User email is required', 'KVO-530-34143'],
  ['failed', 'Something new', '-1'],
  ['failed', 'The ticket was opened, but the login notification could not be sent.', '-1'],
  ['failed', 'Ticket has been submitted. Your session has expired.', '-1'],
  ['failed', 'A new ticket exists now; please log in to see it.', '-1'],
  ['failed', 'Opening your ticket took too long, please log in again.', '-1'],
  ['failed', 'Login notification could not be delivered', '-1'],
  ['failed', 'Could not log the ticket in the session journal', '-1'],
  ['failed', 'Das Ticket wurde angelegt. Login fehlgeschlagen', '-1'],
  ['failed', `${MISMATCH} The ticket was registered for the account of the session.`, '-1'],
  ['failed', 'User email is required. Ticket raised without it.', '-1'],
  ['failed', 'Kayako exception occurred while opening your ticket. Please try again!', '-1'],
  ['failed', 'Kayako exception occurred while sending the confirmation. Please try again!', '-1'],
  ['failed', 'Kayako exception occurred adding post. Please try again!', '-1'],
  ['failed', 'User email is required', 'something else'],
  ['failed', '', '-1'],
  ['incomplete', 'created ticket successfully.', '-1'],
  ['pending', '', 'KVO-530-34143'],
])('%j %j with the reference %j is unconfirmed', (status, text, reference) => {
  expect(read(status, text, reference)).toMatchObject({
    result: { kind: 'unconfirmed', cause: { kind: 'unexpected-status' } },
    mayBeExpired: false,
  });
});

test.each([
  ...['Your session has expired.', 'Please log in.', 'Invalid Session ID', 'Login required', 'You are not logged in!'],
  ...['Session not found. Please try again!', 'Invalid sid', 'The session doesn’t exist or has timed out'],
])('Failed %j may be an expired session, and opened nothing', (text) => {
  expect(read('Failed', text)).toMatchObject({
    result: { kind: 'unreachable', cause: { kind: 'login' } },
    mayBeExpired: true,
  });
});

describe('a fault is unconfirmed, and may be an expired session', () => {
  test.each([
    ['SOAP-ENV:Client', 'Invalid session', true],
    ['Client', 'Please login first', true],
    ['SOAP-ENV:Client', 'Bad request', false],
    ['Client', '', false],
    ['SOAP-ENV:Client', 'Ticket created, but the session could not be closed', false],
    ['SOAP-ENV:Client.Authentication', '', false],
    ['SOAP-ENV:Server', 'Invalid session', false],
    ['SOAP-ENV:Server', 'Please login first', false],
    ['SOAP-ENV:Server.Client', 'Please login first', false],
    ['SOAP-ENV:Server', 'Memory exhausted', false],
    ['SOAP-ENV:Server', 'The catalog index is broken', false],
    ['HTTPClientError', 'x', false],
  ])('%s %j: %j', (code, text, mayBeExpired) => {
    const error = new HelpdeskError('fault', 'fault');

    expect(readOpenTicketAnswer({ kind: 'fault', code, text, error })).toEqual({
      result: { kind: 'unconfirmed', cause: error },
      mayBeExpired,
    });
  });
});

test.each([
  [null, true, true],
  [undefined, true, true],
  [{ return: null }, true, true],
  // Cut down to nothing, it may have said that the ticket was opened.
  [null, false, false],
  [{}, true, false],
  [{ Body: null }, true, false],
  ['text', true, false],
  [{ return: { attributes: { 'xsi:type': 'xsd:string' } } }, true, false],
  [{ return: [{ status: 'success' }, { status: 'failed' }] }, true, false],
  [{ return: { status: { attributes: {} }, status_text: 'x' } }, true, false],
])('a reply %j (whole: %j) is unconfirmed, and may be an expired session: %j', (value, whole, mayBeExpired) => {
  expect(readOpenTicketAnswer({ kind: 'reply', value, whole, unfinished: [], software: undefined })).toMatchObject({
    result: { kind: 'unconfirmed', cause: { kind: 'not-soap' } },
    mayBeExpired,
  });
});

test.each([
  [{ return: { status: 'success', status_text: { odd: {} }, ticket_reference_id: 34143 } }],
  [{ openTicket_return: { status: 'success', ticket_reference_id: 34143 } }],
  [{ status: { attributes: { 'xsi:type': 'xsd:string' }, $value: 'success' }, ticket_reference_id: '34143' }],
])('the reply may be called otherwise, or by no name: %j', (value) => {
  expect(
    readOpenTicketAnswer({ kind: 'reply', value, whole: true, unfinished: [], software: undefined }).result,
  ).toEqual({
    kind: 'opened',
    reference: '34143',
  });
});

test.each([
  [true, 'unconfirmed'],
  [false, 'unreachable'],
])('a call without an answer, written whole: %j, is %s', (written, kind) => {
  const error = new HelpdeskError('connection-lost', 'lost');

  expect(readOpenTicketAnswer({ kind: 'failed', written, error })).toEqual({
    result: { kind, cause: error },
    mayBeExpired: false,
  });
});

test.each([[{ odd: {} }], [['KVO-530-1', 'KVO-530-2']], [Number.NaN], [false], [null]])(
  'a ticket whose reference is %j is open all the same, under a number that nobody knows',
  (reference) => {
    const value = { return: { status: 'success', status_text: '', ticket_reference_id: reference } };
    expect(
      readOpenTicketAnswer({ kind: 'reply', value, whole: true, unfinished: [], software: undefined }).result,
    ).toEqual({
      kind: 'opened',
      reference: undefined,
    });
  },
);

test('a refusal beside a reference that cannot be read leaves doubt', () => {
  const value = {
    return: { status: 'failed', status_text: 'User email is required', ticket_reference_id: { odd: {} } },
  };
  expect(
    readOpenTicketAnswer({ kind: 'reply', value, whole: true, unfinished: [], software: undefined }).result.kind,
  ).toBe('unconfirmed');
});
