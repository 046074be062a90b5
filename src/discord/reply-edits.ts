import type { InternalRequest } from 'discord.js';
import type { Clock } from '../clock.ts';
import { isNotTaken, waitOf } from './rest-errors.ts';

/** Sends a request once. */
export type SendOnce = (request: InternalRequest) => Promise<unknown>;

/** An interaction whose handler runs, as far as it tells which message an edit is about. */
export interface RunningInteraction {
  readonly id: string;
  readonly token: string;
  /** The message under which a button was pressed: `@original` means that one after a deferred update. */
  readonly message?: { readonly id: string; readonly repliesTo: string | undefined };
}

/** A message that is being edited, or of which it is not known what it will say in the end. */
interface EditedMessage {
  /** Under which it is found. */
  readonly keys: Set<string>;
  /** The newest edit, whichever interaction it came through. */
  last: InternalRequest;
  inFlight: number;
  /** What the edits say that got no answer: Discord may still make them. */
  readonly doubtful: Set<string>;
  /** Set while there are any. */
  doubt?: Doubt | undefined;
}

interface Doubt {
  /** Resolves when the message says for good what was written last. */
  readonly isOver: Promise<void>;
  readonly end: () => void;
  callOff: () => void;
  tries: number;
  /** The last word is to be written as soon as the message is not being edited. */
  isDue: boolean;
}

/**
 * Milliseconds for which Discord may still make an edit that got no answer: as long as HTTP clients and gateways usually
 * wait.
 */
const LATE_MS = 15_000;
/** Milliseconds between tries while Discord wants to be left alone. */
const LIMITED_MS = 60_000;
/** How often the last word is written again. All of that has to fit into the 15 minutes of an interaction. */
const MAX_TRIES = 10;

/**
 * Sends the edits of replies. One that got no answer is not dead: Discord may make it seconds later, over a newer one. So
 * once its time is over, the newest edit of that message is sent once more.
 */
export class ReplyEdits {
  readonly #clock: Clock;
  readonly #running = new Map<string, RunningInteraction>();
  readonly #messages = new Map<string, EditedMessage>();
  #isStopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** To be called when a handler begins. @returns What is to be called when it is through. */
  begin(interaction: RunningInteraction): () => void {
    this.#running.set(interaction.token, interaction);
    return () => this.#running.delete(interaction.token);
  }

  /** Sends an edit, and once more when it gets no answer. @throws The error of the last try. */
  async send(request: InternalRequest, { token, messageId }: { token: string; messageId: string }, sendOnce: SendOnce) {
    const message = this.#message(request, token, messageId);
    message.inFlight += 1;
    try {
      return await this.#try(message, request, sendOnce).catch((error: unknown) => {
        if (isNotTaken(error)) throw error;
        return this.#try(message, request, sendOnce);
      });
    } finally {
      message.inFlight -= 1;
      if (message.doubt?.isDue) void this.#writeAgain(message, sendOnce);
      this.#forgetIfDone(message);
    }
  }

  /** @returns What resolves when the reply says for good what was written last; undefined when it does so already. */
  inDoubt(token: string): Promise<void> | undefined {
    const message = this.#messages.get(keyOf(token, ORIGINAL));
    return message && isAtRisk(message) ? message.doubt?.isOver : undefined;
  }

  /** Writes nothing more. What is still in doubt stays so, for the next start. */
  stop(): void {
    this.#isStopped = true;
    for (const message of new Set(this.#messages.values())) message.doubt?.callOff();
  }

  async #try(message: EditedMessage, request: InternalRequest, sendOnce: SendOnce): Promise<unknown> {
    try {
      const answer = await sendOnce(request);
      const id = typeof answer === 'object' && answer !== null && 'id' in answer ? String(answer.id) : undefined;
      if (id) this.#find(message, `message ${id}`);
      return answer;
    } catch (error) {
      if (!isNotTaken(error)) this.#doubt(message, request, sendOnce);
      throw error;
    }
  }

  /** The message that an edit is about, with that edit as its newest. */
  #message(request: InternalRequest, token: string, messageId: string): EditedMessage {
    const key = keyOf(token, messageId);
    const running = messageId === ORIGINAL ? this.#running.get(token) : undefined;
    const keys = [key];
    if (running?.message) keys.push(`message ${running.message.id}`, `reply to ${running.message.repliesTo}`);
    const found = keys.map((known) => this.#messages.get(known)).find((known) => known !== undefined);
    const message = found ?? { keys: new Set(), last: request, inFlight: 0, doubtful: new Set() };
    message.last = request;
    this.#find(message, key);
    if (running?.message) this.#find(message, `message ${running.message.id}`);
    else if (running) this.#find(message, `reply to ${running.id}`);
    return message;
  }

  /** From now on the message is found under that key, too. */
  #find(message: EditedMessage, key: string): void {
    message.keys.add(key);
    this.#messages.set(key, message);
  }

  #doubt(message: EditedMessage, request: InternalRequest, sendOnce: SendOnce): void {
    message.doubtful.add(wordsOf(request));
    message.doubt ??= { ...deferred(), tries: 0, isDue: false, callOff: () => undefined };
    this.#later(LATE_MS, message, message.doubt, sendOnce);
  }

  #later(ms: number, message: EditedMessage, doubt: Doubt, sendOnce: SendOnce): void {
    doubt.callOff();
    doubt.isDue = false;
    if (this.#isStopped) return;
    doubt.callOff = this.#clock.after(ms, () => {
      doubt.isDue = true;
      void this.#writeAgain(message, sendOnce);
    });
  }

  /** Sends the last word once more, now that nothing older can come after it. Never rejects. */
  async #writeAgain(message: EditedMessage, sendOnce: SendOnce): Promise<void> {
    const { doubt } = message;
    if (!doubt || message.inFlight > 0 || this.#isStopped) return;
    if (!isAtRisk(message) || doubt.tries === MAX_TRIES) return this.#settle(message);
    doubt.tries += 1;
    const { last } = message;
    message.inFlight += 1;
    try {
      await sendOnce(last);
      // What was written meanwhile through another interaction may have come before this.
      if (message.last === last) this.#settle(message);
      else message.doubtful.add(wordsOf(last));
    } catch (error) {
      if (waitOf(error) !== undefined) this.#later(LIMITED_MS, message, doubt, sendOnce);
      else if (isNotTaken(error)) this.#settle(message);
      else this.#doubt(message, last, sendOnce);
    } finally {
      message.inFlight -= 1;
      if (message.doubt?.isDue) void this.#writeAgain(message, sendOnce);
      this.#forgetIfDone(message);
    }
  }

  #settle(message: EditedMessage): void {
    message.doubt?.end();
    message.doubt = undefined;
    message.doubtful.clear();
    this.#forgetIfDone(message);
  }

  #forgetIfDone(message: EditedMessage): void {
    if (message.inFlight > 0 || message.doubt) return;
    for (const key of message.keys) if (this.#messages.get(key) === message) this.#messages.delete(key);
  }
}

const ORIGINAL = '@original';

function keyOf(token: string, messageId: string): string {
  return messageId === ORIGINAL ? `original ${token}` : `message ${messageId}`;
}

/** Whether an edit without an answer says something else than the newest one. */
function isAtRisk({ doubtful, last }: EditedMessage): boolean {
  const words = wordsOf(last);
  return [...doubtful].some((other) => other !== words);
}

function wordsOf({ body, files }: InternalRequest): string {
  return JSON.stringify([body, files?.map(({ name }) => name)]);
}

function deferred(): { isOver: Promise<void>; end(): void } {
  let end = () => {};
  const isOver = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { isOver, end: () => end() };
}
