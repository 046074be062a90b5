import { ButtonStyle, ComponentType } from 'discord-api-types/v10';
import type { BodyErrors } from './api-error.ts';
import { checkTextOfCard } from './text-rules.ts';

type Path = (string | number)[];

/** Any component as the bot sent it, after the schema found its parts to be of the right kinds. */
export interface SentComponent {
  type: number;
  id?: number | null;
  custom_id?: string | null;
  label?: string | null;
  description?: string | null;
  style?: number;
  url?: string | null;
  sku_id?: string | null;
  emoji?: unknown;
  disabled?: boolean | null;
  required?: boolean | null;
  value?: string | null;
  placeholder?: string | null;
  content?: string;
  default?: boolean | null;
  min_length?: number | null;
  max_length?: number | null;
  min_values?: number | null;
  max_values?: number | null;
  options?: { label: string; value: string; description?: string | null; default?: boolean | null }[];
  components?: SentComponent[];
  component?: SentComponent;
  accessory?: SentComponent;
  /** Of a thumbnail. */
  media?: SentMedia;
  /** Of a file. */
  file?: SentMedia;
  /** Of a media gallery. */
  items?: { media: SentMedia }[];
}

interface SentMedia {
  url: string;
}

/** Components in one modal; the schema would let 40 pass. */
const MAX_MODAL_COMPONENTS = 5;
const MAX_ROWS = 5;
const MAX_BUTTONS_IN_ROW = 5;
/** Nested ones included; only for messages of the second component generation. */
const MAX_COMPONENTS_V2 = 40;

/** What Discord refuses in a message's components and its published schema does not say. */
export function checkMessageComponents(components: SentComponent[], isV2: boolean, at: Path, errors: BodyErrors): void {
  if (!isV2) {
    if (components.length > MAX_ROWS) {
      errors.add(at, 'BASE_TYPE_BAD_LENGTH', `Must be between 1 and ${MAX_ROWS} in length.`);
    }
    components.forEach((component, i) => {
      if (component.type !== ComponentType.ActionRow) {
        errors.add([...at, i, 'type'], 'UNION_TYPE_CHOICES', 'Value of field "type" must be one of (1,).');
      }
    });
  } else {
    if (countComponents(components) > MAX_COMPONENTS_V2) {
      const message = `Total number of components cannot exceed ${MAX_COMPONENTS_V2}`;
      errors.add(at, 'COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED', message);
    }
    checkTextOfCard(textsIn(components), at, errors);
  }
  checkEach(components, at, errors, new Seen());
}

/** What Discord refuses in a modal and its published schema does not say. */
export function checkModalComponents(components: SentComponent[], errors: BodyErrors): void {
  const at: Path = ['data', 'components'];
  if (components.length > MAX_MODAL_COMPONENTS) {
    errors.add(at, 'BASE_TYPE_BAD_LENGTH', `Must be between 1 and ${MAX_MODAL_COMPONENTS} in length.`);
  }
  checkEach(components, at, errors, new Seen());
  components.forEach((component, i) => {
    const field = component.component;
    if (!field) return;
    const fieldAt = [...at, i, 'component'];
    if (field.disabled) {
      errors.add([...fieldAt, 'disabled'], 'MODAL_COMPONENT_DISABLED', 'A component in a modal cannot be disabled.');
    }
    if (field.type === ComponentType.TextInput && field.label != null) {
      errors.add([...fieldAt, 'label'], 'TEXT_INPUT_LABEL_IN_LABEL', 'The label around a text input names it.');
    }
  });
}

/** What text displays say, from top to bottom. */
export function textsIn(components: readonly SentComponent[]): string[] {
  return components.flatMap(({ type, content, components: inner }) => [
    ...(type === ComponentType.TextDisplay ? [content ?? ''] : []),
    ...textsIn(inner ?? []),
  ]);
}

/** What may stand only once in a message or a modal. */
class Seen {
  readonly customIds = new Set<string>();
  readonly ids = new Set<number>();
}

function countComponents(components: SentComponent[]): number {
  return components.reduce((sum, { components: inner, accessory }) => {
    return sum + 1 + countComponents(inner ?? []) + (accessory ? 1 : 0);
  }, 0);
}

function checkEach(components: SentComponent[], at: Path, errors: BodyErrors, seen: Seen): void {
  components.forEach((component, i) => {
    checkOne(component, [...at, i], errors, seen);
  });
}

function checkOne(component: SentComponent, at: Path, errors: BodyErrors, seen: Seen): void {
  if (component === null || typeof component !== 'object') return;
  if (typeof component.custom_id === 'string') {
    if (seen.customIds.has(component.custom_id)) {
      errors.add([...at, 'custom_id'], 'COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated');
    }
    seen.customIds.add(component.custom_id);
  }
  // Discord gives 0, like none, a number of its own.
  if (component.id) {
    if (seen.ids.has(component.id)) {
      errors.add([...at, 'id'], 'COMPONENT_ID_DUPLICATED', 'Component id cannot be duplicated');
    }
    seen.ids.add(component.id);
  }
  switch (component.type) {
    case ComponentType.ActionRow:
      checkRow(component, at, errors);
      break;
    case ComponentType.Button:
      checkButton(component, at, errors);
      break;
    case ComponentType.TextInput:
      checkRange(component.min_length, component.max_length, [...at, 'min_length'], errors);
      break;
    default:
      checkChoices(component, at, errors);
  }
  if (Array.isArray(component.components)) {
    checkEach(component.components, [...at, 'components'], errors, seen);
  }
  if (component.component) checkOne(component.component, [...at, 'component'], errors, seen);
  if (component.accessory) checkOne(component.accessory, [...at, 'accessory'], errors, seen);
}

function checkRow(row: SentComponent, at: Path, errors: BodyErrors): void {
  const inner = Array.isArray(row.components) ? row.components : [];
  const buttons = inner.filter((component) => component.type === ComponentType.Button).length;
  const tooMany = buttons > MAX_BUTTONS_IN_ROW || (buttons < inner.length && inner.length > 1);
  if (inner.length === 0 || tooMany) {
    errors.add(
      [...at, 'components'],
      'BASE_TYPE_BAD_LENGTH',
      'A row holds one to five buttons or one other component.',
    );
  }
}

function checkButton(button: SentComponent, at: Path, errors: BodyErrors): void {
  const isLink = button.style === ButtonStyle.Link;
  const isPremium = button.style === ButtonStyle.Premium;
  if (isLink && !button.url) errors.add([...at, 'url'], 'BUTTON_COMPONENT_URL_REQUIRED', 'A url is required');
  if (isLink && button.custom_id) {
    errors.add(at, 'BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE', 'A custom id and url cannot both be specified');
  }
  if (!isLink && !isPremium && !button.custom_id) {
    errors.add([...at, 'custom_id'], 'BUTTON_COMPONENT_CUSTOM_ID_REQUIRED', 'A custom id is required');
  }
  if (!isPremium && !button.label && !button.emoji) {
    errors.add([...at, 'label'], 'BUTTON_COMPONENT_INVALID_STYLE', 'A button needs a label or an emoji');
  }
}

function checkChoices(component: SentComponent, at: Path, errors: BodyErrors): void {
  checkRange(component.min_values, component.max_values, [...at, 'min_values'], errors);
  const { options } = component;
  if (!Array.isArray(options)) return;
  const values = new Set<string>();
  options.forEach((option, i) => {
    if (values.has(option.value)) {
      const message = 'The specified option value is already used';
      errors.add([...at, 'options', i, 'value'], 'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED', message);
    }
    values.add(option.value);
  });
  const max = component.max_values ?? 1;
  if (max > options.length) {
    errors.add([...at, 'max_values'], 'SELECT_COMPONENT_MAX_VALUES', 'There are fewer options than values to choose.');
  }
  const mayChoose = component.type === ComponentType.CheckboxGroup ? (component.max_values ?? options.length) : max;
  if (options.filter((option) => option.default).length > mayChoose) {
    errors.add(
      [...at, 'options'],
      'SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES',
      'Too many options are chosen by default',
    );
  }
}

function checkRange(min: number | null | undefined, max: number | null | undefined, at: Path, errors: BodyErrors) {
  if (typeof min === 'number' && typeof max === 'number' && min > max) {
    errors.add(at, 'COMPONENT_MIN_GREATER_THAN_MAX', 'The minimum is greater than the maximum.');
  }
}
