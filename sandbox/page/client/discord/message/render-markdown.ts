import { html, nothing, type TemplateResult } from 'lit-html';
import { discordTime } from './discord-time.ts';
import { type Block, type Inline, parseMarkdown } from './markdown.ts';

/** Shows Discord's markdown. @param names By account or channel ID, for mentions. */
export function renderMarkdown(source: string, names: Readonly<Record<string, string>>): TemplateResult {
  return html`<div class="markdown">${parseMarkdown(source).map((block) => renderBlock(block, names))}</div>`;
}

function renderBlock(block: Block, names: Readonly<Record<string, string>>): TemplateResult {
  switch (block.kind) {
    case 'paragraph':
      return html`<p>${inline(block.children, names)}</p>`;
    case 'heading':
      return html`<p class="heading level-${block.level}">${inline(block.children, names)}</p>`;
    case 'small':
      return html`<p class="small">${inline(block.children, names)}</p>`;
    case 'item':
      return html`<p class="item"><span class="mark" aria-hidden="true">${block.mark}</span><span>${inline(block.children, names)}</span></p>`;
    case 'quote':
      return html`<blockquote>${block.children.map((child) => renderBlock(child, names))}</blockquote>`;
    case 'code':
      return html`<pre class="code" tabindex="0">${block.text}</pre>`;
  }
}

function inline(parts: readonly Inline[], names: Readonly<Record<string, string>>): unknown {
  return parts.map((part) => renderInline(part, names));
}

function renderInline(part: Inline, names: Readonly<Record<string, string>>): TemplateResult | string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'code':
      return html`<code>${part.text}</code>`;
    case 'bold':
      return html`<strong>${inline(part.children, names)}</strong>`;
    case 'italic':
      return html`<em>${inline(part.children, names)}</em>`;
    case 'underline':
      return html`<u>${inline(part.children, names)}</u>`;
    case 'strike':
      return html`<s>${inline(part.children, names)}</s>`;
    case 'spoiler':
      return html`<span class="spoiler" role="button" tabindex="0" aria-pressed="false" @click=${showSpoiler} @keydown=${showSpoiler}>${inline(part.children, names)}</span>`;
    case 'link':
      return renderLink(part, names);
    case 'mention':
      return html`<span class="mention">@${names[part.id] ?? 'unknown'}</span>`;
    case 'channel':
      return html`<span class="mention">#${names[part.id] ?? 'No Access'}</span>`;
    case 'time':
      return html`<time class="timestamp" datetime=${isoTime(part.at) ?? nothing}>${discordTime(part.at, part.style)}</time>`;
  }
}

/** Shown until the page is drawn anew from nothing, as in Discord: nobody hides it again. */
function showSpoiler(event: Event): void {
  if (event instanceof KeyboardEvent && event.key !== 'Enter' && event.key !== ' ') return;
  event.preventDefault();
  (event.currentTarget as HTMLElement).ariaPressed = 'true';
}

/** A link to a message of this sandbox leads nowhere else, so it is shown and cannot be followed. */
function renderLink(part: Extract<Inline, { kind: 'link' }>, names: Readonly<Record<string, string>>): TemplateResult {
  if (part.url.startsWith('https://discord.com/channels/')) {
    return html`<span class="mention" title=${part.url}>a message</span>`;
  }
  const isOwn = part.url.startsWith(location.origin);
  return html`<a href=${part.url} target=${isOwn ? nothing : '_blank'} rel="noreferrer">${inline(part.children, names)}</a>`;
}

function isoTime(seconds: number): string | undefined {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
