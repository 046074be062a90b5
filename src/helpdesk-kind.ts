import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Check } from './health/check.ts';
import type { Log } from './log.ts';
import type { HelpdeskClient } from './tickets/helpdesk-client.ts';

/** What the program needs of a kind of helpdesk. */
export interface HelpdeskKind {
  /** Makes no call until the client is asked to. */
  createClient(
    settings: Config['helpdesk'],
    deps: {
      readonly clock: Clock;
      readonly log: Log;
      /** Told of each call when it has ended. `result` is `ok` or the kind of its failure. For metrics. */
      readonly onCall: (operation: string, result: string, durationMs: number) => void;
    },
  ): HelpdeskClient;
  /** What the doctor looks at. @param host Where the helpdesk is, without credentials. */
  checks(settings: Config['helpdesk'], host: string): Check[];
  /**
   * Whether an account there can have this address, which `parseEmailAddress` has read. Asked before a code is mailed to it, so
   * that nobody proves an address for which no ticket can be opened. Asks nobody.
   */
  takesAddress(address: string): boolean;
}
