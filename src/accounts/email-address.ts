/**
 * One text for the spellings that many providers deliver to one mailbox: capitals, dots, and what follows a plus. For
 * counting mails; two mailboxes that look the same here share a limit and nothing else.
 */
export function mailboxOf(address: string): string {
  const [name = '', domain = ''] = address.toLowerCase().split('@');
  return `${name.replace(/\+.*|\./g, '')}@${domain}`;
}

/**
 * Enough to recognise one's own address and too little to learn another's: `a•••@e•••.com`. A first character that is no
 * letter or digit is left out, as Discord reads signs such as * and _ as formatting.
 */
export function maskEmailAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  const top = domain.slice(domain.lastIndexOf('.'));
  const [first = ''] = /^[A-Za-z0-9]/.exec(address) ?? [];
  return `${first}•••@${domain.slice(0, 1)}•••${top}`;
}
