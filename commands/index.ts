import type { Command } from '../src/discord/command.ts';
import account from './account.ts';
import escalate from './escalate.ts';
import helpdesk from './helpdesk.ts';
import link from './link.ts';
import ticket from './ticket.ts';
import tickets from './tickets.ts';

/** Everything that a person can invoke. */
export const commands: readonly Command[] = [ticket, tickets, link, account, escalate, helpdesk];
