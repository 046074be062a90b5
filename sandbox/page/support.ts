import { z } from 'zod';
import type { SandboxHelpdesk } from '../helpdesk/sandbox-helpdesk.ts';
import { Refusal } from './answers.ts';
import type { SupportAct } from './protocol.ts';

const reference = z.string().max(40);

/** What the page sends when its visitor is support. */
export const supportActSchema: z.ZodType<SupportAct> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('answer'),
    reference,
    text: z.string().trim().min(1).max(10_000),
    isPrivate: z.boolean(),
  }),
  z.object({ kind: z.literal('set-state'), reference, state: z.enum(['Open', 'In Progress', 'On Hold', 'Closed']) }),
]);

/** Does what somebody of the staff does at the helpdesk itself. @throws {Refusal} for a ticket that is none. */
export function actAsSupport(helpdesk: SandboxHelpdesk, act: SupportAct): void {
  if (!helpdesk.tickets.some((ticket) => ticket.reference === act.reference)) {
    throw new Refusal(404, 'There is no such ticket.');
  }
  switch (act.kind) {
    case 'answer':
      helpdesk.answerAsSupport({ reference: act.reference, text: act.text, isPrivate: act.isPrivate });
      return;
    case 'set-state':
      helpdesk.setState(act.reference, act.state);
  }
}
