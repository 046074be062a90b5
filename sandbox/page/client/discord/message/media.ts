import { html, type TemplateResult } from 'lit-html';

/** A picture, a video or a file by its name and its link: the page fetches nothing from elsewhere. */
export function media(name: string, url: string | undefined): TemplateResult {
  if (!url) return html``;
  const isWeb = /^https?:/.test(url);
  return html`<p class="media">${isWeb ? html`<a href=${url} target="_blank" rel="noreferrer">${name}</a>` : name}</p>`;
}
