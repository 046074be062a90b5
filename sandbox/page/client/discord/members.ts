import { html, nothing, type TemplateResult } from 'lit-html';
import type { MemberView } from '../../protocol.ts';
import type { Page } from '../page.ts';
import { avatar } from './message/avatar.ts';

/** The list of those who see the channel, at the right of its messages. */
export function members(page: Page): TemplateResult | typeof nothing {
  const all = page.place?.members ?? [];
  if (all.length === 0) return nothing;
  const groups = [...new Set(all.map(({ group }) => group))];
  return html`
    <aside class="members ${page.areMembersAskedFor ? 'asked-for' : ''}" aria-label="Members" tabindex="0">
      ${groups.map((group) => {
        const inside = all.filter((member) => member.group === group);
        return html`
          <section>
            <h3>${group} — ${inside.length}</h3>
            <ul>
              ${inside.map(row)}
            </ul>
          </section>
        `;
      })}
    </aside>
  `;
}

function row({ name, isBot, isOnline }: MemberView): TemplateResult {
  return html`<li class=${isOnline ? '' : 'offline'}>
    ${avatar(name, isBot)}<span>${name}</span>${isBot ? html`<span class="app">APP</span>` : nothing}
  </li>`;
}
