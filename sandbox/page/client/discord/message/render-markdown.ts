import { html, nothing, type TemplateResult } from 'lit-html';
import { discordTime } from './discord-time.ts';
import { type Block, type Inline, parseMarkdown } from './markdown.ts';

/** What the meaning of a text depends on. */
export interface Surroundings {
  /** By account or channel ID, for mentions. */
  readonly names: Readonly<Record<string, string>>;
  /** Milliseconds since 1970, for times such as "in 3 minutes". */
  readonly now: number;
}

/** Shows Discord's markdown. */
export function renderMarkdown(source: string, around: Surroundings): TemplateResult {
  return html`<div class="markdown">${parseMarkdown(source).map((block) => renderBlock(block, around))}</div>`;
}

function renderBlock(block: Block, around: Surroundings): TemplateResult {
  switch (block.kind) {
    case 'paragraph':
      return html`<p>${inline(block.children, around)}</p>`;
    case 'heading':
      return html`<p class="heading level-${block.level}">${inline(block.children, around)}</p>`;
    case 'small':
      return html`<p class="small">${inline(block.children, around)}</p>`;
    case 'item':
      return html`<p class="item"><span class="mark" aria-hidden="true">${block.mark}</span><span>${inline(block.children, around)}</span></p>`;
    case 'quote':
      return html`<blockquote>${block.children.map((child) => renderBlock(child, around))}</blockquote>`;
    case 'code':
      return html`<pre class="code" tabindex="0">${block.text}</pre>`;
  }
}

function inline(parts: readonly Inline[], around: Surroundings): unknown {
  return parts.map((part) => renderInline(part, around));
}

function renderInline(part: Inline, around: Surroundings): TemplateResult | string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'code':
      return html`<code>${part.text}</code>`;
    case 'bold':
      return html`<strong>${inline(part.children, around)}</strong>`;
    case 'italic':
      return html`<em>${inline(part.children, around)}</em>`;
    case 'underline':
      return html`<u>${inline(part.children, around)}</u>`;
    case 'strike':
      return html`<s>${inline(part.children, around)}</s>`;
    case 'spoiler':
      return html`<span class="spoiler" role="button" tabindex="0" aria-pressed="false" @click=${showSpoiler} @keydown=${showSpoiler}>${inline(part.children, around)}</span>`;
    case 'link':
      return renderLink(part, around);
    case 'mention':
      return html`<span class="mention">@${around.names[part.id] ?? 'unknown'}</span>`;
    case 'channel':
      return html`<span class="mention">#${around.names[part.id] ?? 'No Access'}</span>`;
    case 'time':
      return html`<time class="timestamp" datetime=${isoTime(part.at) ?? nothing}>${discordTime(part.at, part.style, around.now)}</time>`;
  }
}

/** Shown until the page is drawn anew from nothing, as in Discord: nobody hides it again. */
function showSpoiler(event: Event): void {
  if (event instanceof KeyboardEvent && event.key !== 'Enter' && event.key !== ' ') return;
  event.preventDefault();
  (event.currentTarget as HTMLElement).ariaPressed = 'true';
}

/** A link to a message of this sandbox leads nowhere else, so it is shown and cannot be followed. */
function renderLink(part: Extract<Inline, { kind: 'link' }>, around: Surroundings): TemplateResult {
  if (part.url.startsWith('https://discord.com/channels/')) {
    return html`<span class="mention" title=${part.url}>a message</span>`;
  }
  const isOwn = part.url.startsWith(location.origin);
  return html`<a href=${part.url} target=${isOwn ? nothing : '_blank'} rel="noreferrer">${inline(part.children, around)}</a>`;
}

function isoTime(seconds: number): string | undefined {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
