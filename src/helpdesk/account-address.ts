/**
 * Whether MyAdmin takes this address, which is a plain one (src/email-address.ts), for an account. It asks PHP's
 * FILTER_VALIDATE_EMAIL without international addresses, which wants of the domain more than mail does: at least two labels,
 * the last of which starts with a letter. What that filter takes and we do not, quoted names and IP addresses in brackets, is
 * no plain address.
 */
export function isMyAdminAddress(address: string): boolean {
  const labels = address.slice(address.lastIndexOf('@') + 1).split('.');
  return labels.length >= 2 && /^[A-Za-z]/.test(labels.at(-1) ?? '');
}
