import { html, nothing, type TemplateResult } from 'lit-html';
import type { CallView } from '../../protocol.ts';
import { exactTime } from '../discord/message/discord-time.ts';

/** The arguments of each operation, in the order in which they travel. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  api_login: ['username', 'password'],
  api_get_ima: ['sid'],
  api_openTicket: ['sid', 'user_email', 'user_ip', 'subject', 'product', 'body', 'box_auth_value'],
};

/** The SOAP calls that arrived at the helpdesk. Passwords and sessions are masked. */
export function calls(all: readonly CallView[]): TemplateResult {
  if (all.length === 0) return html`<p class="hint">The bot has called nobody yet: its first ticket logs in.</p>`;
  return html`${all.map(
    ({ operation, values, startedAt, durationMs, result }) => html`
      <details class="card call">
        <summary>
          <b>${operation}</b>
          <span class="result ${result}">${result}</span>
          <span>${durationMs === undefined ? 'under way' : `${durationMs} ms`}</span>
          <time>${exactTime(startedAt)}</time>
        </summary>
        <dl>
          ${values.map(
            (value, index) => html`<dt>${ARGUMENTS[operation]?.[index] ?? index}</dt>
              <dd>${value === '' ? html`<i>empty</i>` : value}</dd>`,
          )}
        </dl>
        ${values.length === 0 ? html`<p class="hint">no arguments</p>` : nothing}
      </details>
    `,
  )}`;
}
