import type { RefusalSubject } from '../tickets/helpdesk-client.ts';

/**
 * What a refusal of the helpdesk is about, as far as its words tell. They are for people and come in no list: all that follows
 * from a wrong guess is which button stands first.
 */
export function refusalSubject(reason: string): RefusalSubject | undefined {
  if (/e-?mail|\bcustomer\b|\baccount\b|\buser\b/i.test(reason)) return 'address';
  return /\b(subject|product|body|message|content|text)\b/i.test(reason) ? 'text' : undefined;
}
