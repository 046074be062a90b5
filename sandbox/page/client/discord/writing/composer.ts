import { html, nothing, type TemplateResult } from 'lit-html';
import type { CommandView, PlaceView } from '../../../protocol.ts';
import type { Page } from '../../page.ts';
import { appIcon } from '../message/avatar.ts';
import { commandForm } from './command-form.ts';

/** What stands in the message box of each channel, and what is being chosen there. */
interface Draft {
  text: string;
  /** A command whose options are being filled in. */
  command: CommandView | undefined;
}

const drafts = new WeakMap<Page, Map<string, Draft>>();

function draftOf(page: Page, channelId: string): Draft {
  const ofPage = drafts.get(page) ?? new Map<string, Draft>();
  drafts.set(page, ofPage);
  const key = `${page.personId}/${channelId}`;
  const draft = ofPage.get(key) ?? { text: '', command: undefined };
  ofPage.set(key, draft);
  return draft;
}

/** Where one writes, and where `/` lists the commands. */
export function composer(page: Page, place: PlaceView): TemplateResult {
  const draft = draftOf(page, place.channelId);
  if (draft.command) {
    return commandForm(page, draft.command, {
      send: (options) => {
        const { command } = draft;
        draft.command = undefined;
        if (command) void page.useCommand(place.channelId, command.name, options);
        focusBox();
      },
      cancel: () => {
        draft.command = undefined;
        page.show({});
        focusBox();
      },
    });
  }
  const matches = matching(place.commands, draft.text);
  const title = `${place.server ? '#' : '@'}${place.name}`;
  return html`
    <div class="composer">
      ${draft.text.startsWith('/') ? commandList(page, place, draft, matches) : nothing}
      <textarea
        id="box"
        rows="1"
        maxlength="2000"
        aria-label="Message ${title}; type / for the commands"
        aria-describedby="box-help"
        placeholder=${place.canWrite ? `Message ${title}, or type / for commands` : 'You cannot write here; / lists commands'}
        .value=${draft.text}
        @input=${(event: Event) => {
          draft.text = (event.currentTarget as HTMLTextAreaElement).value;
          page.show({});
        }}
        @keydown=${(event: KeyboardEvent) => onKey(event, page, place, draft, matches)}
      ></textarea>
      <p id="box-help" class="unseen">
        Enter sends. A message that begins with / is a command: Tab completes the first one of the list, and the arrow up key
        goes to the list.
      </p>
      <p class="unseen" role="status">
        ${draft.text.startsWith('/') ? `${matches.length} ${matches.length === 1 ? 'command' : 'commands'}` : ''}
      </p>
    </div>
  `;
}

function commandList(page: Page, place: PlaceView, draft: Draft, matches: readonly CommandView[]): TemplateResult {
  const botName = page.view?.bot.name ?? '';
  return html`
    <div class="commands" @keydown=${onListKey}>
      <h3>Commands</h3>
      ${matches.length === 0 ? html`<p class="hint">No command of this name is offered here.</p>` : nothing}
      <ul>
        ${matches.map(
          (command, index) => html`
            <li>
              <button type="button" class=${index === 0 ? 'first' : ''} @click=${() => choose(page, place, draft, command)}>
                ${appIcon(botName)}
                <span class="what"><b>/${command.name}</b> <span>${command.description}</span></span>
                <span class="app-name" aria-hidden="true">${botName}</span>
              </button>
            </li>
          `,
        )}
      </ul>
    </div>
  `;
}

function matching(commands: readonly CommandView[], text: string): CommandView[] {
  const typed = text.replace(/^\//, '').toLowerCase();
  const found = commands.filter(({ kind, name }) => kind === 'slash' && name.startsWith(typed));
  // What is typed in full comes first: Enter uses the first one.
  return [...found.filter(({ name }) => name === typed), ...found.filter(({ name }) => name !== typed)];
}

function choose(page: Page, place: PlaceView, draft: Draft, command: CommandView): void {
  draft.text = '';
  if (command.options.length > 0) {
    draft.command = command;
    page.show({});
  } else {
    void page.useCommand(place.channelId, command.name, {});
    focusBox();
  }
}

function onKey(
  event: KeyboardEvent,
  page: Page,
  place: PlaceView,
  draft: Draft,
  matches: readonly CommandView[],
): void {
  const isCommand = draft.text.startsWith('/');
  if (event.key === 'Escape' && isCommand) {
    draft.text = '';
    page.show({});
  } else if (event.key === 'ArrowUp' && isCommand) {
    event.preventDefault();
    const buttons = document.querySelectorAll<HTMLButtonElement>('.commands button');
    buttons[buttons.length - 1]?.focus();
  } else if (event.key === 'Tab' && !event.shiftKey && isCommand && matches[0] && !isComplete(draft, matches[0])) {
    event.preventDefault();
    complete(page, draft, matches[0]);
  } else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    const [first] = matches;
    if (isCommand && first) choose(page, place, draft, first);
    else if (!isCommand && draft.text.trim() !== '') {
      void page.write(place.channelId, draft.text);
      draft.text = '';
      page.show({});
    }
  }
}

/** Whether Tab has nothing more to add, so that it goes on to what comes next on the page. */
function isComplete(draft: Draft, { name, options }: CommandView): boolean {
  return options.length === 0 && draft.text === `/${name}`;
}

/** Fills in the name of a command; one that has options begins to ask for them. */
function complete(page: Page, draft: Draft, command: CommandView): void {
  draft.text = command.options.length > 0 ? '' : `/${command.name}`;
  draft.command = command.options.length > 0 ? command : undefined;
  page.show({});
}

/** The arrows go through the list, and out of its end back to the box. */
function onListKey(event: KeyboardEvent): void {
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('.commands button')];
  const index = buttons.indexOf(document.activeElement as HTMLButtonElement);
  if (event.key === 'ArrowUp') buttons[Math.max(0, index - 1)]?.focus();
  else if (event.key === 'ArrowDown') (buttons[index + 1] ?? box())?.focus();
  else if (event.key === 'Escape') box()?.focus();
  else return;
  event.preventDefault();
}

function box(): HTMLElement | null {
  return document.getElementById('box');
}

/** After the next drawing, when it is there. */
function focusBox(): void {
  setTimeout(() => box()?.focus());
}
