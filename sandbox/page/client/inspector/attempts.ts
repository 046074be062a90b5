import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { AttemptView } from '../../protocol.ts';
import { exactTime } from '../discord/message/discord-time.ts';

/** What the last stage of an attempt means. */
const MEANINGS: Readonly<Record<string, string>> = {
  received: 'The text is saved, and not sent yet.',
  sending: 'The call to the helpdesk is under way.',
  opened: 'The helpdesk has said that it took it.',
  refused: 'The helpdesk said no: nothing was opened.',
  unreachable: 'The helpdesk was not reached: nothing was opened.',
  unconfirmed: 'It was sent, and no clear answer came: it may be there or not.',
  'not-sent': 'It was not sent.',
};

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
          ${stages.map((stage) => html`<li class="stage ${kindOf(stage)}">${stage}</li>`)}
        </ol>
        <p>${MEANINGS[kindOf(stages.at(-1) ?? '')] ?? ''} ${reference ? html`<b>${reference}</b>` : nothing}</p>
        <p class="hint">
          ${isDelivered ? 'Delivered: this outcome stands in the person’s Discord.' : 'Not delivered yet: the person does not know of it.'}
        </p>
      </article>
    `,
  )}`;
}

/** Without the reason. */
function kindOf(stage: string): string {
  return stage.split(':')[0] ?? '';
}
