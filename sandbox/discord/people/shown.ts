import { ComponentType, InteractionType } from 'discord-api-types/v10';
import type { Activity } from '../../activity.ts';
import type { SentComponent } from '../rules/component-rules.ts';
import type { ModalBody } from '../rules/modal-rules.ts';
import { attachmentJson } from '../server/wire.ts';
import type { Account, Channel, DiscordWorld, Message } from '../world/discord-world.ts';
import type { Interaction } from '../world/interaction.ts';
import type { Act } from '../world/interactions.ts';
import { MessageView } from './message-view.ts';
import { type FieldValue, type FileToSend, type ModalField, problemWith, readField } from './modal-fields.ts';
import { resolveChoices } from './resolved.ts';

// One file, as each leads to the others: a click on a message shows a form, and a form that is sent shows a message.

/** Who looks at a message or a form, and acts on it. */
export interface Viewer {
  readonly id: string;
  readonly name: string;
  readonly account: Account;
  readonly world: DiscordWorld;
  readonly activity: Activity;
  readonly origin: string;
  sees(message: Message): boolean;
  /** @returns The message as this person sees it, or undefined when they do not. */
  find(message: { readonly id: string }): ShownMessage | undefined;
  /** Sends an interaction and watches for what comes of it. */
  act(channel: Channel, act: Act, patience?: Patience): Promise<Shown>;
}

/** “This interaction failed”: nothing came in time. */
export interface ShownFailed {
  readonly kind: 'failed';
  readonly reason: string;
  readonly interaction: Interaction;
}

/** What a person sees of the bot's answer to what they did. */
export type Shown = ShownMessage | ShownModal | ShownFailed;

/** How long a person watches. */
export interface Patience {
  /** True: return at the acknowledgement, when the bot may still be “thinking”. */
  untilAcknowledged?: boolean;
}

/** A message as one person sees it. */
export class ShownMessage extends MessageView {
  readonly kind = 'message';
  readonly viewer: Viewer;
  private readonly interactions: Interaction[] = [];

  constructor(viewer: Viewer, message: Message) {
    super(message);
    this.viewer = viewer;
  }

  /** The message that it replies to, as far as the viewer sees it. */
  get repliesTo(): ShownMessage | undefined {
    return this.message.repliesTo === undefined ? undefined : this.viewer.find({ id: this.message.repliesTo });
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
}

/** A modal on somebody's screen. Closing it sends nothing, so there is nothing to call for that. */
export class ShownModal {
  readonly kind = 'modal';
  readonly interaction: Interaction;
  readonly customId: string;
  readonly title: string;
  readonly fields: readonly ModalField[];
  readonly textDisplays: readonly string[];
  private readonly viewer: Viewer;
  private readonly body: ModalBody;

  constructor(viewer: Viewer, interaction: Interaction, body: ModalBody) {
    this.viewer = viewer;
    this.interaction = interaction;
    this.body = body;
    this.customId = body.custom_id;
    this.title = body.title;
    this.fields = body.components.flatMap((outer) => {
      const inner = outer.component ?? outer.components?.[0];
      return inner ? [readField(outer, inner)] : [];
    });
    this.textDisplays = body.components
      .filter(({ type }) => type === ComponentType.TextDisplay)
      .map(({ content }) => content ?? '');
  }

  /** @throws {Error} when the modal has no such field. */
  field(customId: string): ModalField {
    const found = this.fields.find((field) => field.customId === customId);
    if (!found)
      throw new Error(`No field ${customId}; there are: ${this.fields.map((one) => one.customId).join(', ')}`);
    return found;
  }

  /** What Discord's client would say about these values; empty when it would send them. */
  problems(values: Readonly<Record<string, FieldValue>>): string[] {
    return this.fields.flatMap((field) => {
      const problem = problemWith(field, values[field.customId] ?? field.value);
      return problem ? [`${field.label}: ${problem}`] : [];
    });
  }

  /**
   * Sends the form. Fields that are not named keep what was filled in for them.
   * @param how `raw: true` sends values that Discord's client would hold back.
   * @throws {Error} for values that Discord's client holds back, and for fields that the modal does not have.
   */
  async submit(
    values: Readonly<Record<string, FieldValue>> = {},
    how: Patience & { raw?: boolean } = {},
  ): Promise<Shown> {
    for (const customId of Object.keys(values)) this.field(customId);
    const problems = how.raw ? [] : this.problems(values);
    if (problems.length > 0) throw new Error(`Discord would not send this form. ${problems.join(' ')}`);
    const resolved: Record<string, Record<string, unknown>> = {};
    const fields = new Map(
      this.fields.map((field) => [
        field.component,
        this.onWire(field, values[field.customId] ?? field.value, resolved),
      ]),
    );
    const components = this.body.components.map((outer) => {
      const { type, id } = outer;
      if (outer.component) return { type, id, component: fields.get(outer.component) };
      if (outer.components) return { type, id, components: outer.components.map((inner) => fields.get(inner)) };
      return { type, id };
    });
    const { channel, message } = this.interaction;
    return this.viewer.act(
      channel,
      {
        type: InteractionType.ModalSubmit,
        name: this.customId,
        ...(message && { message }),
        data: { custom_id: this.customId, components, ...(Object.keys(resolved).length > 0 && { resolved }) },
      },
      how,
    );
  }

  private onWire(field: ModalField, value: FieldValue, resolved: Record<string, Record<string, unknown>>) {
    const { type, custom_id, id } = field.component as SentComponent & { id?: number };
    const base = { type, id, custom_id };
    switch (field.kind) {
      case 'text':
      case 'paragraph':
      case 'checkbox':
        return { ...base, value };
      case 'radio':
        return { ...base, value: value === '' ? null : value };
      case 'select':
      case 'checkboxes':
        return { ...base, values: value };
      case 'users':
      case 'roles':
      case 'mentionables':
      case 'channels': {
        const found = resolveChoices(this.viewer, this.interaction.channel, type, value as readonly string[]);
        for (const [kind, entries] of Object.entries(found ?? {})) resolved[kind] = { ...resolved[kind], ...entries };
        return { ...base, values: value };
      }
      case 'files': {
        const values = (value as readonly FileToSend[]).map((file) => {
          const upload = this.viewer.world.upload(file);
          resolved.attachments = {
            ...resolved.attachments,
            [upload.id]: attachmentJson(upload, this.viewer.origin),
          };
          return upload.id;
        });
        return { ...base, values };
      }
    }
  }
}

/** @throws {Error} telling what was shown instead of a message. */
export function asMessage(shown: Shown): ShownMessage {
  if (shown.kind !== 'message') throw new Error(`Expected a message, but saw ${describe(shown)}`);
  return shown;
}

/** @throws {Error} telling what was shown instead of a modal. */
export function asModal(shown: Shown): ShownModal {
  if (shown.kind !== 'modal') throw new Error(`Expected a modal, but saw ${describe(shown)}`);
  return shown;
}

function describe(shown: Shown): string {
  switch (shown.kind) {
    case 'message':
      return `the message: ${shown.text}`;
    case 'modal':
      return `the modal: ${shown.title}`;
    case 'failed':
      return `a failed interaction: ${shown.reason}`;
  }
}
