/** What the page and its server say to each other. Plain data: the browser reads this file for its types alone. */

/** Something that a person does in Discord. IDs are Discord's. */
export type Act =
  | { readonly kind: 'say'; readonly channelId: string; readonly text: string }
  | {
      readonly kind: 'slash';
      readonly channelId: string;
      /** With its subcommand, as one types it: `helpdesk status`. */
      readonly name: string;
      readonly options: Readonly<Record<string, string | number>>;
    }
  | { readonly kind: 'message-command'; readonly channelId: string; readonly name: string; readonly messageId: string }
  | { readonly kind: 'click'; readonly messageId: string; readonly customId: string }
  | {
      readonly kind: 'select';
      readonly messageId: string;
      readonly customId: string;
      readonly values: readonly string[];
    }
  | {
      readonly kind: 'submit';
      readonly modalId: string;
      readonly values: Readonly<Record<string, string | readonly string[]>>;
    }
  | { readonly kind: 'dismiss'; readonly messageId: string };

/** What came of it. A message that it made or changed is in the next {@link PersonView}. */
export type ActResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'modal'; readonly modal: ModalView }
  /** "This interaction failed": no answer of the bot within three seconds. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** Discord's client would not send it; nothing reached the bot. */
  | { readonly kind: 'held-back'; readonly reason: string };

/** Something that goes wrong, to be turned on and off. A `moment` happens once. */
export interface SwitchView {
  readonly name: string;
  readonly label: string;
  /** What happens, where the label does not say all of it. */
  readonly explanation: string | undefined;
  readonly kind: 'lasting' | 'moment';
  /** Whether it is offered above all lists, too. */
  readonly isFrequent: boolean;
  readonly isOn: boolean;
  /** When a moment last happened, in milliseconds since 1970. */
  readonly happenedAt: number | undefined;
}

/** Faults that have something in common. */
export interface FaultGroupView {
  readonly title: string;
  readonly note: string | undefined;
  readonly switches: readonly SwitchView[];
}

/** Discord, as one person sees it. */
export interface PersonView {
  readonly person: AccountView;
  readonly bot: AccountView & { readonly isOnline: boolean };
  /** How far Discord's clock is ahead of the machine's. */
  readonly aheadMs: number;
  readonly places: readonly PlaceView[];
  /** Names for mentions of people and channels. */
  readonly names: Readonly<Record<string, string>>;
}

export interface AccountView {
  readonly id: string;
  readonly name: string;
}

/** Somebody whom one can be on the page. */
export interface PersonChoice extends AccountView {
  /** "member", "moderator", "member of another server". */
  readonly role: string;
}

/** A channel of a server, or the direct messages with the bot. */
export interface PlaceView {
  readonly channelId: string;
  readonly name: string;
  /** The server's name; undefined for direct messages. */
  readonly server: string | undefined;
  readonly canWrite: boolean;
  /** Who sees it, as Discord lists them; nobody in direct messages. */
  readonly members: readonly MemberView[];
  readonly messages: readonly MessageView[];
  readonly commands: readonly CommandView[];
}

export interface MemberView extends AccountView {
  readonly isBot: boolean;
  readonly isOnline: boolean;
  /** The heading under which they stand: their role, "Online" or "Offline". */
  readonly group: string;
}

export interface CommandView {
  readonly kind: 'slash' | 'message';
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionView[];
}

export interface OptionView {
  readonly name: string;
  readonly description: string;
  readonly kind: 'text' | 'number' | 'user' | 'channel';
  readonly required: boolean;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** For `user` and `channel`: who or what can be named. */
  readonly choices: readonly { readonly id: string; readonly name: string }[];
}

export interface MessageView {
  readonly id: string;
  readonly author: AccountView & { readonly isBot: boolean };
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly content: string;
  readonly isEdited: boolean;
  readonly isEphemeral: boolean;
  readonly isThinking: boolean;
  readonly usedCommand: { readonly userName: string; readonly name: string } | undefined;
  readonly repliesTo: { readonly userName: string; readonly content: string } | undefined;
  readonly embeds: readonly EmbedView[];
  readonly components: readonly ComponentView[];
  readonly files: readonly FileView[];
  readonly stickers: readonly string[];
  readonly poll: { readonly question: string; readonly answers: readonly string[] } | undefined;
  /** What it forwards, or what its thread is about. */
  readonly quoted: readonly QuotedView[];
}

/** A message inside of another one. */
export interface QuotedView {
  /** "Forwarded", or who wrote it. */
  readonly label: string;
  readonly content: string;
  readonly embeds: readonly EmbedView[];
  readonly components: readonly ComponentView[];
  readonly files: readonly MediaView[];
}

/** Something that is shown by its name and its link. */
export interface MediaView {
  readonly name: string;
  readonly url: string;
}

export interface FileView {
  readonly name: string;
  readonly url: string;
  readonly size: number;
  /** The beginning of a text file. */
  readonly preview: string | undefined;
}

/** The parts of Discord's embed that the page shows. */
export interface EmbedView {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly url?: string | undefined;
  readonly color?: number | undefined;
  readonly author?: { readonly name: string } | undefined;
  readonly provider?: { readonly name?: string } | undefined;
  readonly image?: { readonly url: string } | undefined;
  readonly thumbnail?: { readonly url: string } | undefined;
  readonly video?: { readonly url?: string } | undefined;
  readonly footer?: { readonly text: string } | undefined;
  readonly fields?: readonly { readonly name: string; readonly value: string; readonly inline?: boolean }[] | undefined;
}

/** A component as Discord sends it, as far as the page looks into it. `type` is Discord's number. */
export interface ComponentView {
  readonly type: number;
  readonly custom_id?: string | null;
  readonly label?: string | null;
  readonly style?: number;
  readonly url?: string | null;
  readonly disabled?: boolean | null;
  readonly placeholder?: string | null;
  readonly content?: string;
  readonly min_values?: number | null;
  readonly max_values?: number | null;
  readonly accent_color?: number | null;
  readonly divider?: boolean;
  readonly options?: readonly ChoiceView[];
  readonly components?: readonly ComponentView[];
  readonly accessory?: ComponentView;
  readonly emoji?: { readonly name?: string | null } | null;
  readonly description?: string | null;
  readonly media?: { readonly url: string };
  readonly items?: readonly { readonly media: { readonly url: string }; readonly description?: string | null }[];
  readonly file?: { readonly url: string };
  readonly name?: string;
}

export interface ChoiceView {
  readonly label: string;
  readonly value: string;
  readonly description?: string | null;
  readonly default?: boolean | null;
}

export interface ModalView {
  readonly id: string;
  readonly title: string;
  readonly texts: readonly string[];
  readonly fields: readonly FieldView[];
}

export interface FieldView {
  readonly customId: string;
  readonly kind: 'text' | 'paragraph' | 'select' | 'other';
  readonly label: string;
  readonly description: string | undefined;
  readonly placeholder: string | undefined;
  readonly required: boolean;
  /** Characters of a text, or number of choices. */
  readonly min: number;
  readonly max: number;
  readonly options: readonly ChoiceView[];
  readonly value: string | readonly string[];
}

/** What happened Discord. */
export interface InspectorView {
  readonly tickets: readonly TicketView[];
  readonly mails: readonly MailView[];
  readonly attempts: readonly AttemptView[];
  readonly calls: readonly CallView[];
  readonly log: readonly string[];
  /** Until when the bot leaves the helpdesk alone after failures, in milliseconds since 1970. */
  readonly circuitOpenUntil: number | undefined;
}

export interface TicketView {
  readonly reference: string;
  readonly requesterEmail: string;
  readonly userIp: string;
  readonly subject: string;
  readonly product: string;
  readonly body: string;
  readonly createdAt: number;
  /** 2 and more when the same text was a ticket before. */
  readonly submission: number;
  readonly state: TicketState;
  /** Oldest first; the first one is the body. */
  readonly posts: readonly PostView[];
}

/** Those that the helpdesk has at first. */
export type TicketState = 'Open' | 'In Progress' | 'On Hold' | 'Closed';

export interface PostView {
  readonly authorName: string;
  readonly isSupport: boolean;
  /** An internal note of support, which the requester never gets to see. */
  readonly isPrivate: boolean;
  readonly writtenAt: number;
  readonly contents: string;
}

/** Something that support does at the helpdesk itself, past the bot. */
export type SupportAct =
  | { readonly kind: 'answer'; readonly reference: string; readonly text: string; readonly isPrivate: boolean }
  | { readonly kind: 'set-state'; readonly reference: string; readonly state: TicketState };

export interface MailView {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly code: string | undefined;
}

export interface AttemptView {
  readonly id: string;
  readonly userName: string;
  readonly stages: readonly string[];
  readonly reference: string | undefined;
  /** Whether the person has the outcome. */
  readonly isDelivered: boolean;
  readonly receivedAt: number;
}

export interface CallView {
  readonly operation: string;
  /** Passwords and sessions are masked. */
  readonly args: readonly { readonly name: string; readonly value: string }[];
  readonly startedAt: number;
  /** Undefined while it is under way. */
  readonly durationMs: number | undefined;
  readonly result: string;
}
