/** Who a mail is from. */
export interface MailSender {
  /** Empty when there is none. */
  readonly name: string;
  readonly address: string;
}

/** An address alone: no blanks, and none of the signs that a header gives a meaning to. */
const ADDRESS = /^[^\s@<>()[\]\\,;:"\p{Cc}]+@[^\s@<>()[\]\\,;:"\p{Cc}]+$/u;

/**
 * Reads `Name <address>`, `<address>`, `address` and `address (Name)`. What stands before the address is the name, whatever
 * signs are in it: people write it as it should appear, so it is not read as a mail header, in which a colon, a comma, a
 * quote or a bracket would mean something. Quotes around all of the name are taken off, as programs write them.
 * @returns undefined when it is not that, or has a line break in it.
 */
export function parseMailSender(text: string): MailSender | undefined {
  if (/\p{Cc}/u.test(text)) return undefined;
  const trimmed = text.trim();
  const [, before, bracketed] = /^([^<>]*)<([^<>]*)>$/.exec(trimmed) ?? [];
  if (bracketed !== undefined) return senderOf(before ?? '', bracketed);
  const [, alone = '', comment = ''] = /^(\S+)(?:\s+\((.*)\))?$/.exec(trimmed) ?? [];
  return senderOf(comment, alone);
}

function senderOf(name: string, typedAddress: string): MailSender | undefined {
  const address = typedAddress.trim();
  return ADDRESS.test(address) ? { name: unquoted(name.trim()), address } : undefined;
}

/** `"Example, Inc."` without the quotes around it and the backslashes that they made necessary. */
function unquoted(name: string): string {
  const [, inner] = /^"((?:[^"\\]|\\.)*)"$/.exec(name) ?? [];
  return inner === undefined ? name : inner.replace(/\\(.)/g, '$1').trim();
}
