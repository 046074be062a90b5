import { html, nothing, type TemplateResult } from 'lit-html';
import type { PlaceView } from '../../protocol.ts';
import type { Page } from '../page.ts';

/** The channels of the person's servers, and the direct messages with the bot. */
export function places(page: Page): TemplateResult {
  const all = page.view?.places ?? [];
  const servers = [...new Set(all.map(({ server }) => server))];
  return html`
    <nav class="places" aria-label="Channels">
      ${servers.map(
        (server) => html`
          <section>
            <h2>${server ?? 'Direct messages'}</h2>
            <ul>
              ${all.filter((place) => place.server === server).map((place) => html`<li>${placeButton(page, place)}</li>`)}
            </ul>
          </section>
        `,
      )}
      ${
        page.view
          ? html`<p class="bot-state ${page.view.bot.isOnline ? 'online' : 'offline'}">
            <span class="dot" aria-hidden="true"></span>The bot is ${page.view.bot.isOnline ? 'online' : 'offline'}
          </p>`
          : nothing
      }
    </nav>
  `;
}

function placeButton(page: Page, place: PlaceView): TemplateResult {
  const isHere = place.channelId === page.place?.channelId;
  const isUnread = page.isUnread(place);
  return html`
    <button
      type="button"
      class=${isUnread ? 'unread' : ''}
      aria-current=${isHere ? 'page' : nothing}
      aria-label=${isUnread ? `${place.name}, unread` : place.name}
      @click=${() => page.go(place.channelId)}
    >
      <span class="sign" aria-hidden="true">${place.server ? '#' : '@'}</span>${place.name}
    </button>
  `;
}
