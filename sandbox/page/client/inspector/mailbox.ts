import { html, nothing, type TemplateResult } from 'lit-html';
import type { MailView } from '../../protocol.ts';
import type { CopiedCode, Page } from '../page.ts';

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
            : html`<p class="copy">
              <button type="button" class="button primary" @click=${() => page.copy(code)}>Copy code ${code}</button>
              ${page.copied?.code === code ? outcome(page.copied) : nothing}
            </p>`
        }
        <pre tabindex="0" aria-label="Text of the mail">${text}</pre>
      </article>
    `,
  )}`;
}

function outcome({ isCopied }: CopiedCode): TemplateResult {
  return isCopied
    ? html`<span class="copied">✓ Copied</span>`
    : html`<span>This browser does not let a page copy: select the code below.</span>`;
}
