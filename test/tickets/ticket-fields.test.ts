import { expect, test } from 'vitest';
import {
  bodyForStaff,
  dedupParts,
  EMPTY_FIELDS,
  FIELD_NAMES,
  fieldIssues,
  hasSameText,
  mapFields,
  readableText,
  TICKET_FIELDS,
} from '../../src/tickets/ticket-fields.ts';

const FIELDS = { ...EMPTY_FIELDS, subject: 'Down', body: 'Since noon.' };

test.each(FIELD_NAMES)('%s is in the text that goes back to its writer, and makes another text of it', (field) => {
  const filled = { ...FIELDS, [field]: 'a value of its own' };
  expect(readableText(filled)).toContain('a value of its own');
  expect(hasSameText(filled, FIELDS)).toBe(false);
  expect(hasSameText(filled, { ...filled })).toBe(true);
});

test.each(FIELD_NAMES)('%s makes another ticket of it just where its definition says so', (field) => {
  const filled = { ...FIELDS, [field]: 'a value of its own' };
  const isAnother = JSON.stringify(dedupParts(filled)) !== JSON.stringify(dedupParts(FIELDS));
  expect(isAnother).toBe(TICKET_FIELDS[field].isPartOfDedupKey);
});

test.each(FIELD_NAMES)('staff read %s: by itself, or above the body', (field) => {
  const filled = { ...FIELDS, [field]: 'a value of its own' };
  const { isOfHelpdesk, label } = TICKET_FIELDS[field] as { isOfHelpdesk: boolean; label: string };
  if (isOfHelpdesk) expect(['subject', 'product', 'body']).toContain(field);
  else expect(bodyForStaff(filled)).toBe(`${label}: a value of its own\n\nSince noon.`);
});

test.each(FIELD_NAMES)('%s has its limits', (field) => {
  const { maxLength, isRequired, isOneLine } = TICKET_FIELDS[field];
  const problemsOf = (value: string) =>
    fieldIssues({ ...FIELDS, [field]: value }).map((issue) => [issue.field, issue.problem]);
  expect(problemsOf('x'.repeat(maxLength))).toEqual([]);
  expect(problemsOf('x'.repeat(maxLength + 1))).toEqual([[field, 'too-long']]);
  expect(problemsOf('')).toEqual(isRequired ? [[field, 'blank']] : []);
  expect(problemsOf('one\ntwo')).toEqual(isOneLine ? [[field, 'line-break']] : []);
});

test('the digests that are stored are of subject and body, in this order', () => {
  expect(dedupParts({ ...EMPTY_FIELDS, subject: 'Down', product: 'VPS', body: 'Since noon.' })).toEqual([
    'Down',
    'Since noon.',
  ]);
  expect(mapFields((field) => field)).toMatchObject({ subject: 'subject', body: 'body' });
});
