import type { Act, ActResult, ModalView } from '../protocol.ts';
import { sendAct } from './connection.ts';

/** A form on the screen. */
export interface OpenModal {
  readonly view: ModalView;
  /** Why it was not sent. */
  readonly problem?: string | undefined;
  readonly isSending: boolean;
}

/** Something that was asked of the bot and has no answer yet, or got none in time. Shown below the messages. */
export interface Asked {
  readonly id: number;
  readonly channelId: string;
  readonly what: string;
  readonly failure: string | undefined;
}

/** Where the menu of a message stands open. Pixels in the window. */
export interface OpenMenu {
  readonly messageId: string;
  readonly x: number;
  readonly y: number;
}

/** What somebody does in Discord, and what is on the screen because of it: forms, menus, waits and failures. */
export abstract class DiscordActs {
  personId = '';
  modal: OpenModal | undefined;
  menu: OpenMenu | undefined;
  /** By message: why the last click on it came to nothing. */
  readonly failures = new Map<string, string>();
  /** The buttons that wait for an answer, as `message/custom ID`. */
  readonly busy = new Set<string>();
  asked: readonly Asked[] = [];
  #nextId = 1;

  /** Draws what has changed. */
  protected abstract redraw(): void;

  /** Goes to the newest message. */
  abstract goToEnd(): void;

  /** Of what somebody was doing, nothing stays on the screen. */
  protected dropAll(): void {
    this.modal = undefined;
    this.menu = undefined;
    this.asked = [];
    this.failures.clear();
  }

  async write(channelId: string, text: string): Promise<void> {
    this.goToEnd();
    const result = await this.#act({ kind: 'say', channelId, text });
    if (result.kind === 'held-back') this.#fail(channelId, 'your message', result.reason);
  }

  async useCommand(channelId: string, name: string, options: Readonly<Record<string, string | number>>): Promise<void> {
    await this.#ask(channelId, `/${name}`, { kind: 'slash', channelId, name, options });
  }

  async useMessageCommand(channelId: string, name: string, messageId: string): Promise<void> {
    this.menu = undefined;
    await this.#ask(channelId, name, { kind: 'message-command', channelId, name, messageId });
  }

  /** Presses a button, or chooses in a select menu, of a message. */
  async use(messageId: string, act: Extract<Act, { kind: 'click' | 'select' }>): Promise<void> {
    const key = `${messageId}/${act.customId}`;
    if (this.busy.has(key)) return;
    this.busy.add(key);
    this.failures.delete(messageId);
    this.redraw();
    const result = await this.#act(act);
    this.busy.delete(key);
    if (result.kind === 'modal') this.modal = { view: result.modal, isSending: false };
    else if (result.kind !== 'done') this.failures.set(messageId, failureWords(result));
    this.redraw();
  }

  async dismiss(messageId: string): Promise<void> {
    await this.#act({ kind: 'dismiss', messageId });
  }

  /** Sends the open form. One that fails stays open, with everything that was typed. */
  async submit(values: Readonly<Record<string, string | readonly string[]>>): Promise<void> {
    const { modal } = this;
    if (!modal || modal.isSending) return;
    this.#showModal({ view: modal.view, isSending: true });
    const result = await this.#act({ kind: 'submit', modalId: modal.view.id, values });
    // Closed meanwhile, or another one has been opened: then there is nothing to tell it.
    if (this.modal?.view.id !== modal.view.id) return;
    if (result.kind === 'done') this.#showModal(undefined);
    else if (result.kind === 'modal') this.#showModal({ view: result.modal, isSending: false });
    else this.#showModal({ view: modal.view, isSending: false, problem: failureWords(result) });
  }

  forget(asked: Asked): void {
    this.asked = this.asked.filter((one) => one !== asked);
    this.redraw();
  }

  #showModal(modal: OpenModal | undefined): void {
    this.modal = modal;
    this.redraw();
  }

  /** Uses a command: until it is answered, that it was sent stands below the messages. */
  async #ask(channelId: string, what: string, act: Act): Promise<void> {
    const asked: Asked = { id: this.#nextId++, channelId, what, failure: undefined };
    this.asked = [...this.asked, asked];
    this.goToEnd();
    const result = await this.#act(act);
    this.asked = this.asked.filter((one) => one !== asked);
    if (result.kind === 'modal') this.modal = { view: result.modal, isSending: false };
    else if (result.kind !== 'done') this.#fail(channelId, what, failureWords(result));
    this.redraw();
  }

  #fail(channelId: string, what: string, failure: string): void {
    this.asked = [...this.asked, { id: this.#nextId++, channelId, what, failure }];
    this.redraw();
  }

  async #act(act: Act): Promise<ActResult> {
    try {
      return await sendAct(this.personId, act);
    } catch {
      return { kind: 'held-back', reason: 'The sandbox does not answer. Is it still running?' };
    }
  }
}

function failureWords(result: Extract<ActResult, { kind: 'failed' | 'held-back' }>): string {
  return result.kind === 'failed' ? 'This interaction failed' : result.reason;
}
