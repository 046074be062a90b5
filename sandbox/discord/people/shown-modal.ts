import { ComponentType, InteractionType, TextInputStyle } from 'discord-api-types/v10';
import type { SentComponent } from '../rules/component-rules.ts';
import type { ModalBody } from '../rules/modal-rules.ts';
import { attachmentJson } from '../server/wire.ts';
import type { Interaction } from '../world/interaction.ts';
import { resolveChoices } from './resolved.ts';
import type { Patience, Shown } from './shown.ts';
import type { SandboxUser } from './user.ts';

export type FieldKind =
  | 'text'
  | 'paragraph'
  | 'select'
  | 'users'
  | 'roles'
  | 'mentionables'
  | 'channels'
  | 'files'
  | 'radio'
  | 'checkboxes'
  | 'checkbox';

/** A file to put into an upload field. */
export interface FileToSend {
  readonly name: string;
  readonly text: string;
  readonly contentType?: string;
}

export type FieldValue = string | readonly string[] | boolean | readonly FileToSend[];

export interface ModalField {
  readonly customId: string;
  readonly kind: FieldKind;
  readonly label: string;
  readonly description: string | undefined;
  readonly placeholder: string | undefined;
  readonly required: boolean;
  /** Characters of a text, or number of values. */
  readonly min: number;
  readonly max: number;
  readonly options: readonly { label: string; value: string; description?: string | null; default?: boolean | null }[];
  /** What is filled in before the person types. */
  readonly value: string | readonly string[] | boolean;
  /** The component as it is on the wire. */
  readonly component: SentComponent;
}

/** Characters in a text input of a modal. */
const MAX_TEXT = 4000;

const KINDS: Partial<Record<ComponentType, FieldKind>> = {
  [ComponentType.StringSelect]: 'select',
  [ComponentType.UserSelect]: 'users',
  [ComponentType.RoleSelect]: 'roles',
  [ComponentType.MentionableSelect]: 'mentionables',
  [ComponentType.ChannelSelect]: 'channels',
  [ComponentType.FileUpload]: 'files',
  [ComponentType.RadioGroup]: 'radio',
  [ComponentType.CheckboxGroup]: 'checkboxes',
  [ComponentType.Checkbox]: 'checkbox',
};

/** A modal on somebody's screen. Closing it sends nothing, so there is nothing to call for that. */
export class ShownModal {
  readonly kind = 'modal';
  readonly interaction: Interaction;
  readonly customId: string;
  readonly title: string;
  readonly fields: readonly ModalField[];
  readonly textDisplays: readonly string[];
  private readonly viewer: SandboxUser;
  private readonly body: ModalBody;

  constructor(viewer: SandboxUser, interaction: Interaction, body: ModalBody) {
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

function readField(outer: SentComponent, inner: SentComponent): ModalField {
  const { type } = inner;
  const isText = type === ComponentType.TextInput;
  const kind = isText
    ? inner.style === TextInputStyle.Paragraph
      ? 'paragraph'
      : 'text'
    : KINDS[type as ComponentType];
  if (!kind) throw new Error(`No field is known for component type ${type}`);
  const options = inner.options ?? [];
  const chosen = options.filter((option) => option.default).map(({ value }) => value);
  const value = isText
    ? (inner.value ?? '')
    : kind === 'checkbox'
      ? (inner.default ?? false)
      : kind === 'radio'
        ? (chosen[0] ?? '')
        : chosen;
  return {
    customId: inner.custom_id ?? '',
    kind,
    label: outer.label ?? inner.label ?? '',
    description: outer.description ?? undefined,
    placeholder: inner.placeholder ?? undefined,
    required: kind !== 'checkbox' && (inner.required ?? true),
    min: isText ? (inner.min_length ?? 0) : (inner.min_values ?? 1),
    max: isText ? (inner.max_length ?? MAX_TEXT) : (inner.max_values ?? (kind === 'checkboxes' ? options.length : 1)),
    options,
    value,
    component: inner,
  };
}

function problemWith(field: ModalField, value: FieldValue): string | undefined {
  const { kind, required, min, max } = field;
  if (kind === 'checkbox') return typeof value === 'boolean' ? undefined : 'takes true or false.';
  const isList = kind !== 'text' && kind !== 'paragraph' && kind !== 'radio';
  if (isList !== Array.isArray(value)) return isList ? 'takes a list.' : 'takes a text.';
  const length = (value as string | readonly unknown[]).length;
  if (length === 0) return required ? 'This field is required.' : undefined;
  if (kind !== 'radio' && length < min) return `Must be at least ${min}, but is ${length}.`;
  if (kind !== 'radio' && length > max) return `Must be at most ${max}, but is ${length}.`;
  if (kind === 'text' && (value as string).includes('\n')) return 'A short text has one line.';
  if (kind !== 'select' && kind !== 'radio' && kind !== 'checkboxes') return undefined;
  const values = (Array.isArray(value) ? value : [value]) as string[];
  const strange = values.find((one) => !field.options.some((option) => option.value === one));
  return strange === undefined ? undefined : `${strange} is not offered.`;
}
