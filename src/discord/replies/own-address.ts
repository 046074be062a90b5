/** What Discord reads as formatting, of what an address can hold. */
const MARKDOWN = /[\\*_~|`]/g;

/**
 * A person's address as only they see it, in a private reply: in full, so that typos show, and behind a spoiler, so that nobody
 * who looks over their shoulder or sees a screenshot reads it.
 */
export function ownAddress(email: string): string {
  return `||${email.replace(MARKDOWN, '\\$&')}||`;
}
