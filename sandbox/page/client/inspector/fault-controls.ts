import { html, nothing, type TemplateResult } from 'lit-html';
import type { SwitchView } from '../../protocol.ts';
import { exactTime } from '../discord/message/discord-time.ts';
import type { Page } from '../page.ts';

/** What turns one fault on and off, or makes it happen; it says that it was pressed. */
export function faultControl(page: Page, one: SwitchView): TemplateResult {
  const { name, label, explanation, kind, isOn, happenedAt } = one;
  const describedBy = explanation === undefined ? nothing : aboutId(name);
  const turn = () => page.turn(one);
  if (kind === 'moment') {
    return html`<button type="button" class="switch moment" aria-describedby=${describedBy} @click=${turn}>
      <span class="bolt" aria-hidden="true">⚡</span>
      <span>${label}${happenedAt === undefined ? nothing : html` <span class="happened">✓ ${exactTime(happenedAt)}</span>`}</span>
    </button>`;
  }
  return html`<button
    type="button"
    class="switch"
    role="switch"
    aria-checked=${isOn}
    aria-describedby=${describedBy}
    @click=${turn}
  >
    <span class="track" aria-hidden="true"></span><span>${label}</span>
  </button>`;
}

/** What happens, in words. @param isSeen Where there is no room for all of them, only screen readers read it. */
export function explanationOf({ name, explanation }: SwitchView, isSeen: boolean): TemplateResult | typeof nothing {
  if (explanation === undefined) return nothing;
  return html`<span class=${isSeen ? 'explanation' : 'unseen'} id=${aboutId(name)}>${explanation}</span>`;
}

function aboutId(name: string): string {
  return `about-${name.replace(':', '-')}`;
}

export function resetButton(page: Page): TemplateResult {
  return html`<button type="button" class="small-button" @click=${() => page.resetFaults()}>Reset</button>`;
}
