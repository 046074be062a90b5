import { html, nothing, type TemplateResult } from 'lit-html';
import type { SwitchView } from '../../protocol.ts';
import { exactTime } from '../discord/message/discord-time.ts';
import type { Page } from '../page.ts';
import { explanationOf, faultControl, resetButton } from './fault-controls.ts';

/** What one wants to see go wrong first, what is wrong at the moment, and the way to everything else. */
export function frequentFaults(page: Page): TemplateResult {
  const all = page.faults.flatMap(({ switches }) => switches);
  const isListOpen = page.tab === 'faults';
  return html`
    <section class="faults" aria-labelledby="faults-title">
      <div class="faults-head">
        <h2 id="faults-title">Let something go wrong</h2>
        ${resetButton(page)}
        <button type="button" class="small-button" ?hidden=${isListOpen} @click=${() => page.show({ tab: 'faults' })}>
          All ${all.length} faults
        </button>
      </div>
      ${
        isListOpen
          ? nothing
          : html`<ul>
            ${all.filter(({ isFrequent }) => isFrequent).map((one) => html`<li>${faultControl(page, one)} ${explanationOf(one, false)}</li>`)}
          </ul>`
      }
      ${inForce(all.filter(({ isOn }) => isOn))} ${circuit(page)}
    </section>
  `;
}

function inForce(on: readonly SwitchView[]): TemplateResult | typeof nothing {
  if (on.length === 0) return nothing;
  return html`<p class="wrong">
    ${on.map(({ label, explanation }) => html`<span><b>${label}.</b> ${explanation}</span> `)}
  </p>`;
}

/** How long the bot goes on to leave a helpdesk alone that may be back already. */
function circuit(page: Page): TemplateResult | typeof nothing {
  const until = page.inspector?.circuitOpenUntil;
  if (until === undefined) return nothing;
  const seconds = Math.ceil((until - Date.now()) / 1000);
  return html`<p class="wrong circuit">
    ${
      seconds > 0
        ? html`<b>The bot leaves the helpdesk alone for ${seconds} more ${seconds === 1 ? 'second' : 'seconds'}</b>, until
          ${exactTime(until)}: it has failed five times in a row. What is submitted meanwhile is kept, and not sent.`
        : html`<b>The next submit tries the helpdesk again.</b> When that goes well, everything is as before.`
    }
  </p>`;
}
