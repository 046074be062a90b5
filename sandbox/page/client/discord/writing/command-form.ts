import { html, nothing, type TemplateResult } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import type { CommandView, OptionView } from '../../../protocol.ts';
import type { Page } from '../../page.ts';

export type CommandOptions = Readonly<Record<string, string | number>>;

/** The options of a slash command, filled in where messages are written. */
export function commandForm(
  _page: Page,
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
      <p><b>/${command.name}</b> <span>${command.description}</span></p>
      ${command.options.map((option, index) => field(option, index === 0))}
      <div class="row">
        <button type="submit" class="button primary">Send</button>
        <button type="button" class="button secondary" @click=${cancel}>Cancel</button>
      </div>
    </form>
  `;
}

function field(option: OptionView, isFirst: boolean): TemplateResult {
  const { name, description, kind, required, min, max, choices } = option;
  const focus = isFirst ? ref((element) => focusOnce(element)) : nothing;
  const control =
    kind === 'user' || kind === 'channel'
      ? html`<select name=${name} ?required=${required} ${focus}>
          <option value="">${kind === 'user' ? 'Choose somebody' : 'Choose a channel'}</option>
          ${choices.map((one) => html`<option value=${one.id}>${one.name}</option>`)}
        </select>`
      : kind === 'number'
        ? html`<input name=${name} type="number" ?required=${required} min=${min ?? nothing} max=${max ?? nothing} ${focus} />`
        : html`<input
            name=${name}
            type="text"
            ?required=${required}
            minlength=${min ?? nothing}
            maxlength=${max ?? nothing}
            ${focus}
          />`;
  return html`<label><span><b>${name}</b>${required ? '' : ' (optional)'}: ${description}</span>${control}</label>`;
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
