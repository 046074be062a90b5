import type {
  ButtonInteraction,
  ChatInputCommandInteraction,
  MessageContextMenuCommandInteraction,
  ModalSubmitInteraction,
  RESTPostAPIApplicationCommandsJSONBody,
} from 'discord.js';
import type { AccountLinks } from '../accounts/account-links.ts';
import type { EmailVerification } from '../accounts/email-verification.ts';
import type { LinkRequests } from '../accounts/link-requests.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { SlidingWindow } from '../sliding-window.ts';
import type { HelpdeskClient } from '../tickets/helpdesk-client.ts';
import type { HelpdeskQueue } from '../tickets/helpdesk-queue.ts';
import type { DeskControls } from '../tickets/records/desk-controls.ts';
import type { Notices } from '../tickets/records/notices.ts';
import type { PersonalRecords } from '../tickets/records/personal-records.ts';
import type { SubmissionLedger } from '../tickets/records/submission-ledger.ts';
import type { TicketClaims } from '../tickets/records/ticket-claims.ts';
import type { TicketDrafts } from '../tickets/records/ticket-drafts.ts';
import type { TicketDesk } from '../tickets/ticket-desk.ts';
import type { AuditChannel } from './delivery/audit-channel.ts';
import type { OutcomeDelivery } from './delivery/outcome-delivery.ts';

/** What a handler works with. */
export interface CommandParts {
  readonly config: Config;
  readonly desk: TicketDesk;
  readonly drafts: TicketDrafts;
  readonly ledger: SubmissionLedger;
  readonly claims: TicketClaims;
  readonly controls: DeskControls;
  readonly queue: HelpdeskQueue;
  readonly helpdesk: HelpdeskClient;
  readonly links: AccountLinks;
  readonly linkRequests: LinkRequests;
  /** Requests to moderators by one person. */
  readonly linkRequestLimit: SlidingWindow;
  readonly verification: EmailVerification;
  readonly notices: Notices;
  readonly personalRecords: PersonalRecords;
  readonly delivery: OutcomeDelivery;
  readonly audit: AuditChannel;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly clock: Clock;
  readonly now: () => number;
}

/** Who may use a handler: everybody, moderators of the server in which it is used, or whoever wrote the text. */
export type Audience = 'everybody' | 'moderators' | 'writer';

/**
 * What each handler declares about itself. The table in docs/operations.md is made from it, and test/permissions/ tries
 * every cell.
 */
export interface Access {
  /**
   * Who may use it. The router refuses whoever is no moderator before a handler for `moderators` runs. Where it depends on
   * the record that a custom ID leads to, it stands here for each kind of record, and the handler decides after the look-up.
   */
  readonly for: Audience | Readonly<Record<string, Audience>>;
  /** What somebody reads who is no moderator; the router has a general sentence. */
  readonly refusal?: string;
}

export interface ButtonHandler extends Access {
  /** What stands on the button, by which people know it. */
  readonly labels: readonly string[];
  handle(interaction: ButtonInteraction, parts: CommandParts, ids: readonly string[]): Promise<void>;
}

export interface ModalHandler extends Access {
  handle(interaction: ModalSubmitInteraction, parts: CommandParts, ids: readonly string[]): Promise<void>;
}

/** Its `for` is about the command itself with its subcommands; buttons and modals have their own. */
interface CommandBase extends Access {
  /** What Discord is told about the command. */
  data(config: Config): RESTPostAPIApplicationCommandsJSONBody;
  /** By the name in the custom ID. */
  readonly buttons?: Readonly<Record<string, ButtonHandler>>;
  readonly modals?: Readonly<Record<string, ModalHandler>>;
}

export interface SlashCommand extends CommandBase {
  readonly kind: 'slash';
  execute(interaction: ChatInputCommandInteraction, parts: CommandParts): Promise<void>;
}

export interface MessageCommand extends CommandBase {
  readonly kind: 'message';
  execute(interaction: MessageContextMenuCommandInteraction, parts: CommandParts): Promise<void>;
}

/** One application command with the modals and buttons that belong to it. Every handler acknowledges first. */
export type Command = SlashCommand | MessageCommand;
