import { html, nothing, type TemplateResult } from 'lit-html';
import type { InspectorView } from '../../protocol.ts';
import { type Page, TABS, type Tab } from '../page.ts';
import { allFaults } from './all-faults.ts';
import { attempts } from './attempts.ts';
import { calls } from './calls.ts';
import { frequentFaults } from './frequent-faults.ts';
import { log } from './log.ts';
import { mailbox } from './mailbox.ts';
import { tickets } from './tickets.ts';

const TITLES: Readonly<Record<Tab, string>> = {
  tickets: 'Tickets',
  mailbox: 'Mailbox',
  attempts: 'Attempts',
  calls: 'Calls',
  log: 'Log',
  faults: 'Faults',
};

/** What happens outside of Discord, and what can be made to go wrong there. */
export function inspector(page: Page): TemplateResult {
  const { inspector: view, tab } = page;
  return html`
    <section class="inspector" aria-label="Inspector">
      ${
        view
          ? html`
            ${frequentFaults(page)}
            <div class="tabs" role="tablist" aria-label="What happened" @keydown=${(event: KeyboardEvent) => onKey(event, page)}>
              ${TABS.map((name) => tabButton(page, name, view))}
            </div>
            <div class="panel" role="tabpanel" id="panel" aria-labelledby="tab-${tab}" tabindex="0">${content(page, tab, view)}</div>
          `
          : nothing
      }
    </section>
  `;
}

function tabButton(page: Page, name: Tab, view: InspectorView): TemplateResult {
  const isChosen = page.tab === name;
  const count = counts(view)[name];
  return html`
    <button
      type="button"
      role="tab"
      id="tab-${name}"
      aria-selected=${isChosen}
      aria-controls="panel"
      tabindex=${isChosen ? 0 : -1}
      @click=${() => page.show({ tab: name })}
    >
      ${TITLES[name]}${!count ? nothing : html` <span class="count">${count}</span>`}
    </button>
  `;
}

function counts({ tickets, mails, attempts, calls }: InspectorView): Partial<Record<Tab, number>> {
  return { tickets: tickets.length, mailbox: mails.length, attempts: attempts.length, calls: calls.length };
}

function onKey(event: KeyboardEvent, page: Page): void {
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const next = TABS[(TABS.indexOf(page.tab) + step + TABS.length) % TABS.length];
  if (!next) return;
  page.show({ tab: next });
  document.getElementById(`tab-${next}`)?.focus();
}

function content(page: Page, tab: Tab, view: InspectorView): TemplateResult {
  switch (tab) {
    case 'tickets':
      return tickets(page, view.tickets);
    case 'mailbox':
      return mailbox(page, view.mails);
    case 'attempts':
      return attempts(view.attempts);
    case 'calls':
      return calls(view.calls);
    case 'log':
      return log(view.log);
    case 'faults':
      return allFaults(page);
  }
}
