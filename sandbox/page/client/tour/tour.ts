import { html, type TemplateResult } from 'lit-html';
import type { Page } from '../page.ts';
import { factsOf } from './facts.ts';
import type { RunningTour } from './tour-guide.ts';
import { TOURS } from './tours.ts';

/** A first minute: three things to try, and while one is tried, the sentence that says what to do next. */
export function tour(page: Page): TemplateResult {
  const { running } = page.guide;
  return html`<section class="tour" aria-label="A first minute">${running ? sentence(page, running) : choice(page)}</section>`;
}

function choice(page: Page): TemplateResult {
  return html`
    <span class="tour-title">A first minute</span>
    ${TOURS.map(
      ({ sign, title, shortTitle }, index) => html`
        <button type="button" class="tour-chip" @click=${() => page.beginTour(index)}>
          <span aria-hidden="true">${sign}</span> <span class="wide">${title}</span><span class="narrow">${shortTitle}</span>
        </button>
      `,
    )}
  `;
}

function sentence(page: Page, { tour: { sign, steps, end }, step }: RunningTour): TemplateResult {
  const current = steps[step];
  return html`
    <p role="status">
      <span class="tour-step">${sign} ${current ? `${step + 1} of ${steps.length}` : 'Done'}</span>
      ${current?.sentence ?? end(factsOf(page))}
    </p>
    <button type="button" class="tour-chip" @click=${() => page.leaveTour()}>${current ? 'Leave' : 'Close'}</button>
  `;
}
