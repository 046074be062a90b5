import { html, nothing, type TemplateResult } from 'lit-html';
import { keyed } from 'lit-html/directives/keyed.js';
import { ref } from 'lit-html/directives/ref.js';
import type { FieldView, ModalView } from '../../../protocol.ts';
import type { OpenModal } from '../../discord-acts.ts';
import { noticeIcon } from '../../icons.ts';
import type { Page } from '../../page.ts';
import { appIcon } from '../message/avatar.ts';
import { openDialog } from './open-dialog.ts';

/** The form on the screen. What is typed lives in its fields until it is sent or closed. */
export function modal(page: Page): TemplateResult | typeof nothing {
  const { modal: open } = page;
  return open ? html`${keyed(open.view.id, form(page, open))}` : nothing;
}

function form(page: Page, { view, problem, isSending }: OpenModal): TemplateResult {
  const botName = page.view?.bot.name ?? '';
  const onClose = () => {
    // A dialog tells later that it was closed: another form may be open by then.
    if (page.modal?.view.id === view.id) page.show({ modal: undefined });
  };
  // Closed and not just taken away, so that the browser gives the focus back.
  const cancel = (event: Event) => (event.currentTarget as HTMLElement).closest('dialog')?.close();
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    void page.submit(readFields(view, event.currentTarget as HTMLFormElement));
  };
  return html`
    <dialog class="modal" aria-labelledby="modal-title" @close=${onClose} ${ref((element) => openDialog(element))}>
      <form @submit=${onSubmit}>
        <header>
          ${appIcon(botName)}
          <h2 id="modal-title">${view.title}</h2>
          <button type="button" class="close" aria-label="Close" title="Close" @click=${cancel}>✕</button>
        </header>
        <p class="form-notice">
          ${noticeIcon} What you fill in goes to the app ${botName}. Leave out passwords and other secrets.
        </p>
        ${view.texts.map((text) => html`<p>${text}</p>`)} ${view.fields.map((one, index) => field(one, index === 0))}
        ${problem ? html`<p class="failure" role="alert">${problem}. Your text is still here: try again.</p>` : nothing}
        <div class="row">
          <button type="button" class="button secondary" @click=${cancel}>Cancel</button>
          <button type="submit" class="button primary" ?disabled=${isSending} aria-busy=${isSending}>Submit</button>
        </div>
      </form>
    </dialog>
  `;
}

/** @param isFirst Then one begins to write in it, and not at the button that closes the form. */
function field(one: FieldView, isFirst: boolean): TemplateResult {
  const { customId, label, description, required, kind } = one;
  const id = `field-${customId}`;
  return html`
    <div class="field">
      <label for=${id}>${label}${required ? html`<span class="required" aria-hidden="true">*</span>` : nothing}</label>
      ${description ? html`<p class="description" id="${id}-description">${description}</p>` : nothing}
      ${kind === 'select' ? select(one, id, isFirst) : kind === 'other' ? unknown(one) : textField(one, id, isFirst)}
    </div>
  `;
}

function textField(one: FieldView, id: string, isFirst: boolean): TemplateResult {
  const { customId, kind, required, min, max, placeholder, description } = one;
  const value = String(one.value);
  const describedBy = `${description ? `${id}-description ` : ''}${id}-count`;
  const count = (event: Event) => {
    const { value: typed } = event.currentTarget as HTMLInputElement | HTMLTextAreaElement;
    const counter = document.getElementById(`${id}-count`);
    if (counter) counter.textContent = `${typed.length}/${max}`;
  };
  const counter = html`<p class="counter" id="${id}-count" .textContent=${`${value.length}/${max}`}></p>`;
  if (kind === 'paragraph') {
    return html`<textarea
        id=${id}
        name=${customId}
        rows="6"
        ?autofocus=${isFirst}
        ?required=${required}
        minlength=${min || nothing}
        maxlength=${max}
        placeholder=${placeholder ?? ''}
        aria-describedby=${describedBy}
        .defaultValue=${value}
        @input=${count}
      ></textarea
      >${counter}`;
  }
  return html`<input
      id=${id}
      name=${customId}
      type="text"
      ?autofocus=${isFirst}
      ?required=${required}
      minlength=${min || nothing}
      maxlength=${max}
      placeholder=${placeholder ?? ''}
      aria-describedby=${describedBy}
      autocomplete="off"
      .defaultValue=${value}
      @input=${count}
    />${counter}`;
}

function select(one: FieldView, id: string, isFirst: boolean): TemplateResult {
  const { customId, required, min, max, options, placeholder, description } = one;
  const chosen = Array.isArray(one.value) ? one.value : [];
  const isMultiple = max > 1;
  // An empty choice stands for "nothing": it is offered while nothing is chosen, and where nothing may be.
  const mayBeEmpty = !isMultiple && (!required || min === 0 || chosen.length === 0);
  return html`
    <select
      id=${id}
      name=${customId}
      ?autofocus=${isFirst}
      ?required=${required && min > 0}
      ?multiple=${isMultiple}
      aria-describedby=${description ? `${id}-description` : nothing}
    >
      ${mayBeEmpty ? html`<option value="">${placeholder ?? 'Choose one'}</option>` : nothing}
      ${options.map(
        ({ label, value }) => html`<option value=${value} ?selected=${chosen.includes(value)}>${label}</option>`,
      )}
    </select>
  `;
}

function unknown({ kind }: FieldView): TemplateResult {
  return html`<p class="hint">(a field of kind ${kind}, which this page does not show)</p>`;
}

/** What is sent: texts as they are, choices as a list. Fields that are not shown keep what was filled in. */
function readFields(view: ModalView, form: HTMLFormElement): Record<string, string | string[]> {
  const data = new FormData(form);
  const shown = view.fields.filter(({ kind }) => kind !== 'other');
  return Object.fromEntries(
    shown.map(({ customId, kind }): [string, string | string[]] => {
      if (kind === 'select') {
        const values = data.getAll(customId).map(String);
        return [customId, values.filter((value) => value !== '')];
      }
      return [customId, String(data.get(customId) ?? '').replaceAll('\r\n', '\n')];
    }),
  );
}
