import type { APIEmbed, APIPoll } from 'discord-api-types/v10';
import { ButtonStyle, ComponentType, InteractionType, MessageFlags, MessageType } from 'discord-api-types/v10';
import type { SentComponent } from '../rules/component-rules.ts';
import type { Message, MessageVersion } from '../world/discord-world.ts';
import type { Interaction } from '../world/interaction.ts';
import { resolveChoices } from './resolved.ts';
import type { Patience, Shown } from './shown.ts';
import type { SandboxUser } from './user.ts';

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

/** A message as one person sees it. It is live: after an edit the same object shows the new content. */
export class ShownMessage {
  readonly kind = 'message';
  readonly id: string;
  readonly viewer: SandboxUser;
  private readonly message: Message;
  private readonly interactions: Interaction[] = [];

  constructor(viewer: SandboxUser, message: Message) {
    this.viewer = viewer;
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
  /** The message that it replies to, as far as the viewer sees it. */
  get repliesTo(): ShownMessage | undefined {
    return this.message.repliesTo === undefined ? undefined : this.viewer.find({ id: this.message.repliesTo });
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

  /** Follow-up messages of the interactions that made or changed this message, as far as the viewer sees them. */
  get followUps(): ShownMessage[] {
    return this.interactions
      .flatMap(({ followUps }) => followUps)
      .map((followUp) => this.viewer.find(followUp))
      .filter((followUp) => followUp !== undefined);
  }

  /** The last interaction that the viewer used this message with, or that made it. */
  get interaction(): Interaction | undefined {
    return this.interactions.at(-1);
  }

  /** Waits for a follow-up, the first by default; one that is there already counts. */
  followUp(index = 0): Promise<ShownMessage> {
    return this.wait(
      () => this.followUps[index],
      () => `follow-up ${index} of: ${this.text}`,
    );
  }

  /** Waits for an edit that comes after this call. */
  nextEdit(): Promise<ShownMessage> {
    const before = this.message.history.length;
    return this.wait(
      () => (this.message.history.length > before ? this : undefined),
      () => `an edit of: ${this.text}`,
    );
  }

  /** Waits until the message is as wanted, which it may be already. */
  until(wanted: (message: ShownMessage) => boolean): Promise<ShownMessage> {
    return this.wait(
      () => (wanted(this) ? this : undefined),
      () => `a change of: ${this.text}`,
    );
  }

  /** Clicks a button, by its label, the first words of it, or its custom ID. @throws {Error} where Discord's client has nothing to click. */
  async click(button: string | { customId: string }, patience?: Patience): Promise<Shown> {
    this.expectVisible();
    const found =
      typeof button === 'string'
        ? (this.buttons.find(({ label }) => label === button) ??
          this.buttons.find(({ label }) => label.startsWith(button)))
        : this.buttons.find(({ customId }) => customId === button.customId);
    const wanted = typeof button === 'string' ? button : button.customId;
    if (!found) {
      throw new Error(`No button ${wanted}; there are: ${this.buttons.map(({ label }) => label).join(', ') || 'none'}`);
    }
    if (found.disabled) throw new Error(`The button ${wanted} is disabled`);
    if (found.customId === undefined) throw new Error(`The button ${wanted} is a link to ${found.url}`);
    return this.use(found.customId, ComponentType.Button, {}, patience);
  }

  /** Chooses values of a select menu. @throws {Error} where Discord's client would not let one. */
  async select(customId: string, values: readonly string[], patience?: Patience): Promise<Shown> {
    this.expectVisible();
    const found = this.selects.find((one) => one.customId === customId);
    if (!found || found.disabled) throw new Error(`No select menu ${customId} that can be used`);
    if (values.length < found.minValues || values.length > found.maxValues) {
      throw new Error(`${customId} takes ${found.minValues} to ${found.maxValues} values`);
    }
    const resolved = resolveChoices(this.viewer, this.message.channel, found.type, values);
    for (const value of values) {
      const offered = found.type !== ComponentType.StringSelect || found.options.some((one) => one.value === value);
      if (!offered) throw new Error(`${customId} does not offer ${value}`);
    }
    return this.use(customId, found.type, { values: [...values], ...(resolved && { resolved }) }, patience);
  }

  /** Dismisses an ephemeral message: it is gone for good, and the bot's later edits are refused with 10008. */
  dismiss(): void {
    if (!this.ephemeral) throw new Error('Only ephemeral messages can be dismissed');
    this.viewer.world.remove(this.message);
  }

  /** Notes that this interaction made or changed the message. Called by the one who shows it. */
  belongsTo(interaction: Interaction): this {
    if (!this.interactions.includes(interaction)) this.interactions.push(interaction);
    return this;
  }

  private use(customId: string, type: ComponentType, data: Record<string, unknown>, patience?: Patience) {
    const component = this.flat((one) => one.custom_id === customId)[0] as { id?: number } | undefined;
    return this.viewer.act(
      this.message.channel,
      {
        type: InteractionType.MessageComponent,
        name: customId,
        message: this.message,
        data: { custom_id: customId, component_type: type, id: component?.id ?? 0, ...data },
      },
      patience,
    );
  }

  private expectVisible(): void {
    if (!this.viewer.sees(this.message)) throw new Error(`${this.viewer.name} does not see message ${this.id}`);
  }

  private wait<T>(look: () => T | undefined, describe: () => string): Promise<T> {
    return this.viewer.activity.until({ look, describe });
  }

  private flat(wanted: (component: SentComponent) => boolean): SentComponent[] {
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
