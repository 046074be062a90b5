import { html, type TemplateResult } from 'lit-html';
import type { Page } from '../page.ts';
import { avatar } from './message/avatar.ts';

/** The switch between the people whom one can be. */
export function people(page: Page): TemplateResult {
  return html`
    <fieldset class="people">
      <legend>You are</legend>
      ${page.people.map(
        ({ id, name, role }) => html`
          <label class="person" title="${name}, ${role}">
            <input type="radio" name="person" .checked=${id === page.personId} @change=${() => page.be(id)} />
            ${avatar(name)}
            <span class="who">${name} <small>${role}</small></span>
          </label>
        `,
      )}
    </fieldset>
  `;
}
