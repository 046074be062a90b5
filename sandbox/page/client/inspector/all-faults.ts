import { html, nothing, type TemplateResult } from 'lit-html';
import type { FaultGroupView } from '../../protocol.ts';
import type { Page } from '../page.ts';
import { explanationOf, faultControl } from './fault-controls.ts';

/** Everything that the stand-ins can do wrong, in groups, with what happens in words. */
export function allFaults(page: Page): TemplateResult {
  return html`${page.faults.map((group, index) => section(page, group, `fault-group-${index}`))}`;
}

function section(page: Page, { title, note, switches }: FaultGroupView, id: string): TemplateResult {
  return html`
    <section class="fault-group" aria-labelledby=${id}>
      <h3 id=${id}>${title}</h3>
      ${note && switches.length > 1 ? html`<p class="hint">${note}</p>` : nothing}
      <ul>
        ${switches.map((one) => html`<li>${faultControl(page, one)} ${explanationOf(one, true)}</li>`)}
      </ul>
    </section>
  `;
}
