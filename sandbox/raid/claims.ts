import type { RaidOptions, RaidResult } from './raid.ts';

/** Discord's deadline for the first answer, in milliseconds. */
const DEADLINE_MS = 3000;
/** Megabytes. A thousand people who wait cost some; a leak or a cache of people would cost more. */
const MAX_RSS_MB = 320;

/** What a raid has to show, and whether it did. */
export function claimsOf({ people, concurrency, helpdesk }: RaidOptions, result: RaidResult): [string, boolean][] {
  const { answers } = result;
  const latest = result.acknowledgedAfterMs.at(-1) ?? Number.POSITIVE_INFINITY;
  const common: [string, boolean][] = [
    ['every interaction was acknowledged within 3 seconds', result.failed === 0 && latest < DEADLINE_MS],
    [`at most ${concurrency} calls at the helpdesk at a time`, result.maxInFlight <= concurrency],
    ['everybody got an answer', answers.none === undefined],
    [`memory stayed below ${MAX_RSS_MB} MB`, result.rssMb.max < MAX_RSS_MB],
  ];
  if (helpdesk.kind === 'slow') {
    return [
      ...common,
      ['everybody got exactly one ticket', result.tickets === people && answers.opened === people],
      ['everybody who had to wait was told the place in the line', result.toldTheirPlace >= people - 4 * concurrency],
      // Some arrive in the same instant, and the helpdesk hears the calls that begin together in any order.
      ['the line was kept', result.maxOvertaken <= 2 * concurrency],
    ];
  }
  return [...common, ['nobody got a ticket, nobody was told so', result.tickets === 0 && answers.opened === undefined]];
}
