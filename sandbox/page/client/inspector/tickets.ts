import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { PostView, TicketView } from '../../protocol.ts';
import { exactTime } from '../discord/message/discord-time.ts';
import type { Page } from '../page.ts';
import { supportForm } from './support-form.ts';

/** The tickets as the helpdesk has them, and what support can do with them. */
export function tickets(page: Page, all: readonly TicketView[]): TemplateResult {
  if (all.length === 0) {
    return html`<p class="hint">No ticket yet. Type <code>/ticket</code> in #help, as ada.</p>`;
  }
  return html`${repeat(
    all,
    ({ reference }) => reference,
    (ticket) => card(page, ticket),
  )}`;
}

function card(page: Page, ticket: TicketView): TemplateResult {
  const { reference, state, submission, posts } = ticket;
  const [body, ...later] = posts;
  return html`
    <article class="card ${reference === page.highlightedTicket ? 'highlighted' : ''}" aria-label="Ticket ${reference}">
      <h3>
        <span>${reference} <span class="state state-${state.replace(' ', '-').toLowerCase()}">${state}</span></span>
        <time>${exactTime(ticket.createdAt)}</time>
      </h3>
      ${
        submission > 1
          ? html`<p class="warning">The same text was a ticket before: this is number ${submission}.</p>`
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
      ${productNote(ticket)}
      <pre tabindex="0" aria-label="Body of ${reference}">${body?.contents ?? ticket.body}</pre>
      ${later.length > 0 ? html`<ol class="posts" aria-label="Posts of ${reference}">${later.map(post)}</ol>` : nothing}
      ${supportForm(page, ticket)}
    </article>
  `;
}

/** The bot sends the product once, in a field of its own. That it is read again here is the helpdesk's doing. */
function productNote({ product, subject }: TicketView): TemplateResult | typeof nothing {
  if (product === '') return nothing;
  const isBeforeSubject = subject.startsWith(`${product} : `);
  return html`<p class="product-note">
    The bot sends “${product}” once, as the product. The helpdesk itself also writes it above the
    text${isBeforeSubject ? ' and before a subject of under 30 characters' : ''}.
  </p>`;
}

function post({ authorName, isSupport, isPrivate, writtenAt, contents }: PostView): TemplateResult {
  return html`<li class="post ${isPrivate ? 'private' : ''}">
    <p>
      <b>${authorName}</b> ${isPrivate ? html`<span class="note-badge">internal note</span>` : isSupport ? 'of support' : 'wrote'}
      <time>${exactTime(writtenAt)}</time>
    </p>
    <p class="contents">${contents}</p>
  </li>`;
}
