import { type Check, fail, ok, warn } from '../check.ts';

/** What the helpdesk's own description lists: the arguments of each operation, in their order. */
export type DescribedOperations = ReadonlyMap<string, readonly string[]>;

export interface HelpdeskOperationsOptions {
  /** What the bot sends. */
  readonly needed: DescribedOperations;
  /** Reads the description of the live helpdesk. @returns Undefined when there is none, or it cannot be read. */
  readonly describe: () => Promise<DescribedOperations | undefined>;
  readonly host: string;
}

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
      if (differences.length === 0)
        return ok(`${host} has the operations that the bot calls, with the same arguments.`);
      return fail(
        `${host} has changed: ${differences.join('; ')}.`,
        'Stop the bot, as tickets could be opened with their texts in the wrong places, and ask for a version that fits.',
      );
    },
  };
}

function differenceOf(name: string, parts: readonly string[], now: readonly string[] | undefined): string | undefined {
  if (now === undefined) return `${name} is gone`;
  if (now.length === parts.length && now.every((part, index) => part === parts[index])) return undefined;
  return `${name} takes (${now.join(', ')}), and the bot sends (${parts.join(', ')})`;
}
