import { z } from 'zod';

/**
 * An address that the helpdesk takes: ASCII only (its own check knows no international domains), at most 254 characters
 * and 64 before the at sign (RFC 5321), and nothing that a mail header or a list of recipients could be made of.
 */
const emailAddress = z
  .email()
  .max(254)
  .regex(/^.{1,64}@/);

/** @returns The address without the blanks around it and otherwise as typed (the helpdesk compares case), or undefined. */
export function parseEmailAddress(typed: string): string | undefined {
  // Blanks alone are forgiven: a line break is somebody trying to write a second header.
  return emailAddress.safeParse(typed.replace(/^ +| +$/g, '')).data;
}

/**
 * One text for the spellings that many providers deliver to one mailbox: capitals, dots, and what follows a plus. For
 * counting mails; two mailboxes that look the same here share a limit and nothing else.
 */
export function mailboxOf(address: string): string {
  const [name = '', domain = ''] = address.toLowerCase().split('@');
  return `${name.replace(/\+.*|\./g, '')}@${domain}`;
}

/** Enough to recognise one's own address and too little to learn another's: `a•••@e•••.com`. */
export function maskEmailAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  const top = domain.slice(domain.lastIndexOf('.'));
  return `${address.slice(0, 1)}•••@${domain.slice(0, 1)}•••${top}`;
}
