import { html, nothing, type TemplateResult } from 'lit-html';
import type { PlaceView } from '../../protocol.ts';
import type { Page } from '../page.ts';
import { avatar } from './message/avatar.ts';

/** The channels of the server that one looks at, or the direct messages with the bot; oneself below. */
export function places(page: Page): TemplateResult {
  const here = page.place;
  const all = (page.view?.places ?? []).filter(({ server }) => server === here?.server);
  return html`
    <nav class="places" aria-label="Channels">
      <section>
        <h2>${here?.server ?? 'Direct messages'}</h2>
        <ul>
          ${all.map((place) => html`<li>${placeButton(page, place)}</li>`)}
        </ul>
      </section>
      ${page.view ? oneself(page) : nothing}
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

/** Who one is, where Discord shows it. The switch between people stands above. */
function oneself(page: Page): TemplateResult {
  const { person } = page;
  return html`
    <p class="oneself">
      ${avatar(person?.name ?? '')}
      <span><b>${person?.name}</b> <small>${person?.role}</small></span>
    </p>
  `;
}
