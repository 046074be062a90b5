import { withAttempt } from '../../src/tickets/lifecycle/message-record.ts';
import { outcomeOf } from '../../src/tickets/lifecycle/outcome-of.ts';
import { prune } from '../../src/tickets/lifecycle/prune.ts';
import { relatedAttempts } from '../../src/tickets/lifecycle/related-attempts.ts';
import * as lifecycle from '../../src/tickets/lifecycle/transitions.ts';

/** The functions of the bot that the model explores. A planted defect replaces one of them. */
export const TRANSITIONS = { ...lifecycle, prune, outcomeOf, relatedAttempts, withAttempt };
export type Transitions = typeof TRANSITIONS;
