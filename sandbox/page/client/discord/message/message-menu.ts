import { html, nothing, type TemplateResult } from 'lit-html';
import { keyed } from 'lit-html/directives/keyed.js';
import { ref } from 'lit-html/directives/ref.js';
import type { Page } from '../../page.ts';
import { openDialog } from '../writing/open-dialog.ts';

/** Pixels that the menu keeps from the edges of the window. */
const MARGIN = 8;

/** The commands for one message: Discord shows them under Apps, after a right click. */
export function messageMenu(page: Page): TemplateResult | typeof nothing {
  const { menu, place } = page;
  if (!menu || !place) return nothing;
  const commands = place.commands.filter(({ kind }) => kind === 'message');
  const onClose = () => {
    // A dialog tells later that it was closed: another menu may be open by then.
    if (page.menu === menu) page.show({ menu: undefined });
  };
  // Closed and not just taken away, so that the browser gives the focus back.
  const close = (event: Event) => (event.currentTarget as HTMLElement).closest('dialog')?.close();
  // A dialog, so that the browser keeps the focus within and gives it back afterwards.
  return html`${keyed(
    menu,
    html`
      <dialog
        class="menu"
        aria-label="Apps"
        @close=${onClose}
        @click=${(event: MouseEvent) => {
          if (event.target === event.currentTarget) close(event);
        }}
        @keydown=${onKey}
        ${ref((element) => openDialog(element, (dialog) => moveTo(dialog, menu.x, menu.y)))}
      >
        <div role="menu" aria-label="Apps">
          <p class="hint" role="presentation">Apps</p>
          ${commands.map(
            ({ name }) => html`
              <button
                type="button"
                role="menuitem"
                @click=${() => page.useMessageCommand(place.channelId, name, menu.messageId)}
              >
                ${name}
              </button>
            `,
          )}
          ${
            commands.length === 0
              ? html`<button type="button" role="menuitem" @click=${close}>Nothing here for you. Close</button>`
              : nothing
          }
        </div>
      </dialog>
    `,
  )}`;
}

function moveTo(dialog: HTMLDialogElement, x: number, y: number): void {
  const { width, height } = dialog.getBoundingClientRect();
  dialog.style.left = `${Math.max(MARGIN, Math.min(x, innerWidth - width - MARGIN))}px`;
  dialog.style.top = `${Math.max(MARGIN, Math.min(y, innerHeight - height - MARGIN))}px`;
}

function onKey(event: KeyboardEvent): void {
  const items = [...(event.currentTarget as HTMLElement).querySelectorAll('button')];
  const index = items.indexOf(document.activeElement as HTMLButtonElement);
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  items[(index + step + items.length) % items.length]?.focus();
}
