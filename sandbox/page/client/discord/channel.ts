import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Asked, Page } from '../page.ts';
import { message } from './message/message.ts';
import { composer } from './writing/composer.ts';

/** The channel on the screen: its messages, and where one writes. */
export function channel(page: Page): TemplateResult {
  const { place } = page;
  if (!place) return html`<section class="channel" aria-busy="true"></section>`;
  const title = `${place.server ? '#' : '@'}${place.name}`;
  const asked = page.asked.filter(({ channelId }) => channelId === place.channelId);
  return html`
    <section class="channel" aria-label=${title}>
      <h2 class="title">${title}</h2>
      <div class="messages" role="log" aria-label="Messages in ${title}" tabindex="0" data-channel=${place.channelId}>
        ${place.messages.length === 0 ? html`<p class="hint">${emptyHint(place.server)}</p>` : nothing}
        ${repeat(
          place.messages,
          ({ id }) => id,
          (one, index) => message(page, one, place.messages[index - 1]),
        )}
        ${repeat(
          asked,
          ({ id }) => id,
          (one) => askedLine(page, one),
        )}
      </div>
      ${composer(page, place)}
    </section>
  `;
}

function emptyHint(server: string | undefined): string {
  return server
    ? 'Nothing was written here yet.'
    : 'Commands work here, too: type / to see them. What the bot sends by direct message appears here.';
}

function askedLine(page: Page, asked: Asked): TemplateResult {
  if (asked.failure === undefined) return html`<p class="asked" role="status">Sending ${asked.what}…</p>`;
  return html`
    <div class="asked failed" role="alert">
      <span>${asked.what}: ${asked.failure}</span>
      <button type="button" class="plain" @click=${() => page.forget(asked)}>Dismiss</button>
    </div>
  `;
}
