import { html, nothing, type TemplateResult } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import type { CommandView, OptionView } from '../../../protocol.ts';
import type { Page } from '../../page.ts';
import { appIcon } from '../message/avatar.ts';

export type CommandOptions = Readonly<Record<string, string | number>>;

/** The options of a slash command, as chips where messages are written. */
export function commandForm(
  page: Page,
  command: CommandView,
  { send, cancel }: { send: (options: CommandOptions) => void; cancel: () => void },
): TemplateResult {
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    send(readOptions(command, new FormData(event.currentTarget as HTMLFormElement)));
  };
  return html`
    <form
      class="composer command-form"
      aria-label="/${command.name}"
      @submit=${onSubmit}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === 'Escape') cancel();
      }}
    >
      <div class="option-help">
        <p>${command.description}</p>
        ${command.options.map(
          ({ name, description, required }) => html`<p id="about-${name}">
            <b>${name}</b> ${description}${required ? nothing : html` <i>(optional)</i>`}
          </p>`,
        )}
      </div>
      <div class="chips">
        ${appIcon(page.view?.bot.name ?? '')} <b class="command-name">/${command.name}</b>
        ${command.options.map((option, index) => chip(option, index === 0))}
        <span class="chip-buttons">
          <button type="submit" class="button primary">Send</button>
          <button type="button" class="close" aria-label="Cancel" title="Cancel" @click=${cancel}>✕</button>
        </span>
      </div>
    </form>
  `;
}

function chip(option: OptionView, isFirst: boolean): TemplateResult {
  const { name, kind, required, min, max, choices } = option;
  const focus = isFirst ? ref((element) => focusOnce(element)) : nothing;
  const describedBy = `about-${name}`;
  const control =
    kind === 'user' || kind === 'channel'
      ? html`<select name=${name} ?required=${required} aria-describedby=${describedBy} ${focus}>
          <option value="">${kind === 'user' ? 'Choose somebody' : 'Choose a channel'}</option>
          ${choices.map((one) => html`<option value=${one.id}>${one.name}</option>`)}
        </select>`
      : html`<input
          name=${name}
          type=${kind === 'number' ? 'number' : 'text'}
          autocomplete="off"
          ?required=${required}
          aria-describedby=${describedBy}
          min=${kind === 'number' ? (min ?? nothing) : nothing}
          max=${kind === 'number' ? (max ?? nothing) : nothing}
          minlength=${kind === 'number' ? nothing : (min ?? nothing)}
          maxlength=${kind === 'number' ? nothing : (max ?? nothing)}
          ${focus}
        />`;
  return html`<label class="chip ${required ? '' : 'optional'}"><span class="option-name">${name}</span>${control}</label>`;
}

const focused = new WeakSet<Element>();

function focusOnce(element: Element | undefined): void {
  if (!element || focused.has(element)) return;
  focused.add(element);
  queueMicrotask(() => (element as HTMLElement).focus());
}

function readOptions(command: CommandView, data: FormData): CommandOptions {
  const entries = command.options.flatMap(({ name, kind }): [string, string | number][] => {
    const value = String(data.get(name) ?? '');
    if (value === '') return [];
    return [[name, kind === 'number' ? Number(value) : value]];
  });
  return Object.fromEntries(entries);
}
