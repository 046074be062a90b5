import type { LoadTestOptions, LoadTestResult } from './load-test.ts';

/** Discord's deadline for the first answer, in milliseconds. */
const DEADLINE_MS = 3000;
/** Milliseconds of a wait for the turn in which nobody is told the place in the line. */
const SHORT_WAIT_MS = 1000;
/** Megabytes. A thousand people who wait cost some; a leak or a cache of people would cost more. */
const MAX_RSS_MB = 320;

/** Something that a load test has to show. */
export interface Claim {
  readonly what: string;
  readonly holds: boolean;
  /** Whether a machine that is busy with something else can make it fail. Then no test may ask for it. */
  readonly isAboutSpeed: boolean;
}

/** What a load test has to show, and whether it did. */
export function claimsOf({ people, concurrency, helpdesk }: LoadTestOptions, result: LoadTestResult): Claim[] {
  const { answers, maxInFlight, toldTheirPlace } = result;
  const latest = result.acknowledgedAfterMs.at(-1) ?? Number.POSITIVE_INFINITY;
  const claim = (what: string, holds: boolean): Claim => ({ what, holds, isAboutSpeed: false });
  const ofSpeed = (what: string, holds: boolean): Claim => ({ what, holds, isAboutSpeed: true });
  const inFlight = `at most ${concurrency} calls at the helpdesk at a time`;
  const common = [
    ofSpeed('every interaction was acknowledged within 3 seconds', result.failed === 0 && latest < DEADLINE_MS),
    claim('everybody got an answer', answers.none === undefined),
    claim(`memory stayed below ${MAX_RSS_MB} MB`, result.rssMb.max < MAX_RSS_MB),
  ];
  const served = [
    claim(inFlight, maxInFlight <= concurrency),
    claim('everybody got exactly one ticket', result.tickets === people && answers.opened === people),
    // Some arrive in the same instant, and the helpdesk hears the calls that begin together in any order. On a busy machine
    // more are acknowledged at a time, and each gets in line when Discord has confirmed that.
    ofSpeed('the line was kept', result.maxOvertaken <= 2 * concurrency),
  ];
  const told = 'everybody who had to wait for longer than a second was told the place in the line';
  switch (helpdesk.kind) {
    case 'slow':
      // Nobody is told who has the turn within a second.
      return [
        ...common,
        ...served,
        ofSpeed(told, toldTheirPlace >= people - concurrency * (4 + Math.ceil(SHORT_WAIT_MS / helpdesk.latencyMs))),
      ];
    case 'held':
      return [...common, ...served, claim(told, toldTheirPlace === people - concurrency)];
    case 'hang':
      return [
        ...common,
        // When a call ends for the bot, the helpdesk does not hear: that is reckoned from the time limit.
        ofSpeed(inFlight, maxInFlight <= concurrency),
        claim('nobody got a ticket, nobody was told so', result.tickets === 0 && answers.opened === undefined),
      ];
  }
}
