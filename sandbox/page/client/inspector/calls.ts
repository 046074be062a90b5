import { html, nothing, type TemplateResult } from 'lit-html';
import type { CallView } from '../../protocol.ts';
import { exactTime } from '../discord/message/discord-time.ts';

/** What the helpdesk's stand-in calls the end of a call, in words. What is not here is said as it is. */
const RESULTS: Readonly<Record<string, string>> = {
  value: 'answer',
  pending: 'no answer yet',
  late: 'late answer',
  hang: 'no answer in time',
  reset: 'connection cut',
  cut: 'answer cut off',
  warning: 'answer with warnings',
  compressed: 'compressed answer',
  http: 'web page',
  fault: 'SOAP fault',
  nil: 'empty answer',
  string: 'other text',
  ticket: 'answer of the fault',
  status: 'answer of the fault',
  'backend-down': 'ticket system down',
  expired: 'session expired',
  crash: 'server crashed',
  firewall: 'refused by a firewall',
};

const GOOD: ReadonlySet<string> = new Set(['value', 'late', 'compressed']);

/** The SOAP calls that arrived at the helpdesk. Passwords and sessions are masked. */
export function calls(all: readonly CallView[]): TemplateResult {
  if (all.length === 0) return html`<p class="hint">The bot has called nobody yet: its first ticket logs in.</p>`;
  return html`${all.map(
    ({ operation, args, startedAt, durationMs, result }) => html`
      <details class="card call">
        <summary>
          <b>${operation}</b>
          <span class="result ${GOOD.has(result) ? 'good' : result === 'pending' ? 'pending' : ''}">${RESULTS[result] ?? result}</span>
          <span>${durationMs === undefined ? 'under way' : `${durationMs} ms`}</span>
          <time>${exactTime(startedAt)}</time>
        </summary>
        <dl>
          ${args.map(
            ({ name, value }) => html`<dt>${name}</dt>
              <dd>${value === '' ? html`<i>empty</i>` : value}</dd>`,
          )}
        </dl>
        ${args.length === 0 ? html`<p class="hint">no arguments</p>` : nothing}
      </details>
    `,
  )}`;
}
