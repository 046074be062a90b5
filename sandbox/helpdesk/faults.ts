import type { NamedFault } from './fault-effects.ts';
import { OPEN_TICKET_FAULTS } from './open-ticket-faults.ts';
import { TICKET_POST_FAULTS } from './ticket-post-faults.ts';
import { VIEW_TICKET_FAULTS } from './view-ticket-faults.ts';

/** What can be made to go wrong, by name. Each concerns its own operation unless another one is said. */
export const HELPDESK_FAULTS = {
  ...OPEN_TICKET_FAULTS,
  ...VIEW_TICKET_FAULTS,
  ...TICKET_POST_FAULTS,
} as const satisfies Record<string, NamedFault>;

export type HelpdeskFaultName = keyof typeof HELPDESK_FAULTS;

/** The names with one line each, for switches on a page. */
export function listHelpdeskFaults(): { name: HelpdeskFaultName; description: string }[] {
  return Object.entries(HELPDESK_FAULTS).map(([name, { description }]) => ({
    name: name as HelpdeskFaultName,
    description,
  }));
}
