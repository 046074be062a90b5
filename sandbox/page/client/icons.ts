import { html, type TemplateResult } from 'lit-html';

/** Small pictures that are drawn by the page itself. Whoever uses one says beside it in words what it means. */

/** An eye: for what one person alone can see. */
export const eyeIcon: TemplateResult = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
  <path
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    d="M2 12c2.5-4.5 6-7 10-7s7.5 2.5 10 7c-2.5 4.5-6 7-10 7s-7.5-2.5-10-7Z"
  />
  <circle cx="12" cy="12" r="3.2" fill="currentColor" />
</svg>`;

/** An i in a circle: for what one should know. */
export const noticeIcon: TemplateResult = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
  <circle cx="12" cy="12" r="10" fill="none" stroke="currentColor" stroke-width="2" />
  <path fill="currentColor" d="M11 10.5h2V17h-2zM11 7h2v2h-2z" />
</svg>`;

/** Two speech bubbles: the way to direct messages. */
export const directMessagesIcon: TemplateResult = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
  <path fill="currentColor" d="M3 4h12a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H8l-4 3v-3H3a2 2 0 0 1-2-2V6c0-1.1.9-2 2-2Z" />
  <path fill="currentColor" d="M19 8h2a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2v3l-4-3h-5a2 2 0 0 1-2-2h7a2 2 0 0 0 2-2V8Z" />
</svg>`;

/** Two people: the list of members. */
export const membersIcon: TemplateResult = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
  <circle cx="9" cy="8" r="4" fill="currentColor" />
  <path fill="currentColor" d="M1 20c0-4 3.5-6.5 8-6.5s8 2.5 8 6.5Z" />
  <path fill="currentColor" d="M16 4.2a4 4 0 0 1 0 7.6 5.6 5.6 0 0 0 0-7.6ZM18.8 20H23c0-3.3-2-5.6-5-6.3.6 1.3.8 3.3.8 6.3Z" />
</svg>`;
