import { html, nothing, type TemplateResult } from 'lit-html';
import type { MailView } from '../../protocol.ts';
import type { Page } from '../page.ts';

/** The mails that the bot sent, with their codes. */
export function mailbox(page: Page, mails: readonly MailView[]): TemplateResult {
  if (mails.length === 0) {
    return html`<p class="hint">No mail yet. Codes arrive here: type <code>/link</code> and give any address.</p>`;
  }
  return html`${mails.map(
    ({ to, subject, text, code }) => html`
      <article class="card" aria-label="Mail to ${to}">
        <h3>${subject}</h3>
        <p class="to">to ${to}</p>
        ${
          code === undefined
            ? nothing
            : html`<button type="button" class="button primary" @click=${() => copy(page, code)}>Copy code ${code}</button>`
        }
        <pre tabindex="0" aria-label="Text of the mail">${text}</pre>
      </article>
    `,
  )}`;
}

async function copy(page: Page, code: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(code);
    page.say(`Copied ${code}`);
  } catch {
    page.say(`This browser does not let a page copy. The code is ${code}`);
  }
}
