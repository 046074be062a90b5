import type { AccountLinks } from '../accounts/account-links.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { ProcessLease } from '../process-lease.ts';
import type { SlidingWindow } from '../sliding-window.ts';
import type { Storage } from '../storage/storage.ts';
import { TicketAnswers } from './answers/ticket-answers.ts';
import { AttemptIntake } from './attempt-intake.ts';
import { AttemptOutcomes } from './attempt-outcomes.ts';
import { AttemptRecovery } from './attempt-recovery.ts';
import { DeskControls } from './desk-controls.ts';
import type { HelpdeskClient } from './helpdesk-client.ts';
import { HelpdeskQueue, type HelpdeskQueueOptions } from './helpdesk-queue.ts';
import { Notifications } from './notifications.ts';
import { OpenedTickets } from './opened/opened-tickets.ts';
import { TicketLooks } from './opened/ticket-looks.ts';
import { RequestRecords } from './request-records.ts';
import { SendWhenBack } from './send-when-back.ts';
import { TicketDesk } from './ticket-desk.ts';
import { TicketDrafts } from './ticket-drafts.ts';
import { TicketLimits } from './ticket-limits.ts';
import { TicketRules } from './ticket-rules.ts';
import { Looker } from './watching/looker.ts';
import { type LookResult, TicketWatcher } from './watching/ticket-watcher.ts';
import { TicketWatches } from './watching/ticket-watches.ts';

export interface TicketsDeps {
  readonly storage: Storage;
  readonly links: AccountLinks;
  readonly lease: ProcessLease;
  readonly helpdesk: HelpdeskClient;
  readonly queue: HelpdeskQueueOptions;
  /** Tickets of one person, and of one server. */
  readonly personLimit: SlidingWindow;
  readonly serverLimit: SlidingWindow;
  /** Answers of one person. */
  readonly answerLimit: SlidingWindow;
  /** HELPDESK_SHOW_POSTS: whether people see what others wrote in their tickets. */
  readonly showPosts: boolean;
  /** WATCH_LOOKS_PER_MINUTE. */
  readonly watchLooksPerMinute: number;
  readonly onWatchLook: (result: LookResult) => void;
  /** Milliseconds that a text is kept after its last change, and what became of it after that. */
  readonly draftLifetimeMs: number;
  readonly recordLifetimeMs: number;
  /** ESCALATION_EMAIL. */
  readonly communityEmail: string | undefined;
  /** Whether there is a channel in which moderators read that one of the community's own tickets has changed. */
  readonly tellsModerators: boolean;
  /** The server whose rules hold in direct messages. */
  readonly onlyGuildId: () => string | undefined;
  readonly digestKey: Buffer;
  readonly log: Log;
  readonly clock: Clock;
}

/** All that is about tickets. */
export interface Tickets {
  readonly intake: AttemptIntake;
  readonly desk: TicketDesk;
  readonly opened: OpenedTickets;
  readonly looks: TicketLooks;
  readonly answers: TicketAnswers;
  readonly drafts: TicketDrafts;
  readonly outcomes: AttemptOutcomes;
  readonly notifications: Notifications;
  readonly records: RequestRecords;
  readonly recovery: AttemptRecovery;
  readonly rules: TicketRules;
  readonly controls: DeskControls;
  readonly queue: HelpdeskQueue;
  readonly whenBack: SendWhenBack;
  readonly watches: TicketWatches;
  readonly watcher: TicketWatcher;
}

/** Puts the tickets together. */
export function createTickets(deps: TicketsDeps): Tickets {
  const { storage, links, lease, helpdesk, digestKey, log, clock, draftLifetimeMs } = deps;
  const { now } = clock;
  // A text must not outlive the record that says that it may be a ticket already.
  const lifetimeMs = Math.max(deps.recordLifetimeMs, draftLifetimeMs);
  const records = new RequestRecords(storage, { lifetimeMs, clock, log });
  const drafts = new TicketDrafts(storage, { lifetimeMs: draftLifetimeMs, now });
  const controls = new DeskControls(storage, { now, onlyGuildId: deps.onlyGuildId });
  const limits = new TicketLimits(deps);
  const looksPerMinute = deps.watchLooksPerMinute;
  const opened = new OpenedTickets({
    ...{ storage, links, digestKey, clock },
    lifetimeMs: deps.recordLifetimeMs,
    canWatch: looksPerMinute > 0,
    communityEmail: deps.tellsModerators ? deps.communityEmail : undefined,
  });
  const rules = new TicketRules({ storage, links, controls, opened, limits, communityEmail: deps.communityEmail, now });
  const queue = new HelpdeskQueue(deps.queue);
  const notifications = new Notifications({ records, clock });
  const looks = new TicketLooks({
    opened,
    records,
    notifications,
    helpdesk,
    queue,
    showPosts: deps.showPosts,
    digestKey,
    clock,
    log,
  });
  const answers = new TicketAnswers({ looks, helpdesk, queue, clock, log });
  const watches = new TicketWatches({ links, opened, records, digestKey, clock });
  const intake = new AttemptIntake({ records, drafts, lease, digestKey, clock });
  return {
    intake,
    desk: new TicketDesk({
      ...{ records, drafts, rules, limits, opened, answers, lease, helpdesk, queue, digestKey, log, clock },
    }),
    opened,
    looks,
    answers,
    drafts,
    outcomes: new AttemptOutcomes({ records, drafts, clock }),
    notifications,
    records,
    recovery: new AttemptRecovery({ records, lease, clock }),
    rules,
    controls,
    queue,
    whenBack: new SendWhenBack({ records, drafts, intake, helpdesk, queue, clock, log }),
    watches,
    watcher: new TicketWatcher({
      ...{ watches, opened, looks, looker: new Looker(storage, lease), lease, helpdesk, queue, clock, log },
      looksPerMinute,
      onLook: deps.onWatchLook,
    }),
  };
}
