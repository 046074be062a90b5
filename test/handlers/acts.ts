import { accountActs } from './account-acts.ts';
import type { Act, Acts } from './act.ts';
import { escalateActs } from './escalate-acts.ts';
import type { HandlerCase } from './handler-cases.ts';
import { helpdeskActs } from './helpdesk-acts.ts';
import { linkActs } from './link-acts.ts';
import { ticketActs } from './ticket-acts.ts';
import { ticketsActs } from './tickets-acts.ts';

/** How a person comes to each handler, by the names that `handlerCases` gives them. */
export const ACTS: Acts = {
  ...ticketActs,
  ...ticketsActs,
  ...linkActs,
  ...accountActs,
  ...escalateActs,
  ...helpdeskActs,
};

/** @throws {Error} saying where to add it. */
export function actOf({ name }: Pick<HandlerCase, 'name'>, acts: Acts = ACTS): Act {
  const act = acts[name];
  if (!act) throw new Error(missing(name));
  return act;
}

/** What is wrong between the handlers and the acts, each in one sentence that names the file to edit. */
export function problemsOf(cases: readonly HandlerCase[], acts: Acts = ACTS): string[] {
  const names = cases.map(({ name }) => name);
  return [
    ...names.filter((name) => !(name in acts)).map(missing),
    ...Object.keys(acts)
      .filter((name) => !names.includes(name))
      .map(
        (name) => `test/handlers/acts.ts has an act for "${name}", which no command has: take it away or rename it.`,
      ),
  ];
}

function missing(name: string): string {
  return `No test uses "${name}". Say how a person comes to it, as '${name}', in the file of its command beside test/handlers/acts.ts, such as test/handlers/account-acts.ts; name a new file in acts.ts.`;
}
