// Loaded into the bot before its own code (node --import): leases of seconds instead of a quarter of a minute, so that a run
// of some minutes sees many processes sleep for longer than theirs, and doubtful answers that are looked for within seconds
// instead of two minutes. A life lasts for seconds, so a helpdesk that fails is given up, and looked at again, within one.
// The proportions are those of the bot. People here write faster than any person does.
import { LEASE_TIMES } from '../../dist/src/process-lease.js';
import { LOOK_TIMES } from '../../dist/src/tickets/answers/ticket-answers.js';
import { HELPDESK_QUEUE_DEFAULTS } from '../../dist/src/tickets/helpdesk-queue.js';
import { WHEN_BACK_TIMES } from '../../dist/src/tickets/send-when-back.js';
import { ANSWER_LIMIT } from '../../dist/src/tickets/ticket-limits.js';
import { WATCH_TIMES } from '../../dist/src/tickets/watching/watch-times.js';

Object.assign(LEASE_TIMES, { renewEveryMs: 500, lifetimeMs: 2500, startsCallsForMs: 1500 });
Object.assign(LOOK_TIMES, { afterMs: [75, 450, 1800], againAfterMs: 450, longestMs: 9000 });
Object.assign(HELPDESK_QUEUE_DEFAULTS, { retryDelaysMs: [20, 80], breakForMs: 500 });
Object.assign(WHEN_BACK_TIMES, { lookAgainMs: 500, afterRefusalMs: 1000 });
Object.assign(ANSWER_LIMIT, { perHour: 1000 });
Object.assign(WATCH_TIMES, {
  budgetMs: 600,
  intervals: [{ touchedWithinMs: Number.POSITIVE_INFINITY, everyMs: 500 }],
  readAgainMs: 500,
  busyMs: 20,
  afterErrorMs: 300,
  leaveAloneMs: 300,
  leaveAloneAfterRefusalMs: 600,
  togetherMs: 500,
  tryAgainMs: 300,
  backOffMs: [300, 600],
  asideMs: 300,
  longestAsideMs: 1000,
  giveUpMs: 60_000,
});
