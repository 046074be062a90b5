import { expect, test } from 'vitest';
import { refusalSubject } from '../../src/helpdesk/refusal-subject.ts';
import { clientOf, helpdeskForTest } from './helpdesk-harness.ts';

test.each([
  ['User email is not valid. Please try again!', 'address'],
  ['That customer is closed.', 'address'],
  ['Your subject is blank!', 'text'],
  ['The message is too short', 'text'],
  ['Not today.', undefined],
  ['', undefined],
])('"%s" is about: %s', (reason, about) => {
  expect(refusalSubject(reason)).toBe(about);
});

test('a refused ticket says what the refusal is about', async () => {
  const helpdesk = await helpdeskForTest();
  const request = { requesterEmail: 'not an address', subject: 'Down', product: '', body: 'Since noon.' };
  expect(await clientOf(helpdesk.url).openTicket(request)).toMatchObject({ kind: 'refused', about: 'address' });
});
