import type {
  ButtonInteraction,
  ChatInputCommandInteraction,
  MessageContextMenuCommandInteraction,
  ModalSubmitInteraction,
  RESTPostAPIApplicationCommandsJSONBody,
} from 'discord.js';
import type { Accounts } from '../accounts/create-accounts.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Tickets } from '../tickets/create-tickets.ts';
import type { HelpdeskClient } from '../tickets/helpdesk-client.ts';
import type { PersonalRecords } from '../tickets/personal-records.ts';
import type { FirstAnswer } from './acknowledge.ts';
import type { AuditChannel } from './delivery/audit-channel.ts';
import type { OutcomeDelivery } from './delivery/outcome-delivery.ts';
import type { InteractionLog } from './interaction-log.ts';
import type { HelpdeskHistory } from './moderation/helpdesk-history.ts';

/** What there is to work with. Each handler says in its parameters which of these it uses. */
export interface Services {
  /** Of the program. */
  readonly version: string;
  readonly config: Config;
  readonly tickets: Tickets;
  readonly accounts: Accounts;
  readonly personalRecords: PersonalRecords;
  readonly helpdesk: HelpdeskClient;
  readonly helpdeskHistory: HelpdeskHistory;
  readonly delivery: OutcomeDelivery;
  readonly audit: AuditChannel;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly interactionLog: InteractionLog;
  readonly clock: Clock;
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
  readonly acknowledge: FirstAnswer;
  /** What somebody reads who is no moderator; the router has a general sentence. */
  readonly refusal?: string;
}

export interface ButtonHandler extends Access {
  /** What stands on the button, by which people know it. */
  readonly labels: readonly string[];
  handle(interaction: ButtonInteraction, services: Services, ids: readonly string[]): Promise<void>;
}

export interface ModalHandler extends Access {
  handle(interaction: ModalSubmitInteraction, services: Services, ids: readonly string[]): Promise<void>;
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
  /** There is no message that could change. */
  readonly acknowledge: 'private-reply' | 'handler';
  execute(interaction: ChatInputCommandInteraction, services: Services): Promise<void>;
}

export interface MessageCommand extends CommandBase {
  readonly kind: 'message';
  readonly acknowledge: 'private-reply' | 'handler';
  execute(interaction: MessageContextMenuCommandInteraction, services: Services): Promise<void>;
}

/** One application command with the modals and buttons that belong to it. */
export type Command = SlashCommand | MessageCommand;
