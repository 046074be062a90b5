const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How often the bot looks at tickets and tells of them, in milliseconds. A chaos test has no hours, and shortens them. */
export const WATCH_TIMES = {
  /** The time for which WATCH_LOOKS_PER_MINUTE is the budget. */
  budgetMs: MINUTE_MS,
  /** How long it takes to the next look at a ticket that was last touched so long ago. The last one holds for all older ones. */
  intervals: [
    { touchedWithinMs: HOUR_MS, everyMs: 5 * MINUTE_MS },
    { touchedWithinMs: 2 * DAY_MS, everyMs: HOUR_MS },
    { touchedWithinMs: Number.POSITIVE_INFINITY, everyMs: 6 * HOUR_MS },
  ],
  /** After which the index is read again: another process may have changed it. */
  readAgainMs: MINUTE_MS,
  /** Before the next try while somebody else needs the helpdesk. */
  busyMs: 1000,
  /** Before the next try after the store has failed. */
  afterErrorMs: 15_000,
  /** For which a helpdesk that fails is not looked at. */
  leaveAloneMs: 5 * MINUTE_MS,
  /** The same where the login itself is refused. */
  leaveAloneAfterRefusalMs: 10 * MINUTE_MS,
  /** Several changes of a ticket within so long are told as one. */
  togetherMs: 10 * MINUTE_MS,
  /** Before a notice of which nobody knows whether Discord has it is sent again. */
  tryAgainMs: 30_000,
  /** The same for one that Discord certainly does not have: after the first time, the second, and each later one. */
  backOffMs: [30_000, 2 * MINUTE_MS, 10 * MINUTE_MS],
  /** For which somebody is left out for whom something failed. It doubles with each failure, up to the second one. */
  asideMs: 15_000,
  longestAsideMs: 10 * MINUTE_MS,
  /** After which a notice that Discord does not take is left for the next command. */
  giveUpMs: HOUR_MS,
};
