import { html, nothing, type TemplateResult } from 'lit-html';
import type { EmbedView, FileView, MessageView, QuotedView } from '../../../protocol.ts';
import { eyeIcon } from '../../icons.ts';
import type { Page } from '../../page.ts';
import { avatar } from './avatar.ts';
import { barColour } from './bar-colour.ts';
import { components, quotedComponents } from './components.ts';
import { clockTime } from './discord-time.ts';
import { media } from './media.ts';
import { renderMarkdown, type Surroundings } from './render-markdown.ts';

/** Milliseconds within which messages of one author stand under one name. */
const TOGETHER_MS = 5 * 60_000;
/** Words of a message that are enough to know it by. */
const FIRST_WORDS = 6;

/** One message as the person sees it. @param previous The one above it. */
export function message(page: Page, shown: MessageView, previous: MessageView | undefined): TemplateResult {
  const { author, usedCommand, repliesTo } = shown;
  const continues =
    previous !== undefined &&
    previous.author.id === author.id &&
    shown.at - previous.at < TOGETHER_MS &&
    !usedCommand &&
    !repliesTo &&
    previous.isEphemeral === shown.isEphemeral;
  const failure = page.failures.get(shown.id);
  const around = page.surroundings;
  return html`
    <article
      class="message ${shown.isEphemeral ? 'ephemeral' : ''} ${continues ? 'continues' : ''}"
      aria-label="Message of ${author.name}"
      tabindex="-1"
      @contextmenu=${(event: MouseEvent) => openMenu(event, page, shown)}
    >
      ${
        usedCommand
          ? html`<p class="context">
            ${avatar(usedCommand.userName)}<b>${usedCommand.userName}</b> used <span class="command">${commandName(usedCommand.name)}</span>
          </p>`
          : nothing
      }
      ${
        repliesTo
          ? html`<p class="context">replies to ${repliesTo.userName}: <span>${repliesTo.content.split('\n')[0]}</span></p>`
          : nothing
      }
      ${
        continues
          ? nothing
          : html`${avatar(author.name, author.isBot)}
            <p class="byline">
              <b>${author.name}</b>${author.isBot ? html`<span class="app">APP</span>` : nothing}
              <time datetime=${new Date(shown.at).toISOString()}>${clockTime(shown.at)}</time>
            </p>`
      }
      <div class="content">
        ${
          shown.isThinking
            ? html`<p class="thinking">${author.name} is thinking<span class="dots" aria-hidden="true"></span></p>`
            : renderMarkdown(shown.content, around)
        }
        ${shown.isEdited ? html`<small class="edited">(edited)</small>` : nothing} ${shown.embeds.map((one) => embed(one, around))}
        ${shown.files.map(file)} ${components(page, shown)} ${shown.stickers.map((name) => html`<p class="media">${name}</p>`)}
        ${shown.poll ? poll(shown.poll) : nothing} ${shown.quoted.map((one) => quoted(page, shown, one))}
        ${failure ? html`<p class="failure" role="alert">${failure}</p>` : nothing}
        ${
          shown.isEphemeral
            ? html`<p class="only-you">
              ${eyeIcon} Only you can see this ·
              <button type="button" class="plain" @click=${() => page.dismiss(shown.id)}>Dismiss message</button>
            </p>`
            : nothing
        }
      </div>
      ${
        shown.isEphemeral || shown.isThinking
          ? nothing
          : html`<button
            type="button"
            class="more"
            aria-haspopup="menu"
            aria-label="Apps for the message of ${author.name}, ${beginning(shown)}"
            @click=${(event: MouseEvent) => openMenu(event, page, shown)}
          >
            ⋯
          </button>`
      }
    </article>
  `;
}

/** The first words of a message, or its time: tells apart the messages of one author. */
function beginning({ content, at }: MessageView): string {
  const [line = ''] = content.split('\n');
  return line === '' ? clockTime(at) : line.split(' ').slice(0, FIRST_WORDS).join(' ');
}

/** Message commands are called by their name alone. */
function commandName(name: string): string {
  return /^[a-z]/.test(name) ? `/${name}` : name;
}

function openMenu(event: MouseEvent, page: Page, { id, isEphemeral }: MessageView): void {
  // Links keep the browser's own menu.
  if (isEphemeral || (event.type === 'contextmenu' && (event.target as HTMLElement).closest('a'))) return;
  event.preventDefault();
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  const isByPointer = event.type === 'contextmenu' && (event.clientX !== 0 || event.clientY !== 0);
  page.show({
    menu: isByPointer
      ? { messageId: id, x: event.clientX, y: event.clientY }
      : { messageId: id, x: box.left, y: box.bottom },
  });
}

function poll({ question, answers }: NonNullable<MessageView['poll']>): TemplateResult {
  return html`<section class="embed" aria-label="Poll">
    <p class="embed-title">${question}</p>
    ${answers.map((answer) => html`<p>○ ${answer}</p>`)}
  </section>`;
}

/** A message that this one forwards, or that its thread is about. */
function quoted(page: Page, shown: MessageView, one: QuotedView): TemplateResult {
  const around = page.surroundings;
  return html`<section class="embed" aria-label=${one.label}>
    <p class="embed-author">${one.label}</p>
    ${renderMarkdown(one.content, around)} ${one.embeds.map((inner) => embed(inner, around))}
    ${one.files.map(({ name, url }) => media(name, url))} ${quotedComponents(page, shown, one.components)}
  </section>`;
}

function embed(shown: EmbedView, around: Surroundings): TemplateResult {
  const { title, url, description, author, footer, fields, provider, image, thumbnail, video } = shown;
  return html`
    <section class="embed" aria-label=${title ?? 'Embed'} .style=${barColour(shown.color)}>
      ${provider?.name ? html`<p class="embed-author">${provider.name}</p>` : nothing}
      ${author ? html`<p class="embed-author">${author.name}</p>` : nothing}
      ${
        title
          ? html`<p class="embed-title">${url ? html`<a href=${url} target="_blank" rel="noreferrer">${title}</a>` : title}</p>`
          : nothing
      }
      ${description ? html`<div>${renderMarkdown(description, around)}</div>` : nothing}
      ${fields?.map(
        (field) => html`<div class="embed-field"><b>${field.name}</b>${renderMarkdown(field.value, around)}</div>`,
      )}
      ${media('Picture', image?.url)} ${media('Thumbnail', thumbnail?.url)} ${media('Video', video?.url)}
      ${footer ? html`<small>${footer.text}</small>` : nothing}
    </section>
  `;
}

function file({ name, url, size, preview }: FileView): TemplateResult {
  return html`
    <div class="file">
      <p><a href=${url} download=${name}>${name}</a> <small>${size.toLocaleString()} bytes</small></p>
      ${preview === undefined ? nothing : html`<pre tabindex="0" aria-label="Content of ${name}">${preview}</pre>`}
    </div>
  `;
}
