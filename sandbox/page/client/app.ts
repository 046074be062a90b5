import { html, nothing, type TemplateResult } from 'lit-html';
import { classMap } from 'lit-html/directives/class-map.js';
import { channel } from './discord/channel.ts';
import { members } from './discord/members.ts';
import { messageMenu } from './discord/message/message-menu.ts';
import { people } from './discord/people.ts';
import { places } from './discord/places.ts';
import { servers } from './discord/servers.ts';
import { modal } from './discord/writing/modal.ts';
import { inspector } from './inspector/inspector.ts';
import type { Page } from './page.ts';
import { tour } from './tour/tour.ts';

/** The whole page. */
export function app(page: Page): TemplateResult {
  const { half, view } = page;
  return html`
    <header class="top">
      <h1><img src="/icon.svg" alt="" width="24" height="24" /> discord-openticket <span class="badge">sandbox</span></h1>
      ${people(page)}
      ${page.isConnected || !view ? nothing : html`<p class="lost" role="alert">The sandbox does not answer. Start it again with <code>npm run sandbox</code>.</p>`}
    </header>
    <main class=${classMap({ halves: true, [`shows-${half}`]: true })}>
      <section class="discord" aria-label="Discord">${servers(page)} ${places(page)} ${channel(page)} ${members(page)}</section>
      ${inspector(page)}
    </main>
    ${page.guide.running && half === 'inspector' ? html`<div class="tour-beside">${tour(page)}</div>` : nothing}
    <nav class="half-switch" aria-label="Halves of the page">
      <button type="button" aria-pressed=${half === 'discord'} @click=${() => page.show({ half: 'discord' })}>Discord</button>
      <button type="button" aria-pressed=${half === 'inspector'} @click=${() => page.show({ half: 'inspector' })}>
        Inspector
      </button>
    </nav>
    ${messageMenu(page)} ${modal(page)}
    <p class="unseen" role="status">${page.announcement}</p>
  `;
}
