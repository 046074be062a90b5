import { html, nothing, type TemplateResult } from 'lit-html';
import type { SwitchView } from '../../protocol.ts';
import type { Page } from '../page.ts';

/** The switches for all that can go wrong. */
export function faults(page: Page, switches: readonly SwitchView[]): TemplateResult {
  const on = switches.filter(({ isOn }) => isOn);
  return html`
    <section class="faults" aria-labelledby="faults-title">
      <h2 id="faults-title">Let something go wrong</h2>
      <ul>
        ${switches.map((one) => html`<li>${control(page, one)}</li>`)}
      </ul>
      ${
        on.length === 0
          ? nothing
          : html`<p class="wrong">${on.map(({ label, explanation }) => html`<span><b>${label}.</b> ${explanation}</span> `)}</p>`
      }
    </section>
  `;
}

function control(page: Page, one: SwitchView): TemplateResult {
  const { name, label, explanation, kind, isOn } = one;
  const help = `fault-${name}`;
  const turn = () => page.turn(one);
  return html`
    ${
      kind === 'lasting'
        ? html`<button
          type="button"
          class="switch"
          role="switch"
          aria-checked=${isOn}
          aria-describedby=${help}
          title=${explanation}
          @click=${turn}
        >
          <span class="track" aria-hidden="true"></span>${label}
        </button>`
        : html`<button type="button" class="switch moment" aria-describedby=${help} title=${explanation} @click=${turn}>
          <span class="bolt" aria-hidden="true">⚡</span>${label}
        </button>`
    }
    <span class="unseen" id=${help}>${explanation}</span>
  `;
}
