import type { APIEmbed } from 'discord-api-types/v10';
import {
  ApplicationCommandType,
  ChannelType,
  ComponentType,
  InteractionType,
  MessageFlags,
  MessageReferenceType,
  MessageType,
} from 'discord-api-types/v10';
import { messageJson, snapshotJson } from '../server/wire.ts';
import type { Channel, Message } from '../world/discord-world.ts';
import type { Interaction } from '../world/interaction.ts';
import type { Act } from '../world/interactions.ts';
import type { PublishedCommand, PublishedCommands } from '../world/published-commands.ts';
import type { FileToSend } from './modal-fields.ts';
import type { Patience, Shown, ShownMessage, Viewer } from './shown.ts';
import { type SlashValues, slashData } from './slash-options.ts';

/** Characters in a person's own message, without Nitro and with it. */
const MAX_MESSAGE = 2000;
const MAX_NITRO_MESSAGE = 4000;
/** Files in one message. */
const MAX_FILES = 10;

/** What a message has besides its words. */
export interface MessageExtras {
  readonly embeds?: APIEmbed[];
  readonly attachments?: readonly FileToSend[];
  readonly nitro?: boolean;
  /** As Discord sends it: stickers, a poll, a forwarded message. */
  readonly wire?: Readonly<Record<string, unknown>>;
}

export interface InvokeOptions extends Patience {
  /** True: as in a server whose owner has allowed this person a command that its default hides from them. */
  overridePermissions?: boolean;
}

/** Something that no honest client sends. What is left out is filled in plausibly. */
export interface RawAct extends Patience {
  type?: InteractionType;
  customId?: string;
  componentType?: ComponentType;
  values?: readonly string[];
  /** Fields of a submitted modal, by custom ID: a text input for each text, a select menu for each list. */
  fields?: Readonly<Record<string, string | readonly string[]>>;
  /** Any message in the world, also one that this person cannot see. */
  message?: { readonly id: string };
  /** Laid over the interaction's `data`. */
  data?: Record<string, unknown>;
}

/** A person at the keyboard: does what Discord's client lets one do, and sees what it shows. */
export interface SandboxUser extends Viewer {
  readonly commands: PublishedCommands;
  /** Everything that this person can see, oldest first. */
  readonly messages: ShownMessage[];
  in(channel: Channel): Place;
  inDirectMessage(): Place;
  /** Sends an interaction. Whoever wants to see what comes of it listens to the events of its world. */
  begin(channel: Channel, act: Act): Interaction;
  /** From now on the bot's direct messages are refused with 50007. */
  closeDirectMessages(): void;
  openDirectMessages(): void;
  /** Waits for a message that is as wanted, anywhere; one that is there already counts. */
  waitFor(wanted: (message: ShownMessage) => boolean): Promise<ShownMessage>;
  show(message: Message): ShownMessage;
}

/** One person in one channel or in the bot's direct messages. */
export class Place {
  readonly user: SandboxUser;
  readonly channel: Channel;

  constructor(user: SandboxUser, channel: Channel) {
    this.user = user;
    this.channel = channel;
  }

  /** What the person sees here, oldest first. */
  get messages(): ShownMessage[] {
    return this.user.messages.filter(({ channelId }) => channelId === this.channel.id);
  }

  /** The commands that the person's client offers here. */
  get commands(): PublishedCommand[] {
    return this.user.commands.offered(this.user.account, this.channel);
  }

  /** Posts a message of the person's own. @throws {Error} where Discord's client would not send it. */
  async say(content: string, more: MessageExtras = {}): Promise<ShownMessage> {
    const { user, channel } = this;
    const limit = more.nitro ? MAX_NITRO_MESSAGE : MAX_MESSAGE;
    if (content.length > limit) throw new Error(`A message has at most ${limit} characters`);
    if ((more.attachments?.length ?? 0) > MAX_FILES) throw new Error(`A message has at most ${MAX_FILES} files`);
    const permission = channel.thread ? 'SendMessagesInThreads' : 'SendMessages';
    if (channel.guild && !channel.guild.can(user, permission, channel)) {
      throw new Error(`${user.name} may not write in ${channel.name}`);
    }
    const attachments = (more.attachments ?? []).map((file) => user.world.upload(file));
    const message = user.world.post({
      content,
      embeds: more.embeds ?? [],
      attachments,
      channel,
      author: user.account,
      ...(more.wire && { wire: more.wire }),
    });
    return user.show(message);
  }

  /** Forwards a message that the person sees, to here. */
  async forward(target: { readonly id: string }): Promise<ShownMessage> {
    const message = this.findMessage(target);
    return this.say('', {
      wire: {
        flags: MessageFlags.HasSnapshot,
        message_reference: { type: MessageReferenceType.Forward, ...whereabouts(message) },
        message_snapshots: [snapshotJson(message, this.user.origin)],
      },
    });
  }

  /** Starts a thread about a message. @returns The person in it; its first message shows what it is about. */
  async startThread(target: { readonly id: string }, name = 'thread'): Promise<Place> {
    const message = this.findMessage(target);
    const { guild } = this.channel;
    if (!guild) throw new Error('There are no threads in direct messages');
    const type = ChannelType.PublicThread;
    const thread = this.user.in(guild.createChannel({ name, type, parent: this.channel, id: message.id }));
    await thread.say('', {
      wire: {
        type: MessageType.ThreadStarterMessage,
        message_reference: { type: MessageReferenceType.Default, ...whereabouts(message) },
        referenced_message: messageJson(message, this.user.origin),
      },
    });
    return thread;
  }

  /**
   * Invokes a slash command; subcommands are written as in Discord, `account unlink`.
   * @returns What is shown first: a modal, a message with content, or that it failed.
   * @throws {Error} where Discord's client does not offer the command, or not with these options.
   */
  async slash(name: string, values: SlashValues = {}, how: InvokeOptions = {}): Promise<Shown> {
    const [word = '', ...path] = name.replace(/^\//, '').split(' ');
    const command = this.findCommand(word, ApplicationCommandType.ChatInput, how);
    const data = slashData(command, path, values, this);
    // Discord names a command with its subcommands wherever it says what was used.
    const used = [word, ...path].join(' ');
    return this.user.act(this.channel, { type: InteractionType.ApplicationCommand, name: used, data }, how);
  }

  /** Invokes a command of a message's context menu. */
  async messageCommand(name: string, target: { readonly id: string }, how: InvokeOptions = {}): Promise<Shown> {
    const { world } = this.user;
    const command = this.findCommand(name, ApplicationCommandType.Message, how);
    const message = world.messages.get(target.id);
    if (message?.channel !== this.channel || !world.canSee(this.user.account, message)) {
      throw new Error(`${this.user.name} sees no message ${target.id} here`);
    }
    const data = {
      id: command.id,
      name: command.name,
      type: command.type,
      ...(command.guildId !== undefined && { guild_id: command.guildId }),
      target_id: message.id,
      resolved: { messages: { [message.id]: messageJson(message, this.user.origin) } },
    };
    return this.user.act(this.channel, { type: InteractionType.ApplicationCommand, name, data }, how);
  }

  /** Sends an interaction past the client: any custom ID, on any message. For tests of hostile people. */
  async sendRaw(raw: RawAct): Promise<Shown> {
    const { world } = this.user;
    const type = raw.type ?? InteractionType.MessageComponent;
    const customId = raw.customId ?? 'forged';
    const message = raw.message && world.messages.get(raw.message.id);
    const isComponent = type === InteractionType.MessageComponent;
    const any = message ?? (isComponent ? this.decoy(customId) : undefined);
    const data = {
      custom_id: customId,
      ...(isComponent && { component_type: raw.componentType ?? ComponentType.Button, id: 1 }),
      ...(type === InteractionType.ModalSubmit && { components: rawFields(raw.fields ?? {}) }),
      ...(raw.values && { values: [...raw.values] }),
      ...raw.data,
    };
    return this.user.act(this.channel, { type, name: customId, data, ...(any && { message: any }) }, raw);
  }

  /** Waits for the next message with content that the person gets to see here after this call. */
  nextMessage(wanted: (message: ShownMessage) => boolean = () => true): Promise<ShownMessage> {
    const before = new Set(this.messages.filter(({ thinking }) => !thinking).map(({ id }) => id));
    return this.user.activity.until({
      look: () => this.messages.find((message) => !before.has(message.id) && !message.thinking && wanted(message)),
      describe: () => `a message in ${this.channel.name} for ${this.user.name}`,
    });
  }

  private findMessage({ id }: { readonly id: string }): Message {
    const message = this.user.world.messages.get(id);
    if (!message || !this.user.sees(message)) throw new Error(`${this.user.name} sees no message ${id}`);
    return message;
  }

  private findCommand(name: string, type: ApplicationCommandType, how: InvokeOptions): PublishedCommand {
    const { commands, account } = this.user;
    const command = commands.available(this.channel).find((one) => one.name === name && one.type === type);
    if (!command) throw new Error(`The command ${name} is not published here`);
    if (!how.overridePermissions && !commands.isPermitted(command, account, this.channel)) {
      throw new Error(`The command ${name} is hidden from ${this.user.name}`);
    }
    return command;
  }

  /** An interaction of a component always carries a message; this one is on nobody's screen. */
  private decoy(customId: string) {
    const button = { type: ComponentType.Button, id: 2, custom_id: customId, style: 1, label: 'Forged' } as const;
    return this.user.world.post({
      channel: this.channel,
      author: this.user.world.bot,
      visibleTo: 'nobody',
      components: [{ type: ComponentType.ActionRow, id: 1, components: [button] }],
    });
  }
}

function whereabouts({ id, channel }: Message) {
  return { message_id: id, channel_id: channel.id, ...(channel.guild && { guild_id: channel.guild.id }) };
}

function rawFields(fields: NonNullable<RawAct['fields']>) {
  return Object.entries(fields).map(([customId, value], i) => {
    const part =
      typeof value === 'string'
        ? { type: ComponentType.TextInput, value }
        : { type: ComponentType.StringSelect, values: value };
    return { type: ComponentType.Label, id: 2 * i + 1, component: { ...part, id: 2 * i + 2, custom_id: customId } };
  });
}
