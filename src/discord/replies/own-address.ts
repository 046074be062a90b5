/**
 * A person's own address, for their eyes: a typo shows, and who looks over their shoulder sees nothing. Not escaped as other
 * texts are: a blank that takes mentions apart would be copied with the address.
 */
export function ownAddress(email: string): string {
  return `||${email.replaceAll(/[\\*_~|`<>[\]]/g, '\\$&')}||`;
}
