import { html, nothing, type TemplateResult } from 'lit-html';
import type { PlaceView } from '../../protocol.ts';
import { directMessagesIcon } from '../icons.ts';
import type { Page } from '../page.ts';
import { firstLetter } from './message/avatar.ts';

/** The rail at the left of Discord's window: direct messages, and the person's servers. */
export function servers(page: Page): TemplateResult {
  const places = page.view?.places ?? [];
  const names = [...new Set(places.map(({ server }) => server))];
  // Direct messages stand above the servers, as at Discord.
  const inOrder = [...names.filter((name) => name === undefined), ...names.filter((name) => name !== undefined)];
  return html`
    <nav class="servers" aria-label="Servers">
      <ul>
        ${inOrder.map((server) => {
          const inside = places.filter((place) => place.server === server);
          return html`<li>${serverButton(page, server, inside)}</li>`;
        })}
      </ul>
    </nav>
  `;
}

function serverButton(page: Page, server: string | undefined, places: readonly PlaceView[]): TemplateResult {
  const name = server ?? 'Direct messages';
  const isHere = page.place?.server === server;
  const isUnread = places.some((place) => page.isUnread(place));
  const [first] = places;
  return html`
    <button
      type="button"
      class="server ${isUnread ? 'unread' : ''}"
      title=${name}
      aria-label=${isUnread ? `${name}, unread` : name}
      aria-current=${isHere ? 'true' : nothing}
      @click=${() => !isHere && first && page.go(first.channelId)}
    >
      ${server === undefined ? directMessagesIcon : initials(server)}
    </button>
  `;
}

/** The first letters of its words, as a server without a picture has them. */
function initials(name: string): string {
  return name
    .split(' ')
    .map((word) => firstLetter(word))
    .join('');
}
