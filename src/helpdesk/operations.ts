/**
 * The arguments of each operation in the order of the wire. The helpdesk takes them by position and ignores their
 * names: a swapped pair is stored swapped, and a missing one is answered with an empty HTTP 500.
 */
export const ARGUMENTS = {
  api_login: ['username', 'password'],
  api_get_ima: ['sid'],
  api_openTicket: ['sid', 'user_email', 'user_ip', 'subject', 'product', 'body', 'box_auth_value'],
  api_viewTicket: ['sid', 'ticketID'],
  api_ticketPost: ['sid', 'ticketID', 'content'],
} as const;

export type Operation = keyof typeof ARGUMENTS;
export type Arguments<O extends Operation> = Readonly<Record<(typeof ARGUMENTS)[O][number], string>>;

/** @returns The arguments, all of them, in the order in which the helpdesk counts them. */
export function inWireOrder<O extends Operation>(operation: O, values: Arguments<O>): [name: string, value: string][] {
  const byName: Readonly<Record<string, string>> = values;
  // A value that is not there would shift the others by one place; the compiler sees to it that none is missing.
  return ARGUMENTS[operation].map((name) => [name, byName[name] ?? '']);
}
