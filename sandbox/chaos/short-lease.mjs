// Loaded into the bot before its own code (node --import): leases of seconds instead of a quarter of a minute, so that a run
// of some minutes sees many processes sleep for longer than theirs. The proportions are those of the bot.
import { LEASE_TIMES } from '../../dist/src/process-lease.js';

Object.assign(LEASE_TIMES, { renewEveryMs: 500, lifetimeMs: 2500, startsCallsForMs: 1500 });
