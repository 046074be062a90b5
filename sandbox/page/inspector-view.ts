import { OPERATIONS } from '../helpdesk/operations.ts';
import type { HelpdeskCall } from '../helpdesk/sandbox-helpdesk.ts';
import type { HelpdeskTicket } from '../helpdesk/stored-tickets.ts';
import { codeIn } from '../mailbox.ts';
import type { Fixture } from './fixture.ts';
import type { AttemptView, CallView, InspectorView, TicketView } from './protocol.ts';

/** Of each list the newest so many. */
const MAX_ROWS = 100;
const MAX_LOG_LINES = 200;

/** What happened outside of Discord, the newest first. */
export function inspectorView(fixture: Fixture): InspectorView {
  const { helpdesk, mailbox, discord } = fixture.world;
  const name = (id: string) => discord.world.accounts.get(id)?.name ?? id;
  return {
    tickets: newestFirst(helpdesk.tickets).map(ticketView),
    mails: newestFirst(mailbox.mails).map((mail) => ({
      to: mail.to.join(', '),
      subject: mail.subject,
      text: mail.text,
      code: codeIn(mail),
    })),
    attempts: newestFirst([...fixture.bot.attempts.values()]).map(
      ({ id, submitterId, stages, reference, isDelivered, receivedAt }): AttemptView => ({
        id,
        userName: name(submitterId),
        stages,
        reference,
        isDelivered,
        receivedAt,
      }),
    ),
    calls: newestFirst(helpdesk.calls).map(callView),
    log: fixture.bot.lines.slice(-MAX_LOG_LINES).toReversed(),
    circuitOpenUntil: fixture.circuit.openUntil,
  };
}

function ticketView({ posts, ...ticket }: HelpdeskTicket): TicketView {
  return {
    ...ticket,
    posts: posts.map(({ authorEmail, ...post }) => ({ ...post, isSupport: authorEmail !== ticket.requesterEmail })),
  };
}

function callView({ operation, values, startedAt, durationMs, result }: HelpdeskCall): CallView {
  const parts = OPERATIONS.find(({ name }) => name === operation)?.parts ?? [];
  const args = values.map((value, index) => ({ name: parts[index] ?? String(index), value }));
  return { operation, args, startedAt, durationMs, result };
}

function newestFirst<T>(list: readonly T[]): T[] {
  return list.slice(-MAX_ROWS).toReversed();
}
