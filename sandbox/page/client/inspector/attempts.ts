import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { AttemptView } from '../../protocol.ts';
import { exactTime } from '../discord/message/discord-time.ts';

/** What the bot has written down about each attempt, before and after its call. Delivered: the person has the outcome. */
export function attempts(views: readonly AttemptView[]): TemplateResult {
  if (views.length === 0) {
    return html`<p class="hint">Nothing was submitted yet. Each submit gets a record before anything is sent.</p>`;
  }
  return html`${repeat(
    views,
    ({ id }) => id,
    ({ userName, stages, reference, isDelivered, receivedAt }) => html`
      <article class="card entry" aria-label="Submit by ${userName}">
        <h3>${userName} <time>${exactTime(receivedAt)}</time></h3>
        <ol class="stages">
          ${stages.map((stage) => html`<li class="stage ${stage.split(':')[0] ?? ''}">${stage}</li>`)}
        </ol>
        <p>
          ${reference ? html`<b>${reference}</b> · ` : nothing}${isDelivered ? 'delivered' : 'not delivered yet'}
        </p>
      </article>
    `,
  )}`;
}
