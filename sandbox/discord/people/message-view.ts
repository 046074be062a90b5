import type { APIEmbed, APIPoll } from 'discord-api-types/v10';
import { ButtonStyle, ComponentType, InteractionType, MessageFlags, MessageType } from 'discord-api-types/v10';
import type { SentComponent } from '../rules/component-rules.ts';
import type { Message, MessageVersion } from '../world/discord-world.ts';

export interface ShownButton {
  readonly label: string;
  /** Absent for a link. */
  readonly customId: string | undefined;
  readonly url: string | undefined;
  readonly style: ButtonStyle;
  readonly disabled: boolean;
}

export interface ShownSelect {
  readonly customId: string;
  readonly type: ComponentType;
  readonly placeholder: string | undefined;
  readonly options: readonly { label: string; value: string; description?: string | null; default?: boolean | null }[];
  readonly minValues: number;
  readonly maxValues: number;
  readonly disabled: boolean;
}

/** A message inside of another one. What is forwarded has no author. */
export interface QuotedMessage {
  readonly kind: 'forwarded' | 'thread';
  readonly author?: { readonly username: string };
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
  readonly components: readonly SentComponent[];
  readonly attachments: readonly { readonly filename: string; readonly url: string }[];
}

/** What can be read on a message. It is live: after an edit the same object shows the new content. */
export class MessageView {
  readonly id: string;
  protected readonly message: Message;

  constructor(message: Message) {
    this.message = message;
    this.id = message.id;
  }

  get author(): { readonly id: string; readonly name: string; readonly bot: boolean } {
    return this.message.author;
  }
  get channelId(): string {
    return this.message.channel.id;
  }
  get createdAt(): number {
    return this.message.createdAt;
  }
  get content(): string {
    return this.message.content;
  }
  get embeds(): readonly APIEmbed[] {
    return this.message.embeds;
  }
  get flags(): number {
    return this.message.flags;
  }
  get ephemeral(): boolean {
    return this.message.visibleTo !== undefined;
  }
  /** True between a deferral and its edit: Discord shows that the bot is thinking. */
  get thinking(): boolean {
    return (this.message.flags & MessageFlags.Loading) !== 0;
  }
  /** Who used which command to get this answer; absent for anything but the answer to a command. */
  get usedCommand(): { readonly userId: string; readonly name: string } | undefined {
    const { interaction } = this.message;
    if (interaction?.type !== InteractionType.ApplicationCommand || interaction.name === undefined) return undefined;
    return { userId: interaction.user.id, name: interaction.name };
  }
  /** The messages in it, as they are on the wire: what it forwards, or what its thread is about. */
  get quoted(): readonly QuotedMessage[] {
    const { message_snapshots: snapshots, referenced_message: about, type } = this.message.wire ?? {};
    const forwarded = (snapshots ?? []) as readonly { readonly message: Omit<QuotedMessage, 'kind'> }[];
    return [
      ...forwarded.map(({ message }) => ({ ...message, kind: 'forwarded' as const })),
      ...(type === MessageType.ThreadStarterMessage && about
        ? [{ ...(about as Omit<QuotedMessage, 'kind'>), kind: 'thread' as const }]
        : []),
    ];
  }
  get stickers(): readonly string[] {
    return ((this.message.wire?.sticker_items ?? []) as { name: string }[]).map(({ name }) => name);
  }
  get poll(): APIPoll | undefined {
    return this.message.wire?.poll as APIPoll | undefined;
  }
  get isEdited(): boolean {
    return this.message.editedAt !== undefined;
  }
  /** The mentions in it that notified somebody. */
  get pings(): readonly string[] {
    return this.message.pings ?? [];
  }
  get deleted(): boolean {
    return this.message.deleted;
  }
  /** What it showed before each edit, oldest first. */
  get edits(): readonly MessageVersion[] {
    return this.message.history;
  }
  /** The components as they are on the wire. */
  get components(): readonly SentComponent[] {
    return this.message.components as unknown as SentComponent[];
  }
  get buttons(): ShownButton[] {
    return this.flat((component) => component.type === ComponentType.Button).map((button) => ({
      label: button.label ?? '',
      customId: button.custom_id ?? undefined,
      url: button.url ?? undefined,
      style: (button.style ?? ButtonStyle.Secondary) as ButtonStyle,
      disabled: button.disabled ?? false,
    }));
  }
  get selects(): ShownSelect[] {
    return this.flat((component) => component.type === 3 || (component.type >= 5 && component.type <= 8)).map(
      (select) => ({
        customId: select.custom_id ?? '',
        type: select.type,
        placeholder: select.placeholder ?? undefined,
        options: select.options ?? [],
        minValues: select.min_values ?? 1,
        maxValues: select.max_values ?? 1,
        disabled: select.disabled ?? false,
      }),
    );
  }
  get textDisplays(): string[] {
    return this.flat((component) => component.type === ComponentType.TextDisplay).map(({ content }) => content ?? '');
  }
  get files(): { readonly id: string; readonly name: string; readonly contentType: string; readonly text: string }[] {
    return this.message.attachments.map(({ id, name, contentType, content }) => ({
      id,
      name,
      contentType,
      text: content.toString('utf8'),
    }));
  }
  /** Everything that can be read on it but the labels of its buttons. */
  get text(): string {
    const embeds = this.embeds.flatMap(({ author, title, description, fields, footer }) => [
      author?.name,
      title,
      description,
      ...(fields ?? []).flatMap((field) => [field.name, field.value]),
      footer?.text,
    ]);
    return [this.content, ...embeds, ...this.textDisplays].filter(Boolean).join('\n');
  }

  protected flat(wanted: (component: SentComponent) => boolean): SentComponent[] {
    const found: SentComponent[] = [];
    const visit = (component: SentComponent) => {
      if (wanted(component)) found.push(component);
      component.components?.forEach(visit);
      if (component.accessory) visit(component.accessory);
    };
    this.components.forEach(visit);
    return found;
  }
}
