import { type Check, fail, ok, warn } from '../health/check.ts';

/** What the helpdesk's own description lists: the arguments of each operation, in their order. */
export type DescribedOperations = ReadonlyMap<string, readonly string[]>;

export interface HelpdeskOperationsOptions {
  /** What the bot sends. */
  readonly needed: DescribedOperations;
  /** Reads the description of the live helpdesk. @returns Undefined when there is none, or it cannot be read. */
  readonly describe: () => Promise<DescribedOperations | undefined>;
  readonly host: string;
}

/** Operations without which tickets are opened all the same, and what then does not work. */
const DISPENSABLE: ReadonlyMap<string, string> = new Map([
  [
    'api_viewTicket',
    'nobody can look at their tickets or is told of news, and a reply without an answer stays in doubt',
  ],
  ['api_ticketPost', 'nobody can reply to a ticket from Discord'],
]);

/**
 * Whether the helpdesk still has the operations that the bot calls, with these arguments in this order: it takes them by
 * position, so that one more or less puts every text into the wrong place.
 */
export function helpdeskOperationsCheck({ needed, describe, host }: HelpdeskOperationsOptions): Check {
  return {
    name: 'Helpdesk WSDL',
    lookedAt: `the WSDL of ${host}`,
    needs: ['Helpdesk'],
    async run() {
      const described = await describe();
      if (!described) {
        return warn(
          `The WSDL of ${host} cannot be read, so it is not known whether its operations are those of this version.`,
          'Open HELPDESK_URL with ?wsdl behind it in a browser; without it, tickets may work all the same.',
        );
      }
      const differences = [...needed].flatMap(([name, parts]) => differenceOf(name, parts, described.get(name)) ?? []);
      if (differences.length > 0) {
        return fail(
          `${host} has changed: ${differences.join('; ')}.`,
          'Stop the bot, as texts could be sent into the wrong places, and ask for a version that fits.',
        );
      }
      const missing = [...DISPENSABLE].filter(([name]) => needed.has(name) && !described.has(name));
      if (missing.length > 0) {
        return warn(
          `${host} lacks operations: ${missing.map(([name, effect]) => `without ${name} ${effect}`).join('; ')}.`,
          'Tickets are opened all the same. Ask whoever runs the helpdesk for these operations.',
        );
      }
      return ok(`${host} has the operations that the bot calls, with the same arguments.`);
    },
  };
}

function differenceOf(name: string, parts: readonly string[], now: readonly string[] | undefined): string | undefined {
  if (now === undefined) return DISPENSABLE.has(name) ? undefined : `${name} is gone`;
  if (now.length === parts.length && now.every((part, index) => part === parts[index])) return undefined;
  return `${name} takes (${now.join(', ')}), and the bot sends (${parts.join(', ')})`;
}
