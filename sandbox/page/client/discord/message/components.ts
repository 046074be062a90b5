import { html, nothing, type TemplateResult } from 'lit-html';
import type { ComponentView, MessageView } from '../../../protocol.ts';
import type { Page } from '../../page.ts';
import { barColour } from './bar-colour.ts';
import { media } from './media.ts';
import { renderMarkdown } from './render-markdown.ts';

/** Discord's numbers of the components that the page shows. */
const TYPE = {
  actionRow: 1,
  button: 2,
  stringSelect: 3,
  section: 9,
  textDisplay: 10,
  thumbnail: 11,
  mediaGallery: 12,
  file: 13,
  separator: 14,
  container: 17,
} as const;

const LINK_STYLE = 5;
const STYLES: Readonly<Record<number, string>> = { 1: 'primary', 2: 'secondary', 3: 'success', 4: 'danger', 5: 'link' };

/** Menus of people, roles and channels, whose choices the page does not know. */
const OTHER_SELECTS: ReadonlySet<number> = new Set([5, 6, 7, 8]);

/** The components of a message, of either generation. */
export function components(page: Page, shown: MessageView): TemplateResult {
  return html`${shown.components.map((one) => component(page, shown, one))}`;
}

/** Those of a message inside of another one, which nobody can use there. */
export function quotedComponents(page: Page, shown: MessageView, quoted: readonly ComponentView[]): TemplateResult {
  return html`<div class="quoted" inert>${quoted.map((one) => component(page, shown, one))}</div>`;
}

function component(page: Page, shown: MessageView, one: ComponentView): TemplateResult {
  const inner = () => (one.components ?? []).map((child) => component(page, shown, child));
  switch (one.type) {
    case TYPE.actionRow:
      return html`<div class="row">${inner()}</div>`;
    case TYPE.button:
      return button(page, shown, one);
    case TYPE.stringSelect:
      return select(page, shown, one);
    case TYPE.textDisplay:
      return html`<div>${renderMarkdown(one.content ?? '', page.surroundings)}</div>`;
    case TYPE.thumbnail:
      return media(one.description ?? 'Thumbnail', one.media?.url);
    case TYPE.mediaGallery:
      return html`${one.items?.map((item) => media(item.description ?? 'Picture', item.media.url))}`;
    case TYPE.file:
      return media(one.name ?? 'File', one.file?.url);
    case TYPE.separator:
      return one.divider === false ? html`<div class="gap"></div>` : html`<hr />`;
    case TYPE.section:
      return html`<div class="section">
        <div>${inner()}</div>
        ${one.accessory ? component(page, shown, one.accessory) : nothing}
      </div>`;
    case TYPE.container:
      return html`<div class="embed" .style=${barColour(one.accent_color)}>${inner()}</div>`;
    default:
      if (OTHER_SELECTS.has(one.type))
        return html`<select disabled aria-label=${one.placeholder ?? 'Choose'}><option>${one.placeholder ?? 'Choose'}</option></select>`;
      return html`<p class="hint">(a component of type ${one.type}, which this page does not show)</p>`;
  }
}

function button(page: Page, shown: MessageView, one: ComponentView): TemplateResult {
  const { custom_id: customId, style = 2, url, disabled } = one;
  const label = [one.emoji?.name, one.label].filter(Boolean).join(' ');
  if (style === LINK_STYLE) {
    // A message of this sandbox is not at Discord; a page of it is not left for another window.
    if (url?.startsWith('https://discord.com/channels/'))
      return html`<span class="button link" title=${url}>${label}</span>`;
    const isOwn = url?.startsWith(location.origin) === true;
    return html`<a class="button link" href=${url ?? ''} target=${isOwn ? nothing : '_blank'} rel="noreferrer">${label} ↗</a>`;
  }
  if (!customId) return html``;
  const isBusy = page.busy.has(`${shown.id}/${customId}`);
  return html`
    <button
      type="button"
      class="button ${STYLES[style] ?? 'secondary'}"
      ?disabled=${disabled}
      aria-busy=${isBusy}
      @click=${() => page.use(shown.id, { kind: 'click', messageId: shown.id, customId })}
    >
      ${label}
    </button>
  `;
}

function select(page: Page, shown: MessageView, one: ComponentView): TemplateResult {
  const { custom_id: customId, options = [], placeholder, disabled } = one;
  if (!customId) return html``;
  const choose = (event: Event) => {
    const { value } = event.currentTarget as HTMLSelectElement;
    if (value !== '') void page.use(shown.id, { kind: 'select', messageId: shown.id, customId, values: [value] });
  };
  return html`
    <select aria-label=${placeholder ?? 'Choose'} ?disabled=${disabled} @change=${choose}>
      <option value="">${placeholder ?? 'Choose'}</option>
      ${options.map(({ label, value }) => html`<option value=${value}>${label}</option>`)}
    </select>
  `;
}
