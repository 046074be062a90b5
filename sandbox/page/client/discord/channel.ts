import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { PlaceView } from '../../protocol.ts';
import type { Asked } from '../discord-acts.ts';
import { membersIcon } from '../icons.ts';
import { isAtEnd } from '../keep-place.ts';
import type { Page } from '../page.ts';
import { tour } from '../tour/tour.ts';
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
      ${titleBar(page, place, title)}
      <div
        class="messages"
        role="log"
        aria-label="Messages in ${title}"
        tabindex="0"
        data-channel=${place.channelId}
        @scroll=${(event: Event) => page.noteScroll(isAtEnd(event.currentTarget as HTMLElement))}
      >
        <div class="from-the-bottom">
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
      </div>
      <div class="below">${page.newBelow > 0 ? newMessages(page) : nothing} ${tour(page)} ${composer(page, place)}</div>
    </section>
  `;
}

function titleBar(page: Page, { members }: PlaceView, title: string): TemplateResult {
  const { view, areMembersAskedFor } = page;
  const isOnline = view?.bot.isOnline === true;
  return html`
    <header class="title">
      <h2>${title}</h2>
      <p class="bot-state ${isOnline ? 'online' : 'offline'}">
        <span class="dot" aria-hidden="true"></span>The bot is ${isOnline ? 'online' : 'offline'}
      </p>
      ${
        members.length > 0
          ? html`<button
            type="button"
            class="show-members"
            aria-expanded=${areMembersAskedFor}
            title="Members"
            aria-label="Members"
            @click=${() => page.show({ areMembersAskedFor: !areMembersAskedFor })}
          >
            ${membersIcon}
          </button>`
          : nothing
      }
    </header>
  `;
}

/** Said while one reads further up. */
function newMessages(page: Page): TemplateResult {
  const { newBelow } = page;
  return html`<button type="button" class="new-messages" @click=${() => page.goToEnd()}>
    ${newBelow === 1 ? '1 new message' : `${newBelow} new messages`} <span aria-hidden="true">↓</span>
  </button>`;
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
