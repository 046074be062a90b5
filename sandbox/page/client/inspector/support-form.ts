import { html, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { TicketState, TicketView } from '../../protocol.ts';
import type { Page } from '../page.ts';

const TICKET_STATES: readonly TicketState[] = ['Open', 'In Progress', 'On Hold', 'Closed'];

/** What support does with a ticket: answer it, note something, or change its state. */
export function supportForm(page: Page, { reference, state }: TicketView): TemplateResult {
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const text = String(new FormData(form).get('text') ?? '').trim();
    if (text === '') return;
    const isPrivate = event.submitter?.getAttribute('value') === 'note';
    void page.actAsSupport({ kind: 'answer', reference, text, isPrivate }).then((isDone) => isDone && form.reset());
  };
  const onState = (event: Event) => {
    const chosen = (event.currentTarget as HTMLSelectElement).value as TicketState;
    void page.actAsSupport({ kind: 'set-state', reference, state: chosen });
  };
  return html`
    <details class="support">
      <summary>Be support</summary>
      <form aria-label="Answer ${reference} as support" @submit=${onSubmit}>
        <textarea name="text" rows="3" required maxlength="10000" aria-label="Answer" placeholder="What support writes"></textarea>
        <div class="row">
          <button type="submit" class="button primary" value="answer">Send answer</button>
          <button type="submit" class="button secondary" value="note">Add internal note</button>
          <label class="state-choice">
            State
            <select .value=${live(state)} @change=${onState}>
              ${TICKET_STATES.map((one) => html`<option value=${one} ?selected=${one === state}>${one}</option>`)}
            </select>
          </label>
        </div>
      </form>
    </details>
  `;
}
