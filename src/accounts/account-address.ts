import { parseEmailAddress } from '../email-address.ts';

/**
 * Reads the address that somebody types for their account.
 * @returns Undefined for what is not one plain address, and for one that the helpdesk takes for no account.
 */
export type ReadAccountAddress = (typed: string) => string | undefined;

/** @param takesAddress What the helpdesk takes beyond what makes an address plain. */
export function accountAddressReader(takesAddress: (address: string) => boolean): ReadAccountAddress {
  return (typed) => {
    const address = parseEmailAddress(typed);
    return address !== undefined && takesAddress(address) ? address : undefined;
  };
}
