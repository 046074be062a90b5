import { ComponentType, TextInputStyle } from 'discord-api-types/v10';
import type { SentComponent } from '../rules/component-rules.ts';

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

/** The field that stands in a label, or in a row. */
export function readField(outer: SentComponent, inner: SentComponent): ModalField {
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

/** What Discord's client would say about a value; undefined when it would send it. */
export function problemWith(field: ModalField, value: FieldValue): string | undefined {
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
