import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { TicketView } from '../../protocol.ts';
import { exactTime } from '../discord/message/discord-time.ts';
import type { Page } from '../page.ts';

/** The tickets as the helpdesk has them. */
export function tickets(page: Page, all: readonly TicketView[]): TemplateResult {
  if (all.length === 0) {
    return html`<p class="hint">No ticket yet. Type <code>/ticket</code> in #help, as ada.</p>`;
  }
  return html`${repeat(
    all,
    ({ reference }) => reference,
    (ticket) => html`
      <article class="card ${ticket.reference === page.highlightedTicket ? 'highlighted' : ''}" aria-label="Ticket ${ticket.reference}">
        <h3>${ticket.reference} <time>${exactTime(ticket.createdAt)}</time></h3>
        ${
          ticket.submission > 1
            ? html`<p class="warning">The same text was a ticket before: this is number ${ticket.submission}.</p>`
            : nothing
        }
        <dl>
          <dt>Subject</dt>
          <dd>${ticket.subject}</dd>
          <dt>Product</dt>
          <dd>${ticket.product || '–'}</dd>
          <dt>Requester</dt>
          <dd>${ticket.requesterEmail}</dd>
          <dt>IP</dt>
          <dd>${ticket.userIp}</dd>
        </dl>
        <pre tabindex="0" aria-label="Body of ${ticket.reference}">${ticket.body}</pre>
      </article>
    `,
  )}`;
}
