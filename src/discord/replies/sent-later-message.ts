import type { TicketOutcome } from '../../tickets/ticket-outcome.ts';
import { escapeUserText } from './escape-user-text.ts';
import { atStart, type HelpdeskNames, inSentence } from './helpdesk-words.ts';
import { lines } from './reply.ts';

const REFERENCE_LENGTH = 60;
const SUBJECT_LENGTH = 100;

/**
 * What a person reads in a direct message about a text that was sent without them. Plain text: it is no answer to a command, and
 * its buttons could not change it. What asks for a decision is left for their next command, where the buttons are.
 */
export function sentLaterMessage(outcome: TicketOutcome, subject: string, helpdesk: HelpdeskNames): string {
  if (outcome.kind === 'opened' && outcome.answers !== undefined) {
    const ticket = outcome.reference ? escapeUserText(outcome.reference, REFERENCE_LENGTH) : 'your ticket';
    return lines(`✅ **Your reply is in ${ticket}.**`, `${atStart(helpdesk)} is back, so it was sent as you asked.`);
  }
  const about = `**${escapeUserText(subject, SUBJECT_LENGTH)}**`;
  switch (outcome.kind) {
    case 'opened': {
      const ticket = outcome.reference
        ? `Ticket ${escapeUserText(outcome.reference, REFERENCE_LENGTH)}`
        : 'Your ticket';
      return lines(`✅ **${ticket} is open:** ${about}`, `${atStart(helpdesk)} is back, so it was sent as you asked.`);
    }
    case 'unconfirmed':
      return lines(
        `⚠️ **Not sure it went through:** ${about}`,
        `It was sent when ${inSentence(helpdesk)} was back, but no clear answer came. Use \`/ticket\` to decide what to do.`,
      );
    case 'unreachable':
      return lines(
        `📝 **Not sent:** ${about}`,
        `${atStart(helpdesk)} couldn't be reached again. Use \`/ticket\` to send it.`,
      );
    case 'refused':
    case 'not-sent':
    case 'duplicate':
    case 'waiting':
    case 'gone':
      return lines(
        `📝 **Not sent:** ${about}`,
        `${atStart(helpdesk)} is back, but something stands against sending it. Use \`/ticket\` to read what.`,
      );
  }
}
