import { EventEmitter } from 'node:events';
import type { APIEmbed, APIMessageTopLevelComponent } from 'discord-api-types/v10';
import { ChannelType, MessageFlags } from 'discord-api-types/v10';
import type { Account } from './account.ts';
import { type Channel, Guild, type GuildWorld } from './guild.ts';
import { createSnowflakes } from './snowflake.ts';

export type { Account, Channel };

/** Messages kept; the oldest are forgotten first, so that a long load run does not fill the memory. */
const MAX_MESSAGES = 20_000;

export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
  readonly description?: string;
}

/** What a message shows; each edit replaces some of it. */
export interface MessageBody {
  content: string;
  embeds: APIEmbed[];
  components: APIMessageTopLevelComponent[];
  attachments: Attachment[];
  flags: number;
  /** The mentions in it that rang somebody's phone. */
  pings?: string[];
}

export interface MessageVersion extends MessageBody {
  readonly at: number;
}

export interface Message extends MessageBody {
  readonly id: string;
  readonly channel: Channel;
  readonly author: Account;
  readonly createdAt: number;
  /** The only person who sees it, when it is ephemeral. */
  readonly visibleTo?: string;
  /** The interaction that it answers. */
  readonly interaction?: { readonly id: string; readonly type: number; readonly user: Account; readonly name?: string };
  /** The bodies it had before, oldest first. */
  readonly history: MessageVersion[];
  readonly nonce?: string;
  /** The message that it replies to, which may be gone. */
  readonly repliesTo?: string;
  /** Parts of its JSON that nothing here acts on: stickers, a poll, a forwarded message. */
  readonly wire?: Readonly<Record<string, unknown>>;
  editedAt?: number;
  deleted: boolean;
}

/** Guilds, channels, people and messages, with no opinion on who may call which endpoint. */
export class DiscordWorld implements GuildWorld {
  /** 'message', 'edit' and 'delete', each with the message. */
  readonly events = new EventEmitter().setMaxListeners(0);
  readonly now: () => number;
  readonly newId: () => string;
  readonly bot: Account;
  /** Who has made the application. In servers that gives no rights. */
  applicationOwner: Account | undefined;
  /** What its owner has set on the pages of the developer portal. A new application at Discord is public. */
  readonly application: { isPublic: boolean; interactionsEndpointUrl: string | undefined } = {
    isPublic: false,
    interactionsEndpointUrl: undefined,
  };
  readonly accounts = new Map<string, Account>();
  readonly guilds = new Map<string, Guild>();
  readonly channels = new Map<string, Channel>();
  readonly messages = new Map<string, Message>();
  private readonly uploads = new Map<string, Attachment>();
  private readonly directChannels = new Map<string, Channel>();

  constructor(now: () => number) {
    this.now = now;
    this.newId = createSnowflakes(now);
    this.bot = this.createAccount({ name: 'Helpdesk', bot: true });
  }

  /** A bot's user and its application share one ID, as for every application made since 2016. */
  get applicationId(): string {
    return this.bot.id;
  }

  createAccount(options: { name: string; locale?: string; bot?: boolean }): Account {
    const account: Account = {
      id: this.newId(),
      name: options.name,
      bot: options.bot ?? false,
      locale: options.locale ?? 'en-US',
      directMessagesOpen: true,
    };
    this.accounts.set(account.id, account);
    return account;
  }

  /** Creates a guild that the bot has been added to. */
  createGuild(options: { name: string; locale?: string; owner?: Account }): Guild {
    const owner = options.owner ?? this.createAccount({ name: `owner of ${options.name}` });
    const guild = new Guild(this, { ...options, owner });
    this.guilds.set(guild.id, guild);
    return guild;
  }

  /** The one direct message channel between the bot and that person. */
  directChannel(recipient: Account): Channel {
    let channel = this.directChannels.get(recipient.id);
    if (!channel) {
      channel = { id: this.newId(), name: recipient.name, type: ChannelType.DM, recipient };
      this.directChannels.set(recipient.id, channel);
      this.channels.set(channel.id, channel);
    }
    return channel;
  }

  /** Keeps a file that a person sends. */
  upload(file: { name: string; text: string; contentType?: string }): Attachment {
    const attachment = {
      id: this.newId(),
      name: file.name,
      contentType: file.contentType ?? 'text/plain; charset=utf-8',
      content: Buffer.from(file.text),
    };
    this.uploads.set(attachment.id, attachment);
    return attachment;
  }

  findAttachment(id: string): Attachment | undefined {
    for (const { attachments } of this.messages.values()) {
      const found = attachments.find((attachment) => attachment.id === id);
      if (found) return found;
    }
    return this.uploads.get(id);
  }

  post(
    message: Partial<MessageBody> &
      Pick<Message, 'channel' | 'author' | 'visibleTo' | 'interaction' | 'nonce' | 'repliesTo' | 'wire'>,
  ): Message {
    const posted: Message = {
      content: '',
      embeds: [],
      components: [],
      attachments: [],
      flags: 0,
      ...message,
      id: this.newId(),
      createdAt: this.now(),
      history: [],
      deleted: false,
    };
    this.messages.set(posted.id, posted);
    if (this.messages.size > MAX_MESSAGES) {
      const [oldest] = this.messages.keys();
      if (oldest) this.messages.delete(oldest);
    }
    this.events.emit('message', posted);
    return posted;
  }

  edit(message: Message, changes: Partial<MessageBody>): void {
    const { content, embeds, components, attachments, flags } = message;
    message.history.push({ content, embeds, components, attachments, flags, at: this.now() });
    Object.assign(message, changes);
    // The first content of a deferred reply is no edit in the reader's eyes: Discord shows no "(edited)" there.
    if (!(flags & MessageFlags.Loading)) message.editedAt = this.now();
    this.events.emit('edit', message);
  }

  remove(message: Message): void {
    if (message.deleted) return;
    message.deleted = true;
    this.messages.delete(message.id);
    this.events.emit('delete', message);
  }

  /** Whether that account's Discord shows the message. */
  canSee(account: Account, message: Message): boolean {
    if (message.deleted) return false;
    if (message.visibleTo !== undefined) return message.visibleTo === account.id;
    const { guild, recipient } = message.channel;
    return guild ? guild.can(account, 'ViewChannel', message.channel) : recipient?.id === account.id;
  }
}
