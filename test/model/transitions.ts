import * as deliver from '../../src/tickets/lifecycle/deliver.ts';
import * as erase from '../../src/tickets/lifecycle/erase.ts';
import { withAttempt } from '../../src/tickets/lifecycle/message-record.ts';
import { duplicateBefore, outcomeOf, sentBefore } from '../../src/tickets/lifecycle/outcome-of.ts';
import * as ownership from '../../src/tickets/lifecycle/ownership.ts';
import { prune } from '../../src/tickets/lifecycle/prune.ts';
import * as receive from '../../src/tickets/lifecycle/receive.ts';
import { relatedAttempts } from '../../src/tickets/lifecycle/related-attempts.ts';
import * as send from '../../src/tickets/lifecycle/send.ts';
import * as whenBack from '../../src/tickets/lifecycle/when-back.ts';

/** The functions of the bot that the model explores. A planted defect replaces one of them. */
export const TRANSITIONS = {
  ...receive,
  ...send,
  ...deliver,
  ...ownership,
  ...erase,
  ...whenBack,
  prune,
  duplicateBefore,
  sentBefore,
  outcomeOf,
  relatedAttempts,
  withAttempt,
};
export type Transitions = typeof TRANSITIONS;
