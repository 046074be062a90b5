/** Characters before the at sign: RFC 5322's `atext`, without quoted names. */
const ATOM = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+$/;
/** Letters, digits and hyphens, and no hyphen at an end: also the `xn--` form of other scripts. */
const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/;
/** Octets before the at sign, of a label, and of all of it (RFC 5321, RFC 1035). */
const MAX_NAME = 64;
const MAX_LABEL = 63;
const MAX_ADDRESS = 254;

/**
 * What nobody sees, and what copying from a web page, a mail or a chat brings along: soft hyphens, joiners, zero-width
 * blanks, marks for the direction of writing, byte order marks, variation selectors, and blanks that do not break.
 */
const INVISIBLE =
  /\u00A0|\u00AD|\u034F|\u061C|[\u115F\u1160]|[\u17B4\u17B5]|[\u180B-\u180F]|[\u200B-\u200F]|[\u202A-\u202F]|[\u2060-\u206F]|\u3164|[\uFE00-\uFE0F]|\uFEFF|\uFFA0/g;
/** Blanks of other widths. Line breaks and tabs are not among them: those are somebody trying to write a second header. */
const BLANKS_AROUND = /^[ \u1680\u2000-\u200A\u205F\u3000]+|[ \u1680\u2000-\u200A\u205F\u3000]+$/g;

/**
 * Reads one plain address: a dot-atom, an at sign and a domain of ASCII labels. The rule is the bot's own, whatever the
 * helpdesk takes: the bot mails to this address, writes it into a header, and knows an account by it. Quoted names, comments,
 * IP addresses in brackets and lists are refused: second recipients and headers can be made of them, and no provider gives
 * them out. Which of these addresses can have an account is for the helpdesk to say (src/chosen-helpdesk.ts).
 * @returns The address without what surrounds it and otherwise as typed (a helpdesk may compare case), or undefined.
 */
export function parseEmailAddress(typed: string): string | undefined {
  const address = withoutWrapping(typed.replace(INVISIBLE, '').replace(BLANKS_AROUND, ''));
  if (address.length > MAX_ADDRESS) return undefined;
  const [name = '', domain = '', ...more] = address.split('@');
  return more.length === 0 && isName(name) && isDomain(domain) ? address : undefined;
}

/** Takes off what mail programs put around an address that is copied: `<…>` and `mailto:`. */
function withoutWrapping(text: string): string {
  const inner = /^<([^<>]*)>$/.exec(text)?.[1] ?? text;
  return inner.replace(/^mailto:/i, '');
}

function isName(name: string): boolean {
  return name.length <= MAX_NAME && name.split('.').every((atom) => ATOM.test(atom));
}

function isDomain(domain: string): boolean {
  return domain.split('.').every((label) => label.length <= MAX_LABEL && LABEL.test(label));
}
