import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { LedgerView } from '../../protocol.ts';
import { exactTime } from '../discord/message/discord-time.ts';

/** What the bot has written down about each submit, before and after its call. Told: the person knows, or a notice waits. */
export function ledger(entries: readonly LedgerView[]): TemplateResult {
  if (entries.length === 0) {
    return html`<p class="hint">Nothing was submitted yet. Each submit gets a record before anything is sent.</p>`;
  }
  return html`${repeat(
    entries,
    ({ id }) => id,
    ({ userName, stages, reference, told, savedAt }) => html`
      <article class="card entry" aria-label="Submit by ${userName}">
        <h3>${userName} <time>${exactTime(savedAt)}</time></h3>
        <ol class="stages">
          ${stages.map((stage) => html`<li class="stage ${stage}">${stage}</li>`)}
        </ol>
        <p>
          ${reference ? html`<b>${reference}</b> · ` : nothing}${told ? 'told' : 'not told yet'}
        </p>
      </article>
    `,
  )}`;
}
