import { setTimeout as delay } from 'node:timers/promises';
import type { Place } from '../discord/people/place.ts';
import { asMessage, asModal, type Shown } from '../discord/people/shown.ts';
import type { ShownButton, ShownMessage } from '../discord/people/shown-message.ts';
import type { ShownModal } from '../discord/people/shown-modal.ts';
import type { EventLog } from './event-log.ts';
import type { Random } from './random.ts';
import { classifyReply } from './reply-classifier.ts';
import type { TypedText } from './written-text.ts';

/** How often somebody goes on with one and the same text before they turn to something else. */
const MAX_STEPS = 8;

/** How many tickets everybody has before anything goes wrong. */
const FIRST_TICKETS = 2;

/** The buttons about a text that is to be sent when the helpdesk is back. */
const WAITING = ["Send when it's back", 'Cancel'];
/** Buttons of notices and of unsent texts that say what is to become of one. */
const SENDING = ['Try again', ...WAITING];

/** Somebody who needs help again and again, and does what people do when things go wrong. */
export class Person {
  readonly place: Place;
  readonly #random: Random;
  readonly #eventLog: EventLog;
  #written = 0;
  /** What they wrote last and did not correct: they may write it once more, word for word. */
  #last: TypedText | undefined;
  #lastAnswer: TypedText | undefined;
  /** One of their tickets, as they have it on the screen. */
  #ticket: ShownMessage | undefined;

  constructor(place: Place, random: Random, eventLog: EventLog) {
    this.place = place;
    this.#random = random;
    this.#eventLog = eventLog;
  }

  /**
   * Opens first tickets while nothing goes wrong yet, looks at each, and wants to be told of changes.
   * @returns Their references: what changes there from now on is news.
   */
  async begin(): Promise<string[]> {
    for (let left = FIRST_TICKETS; left > 0; left -= 1) {
      await this.#writeTicket(new AbortController().signal).catch(() => undefined);
    }
    const references: string[] = [];
    const list = asMessage(await this.place.slash('tickets'));
    for (const { customId } of list.buttons.filter(({ label }) => label === 'Show')) {
      if (customId === undefined) continue;
      this.#ticket = asMessage(await asMessage(await this.place.slash('tickets')).click({ customId }));
      references.push(/KVO-[\d-]+\d/.exec(this.#ticket.text)?.[0] ?? '');
    }
    await asMessage(await this.place.slash('account')).click('Tell me when something changes');
    return references;
  }

  /** Writes tickets, and answers to them, until told to stop. */
  async write(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      // A step that Discord's client cannot do (a message that is gone, a wait in vain) ends this errand and no more.
      await this.#errand(stop).catch(() => undefined);
      await delay(this.#random.between(0, 150));
    }
  }

  #errand(stop: AbortSignal): Promise<void> {
    const luck = this.#random.next();
    if (luck < 0.15) return this.#goBack(stop);
    return luck < 0.45 ? this.#answerTicket(stop) : this.#writeTicket(stop);
  }

  /** Comes back to a message about a text that can wait for the helpdesk, or waits for it. */
  async #goBack(stop: AbortSignal): Promise<void> {
    const open = this.place.messages.flatMap((message) => {
      const found = message.buttons.find(({ label }) => WAITING.includes(label));
      return found ? [{ message, label: found.label }] : [];
    });
    if (open.length === 0) return this.#writeTicket(stop);
    const { message, label } = this.#random.pick(open);
    await this.#goThrough(await this.#press(message, label), stop);
  }

  async #writeTicket(stop: AbortSignal): Promise<void> {
    let shown = await this.place.slash('ticket');
    // What was not told in time comes first, then a button to go on.
    if (shown.kind === 'message') shown = await this.#goOn(shown);
    if (shown.kind !== 'modal') return;
    const text = (this.#random.chance(0.15) && this.#last) || this.#newText();
    this.#last = text;
    await this.#goThrough(await this.#fillIn(shown, text), stop);
  }

  /** Looks at one of their tickets, or at the one that is on the screen already, and answers it. */
  async #answerTicket(stop: AbortSignal): Promise<void> {
    if (!this.#ticket || this.#random.chance(0.2)) await this.#showTicket();
    if (!this.#ticket) return;
    const form = asModal(await this.#ticket.click('Reply'));
    const answers = ticketOf(form);
    const isSameTicket = this.#lastAnswer?.answers === answers;
    const text = (isSameTicket && this.#random.chance(0.3) && this.#lastAnswer) || this.#newAnswer(answers);
    this.#lastAnswer = text;
    await this.#goThrough(await this.#fillIn(form, text), stop);
  }

  /** The three steps to an answer hardly ever come between two deaths: whoever has their ticket on the screen keeps it there. */
  async #showTicket(): Promise<void> {
    const list = asMessage(await this.place.slash('tickets'));
    const tickets = list.buttons.filter(({ label, disabled }) => label === 'Show' && !disabled);
    const customId = tickets.length > 0 ? this.#random.pick(tickets).customId : undefined;
    if (customId === undefined) return;
    const ticket = asMessage(await list.click({ customId }));
    if (ticket.buttons.some(({ label }) => label === 'Reply')) this.#ticket = ticket;
  }

  /** Goes on with a text as long as there is something to do about it. */
  async #goThrough(shown: Shown | undefined, stop: AbortSignal): Promise<void> {
    let next = shown;
    for (let step = 0; next && step < MAX_STEPS && !stop.aborted; step += 1) {
      if (next.kind === 'modal') next = await this.#correct(next);
      else if (next.kind === 'message') next = await this.#answer(next);
      else return;
    }
  }

  /** Now and then too long for a message of Discord's. */
  #newText(): TypedText {
    this.#written += 1;
    const subject = `${this.place.user.name} needs help ${this.#written}`;
    return { subject, body: this.#atLength(`This is what ${subject} is about.`) };
  }

  /** With what a helpdesk may give back in other signs than it got. */
  #newAnswer(answers: string): TypedText {
    this.#written += 1;
    const subject = `${this.place.user.name} answers ${this.#written}:`;
    return { subject, body: this.#atLength(`${subject} it still fails.\nIt says "a < b" & that's all.`), answers };
  }

  #atLength(body: string): string {
    return this.#random.chance(0.1) ? `${body}${' Every word counts.'.repeat(150)}` : body;
  }

  /** Reads what stands there instead of the form. */
  async #goOn(message: ShownMessage): Promise<Shown> {
    const notice = message.buttons.find((one) => SENDING.includes(one.label) || isDespite(one));
    if (notice && this.#random.chance(0.5)) return message.click(notice.label);
    const onward = [...message.followUps, message].flatMap((one) => {
      const found = one.buttons.find(({ customId }) => customId === 'ticket-new' || customId === 'ticket-open');
      return found ? [{ message: one, label: found.label }] : [];
    })[0];
    if (onward) return onward.message.click(onward.label);
    const isDown = message.buttons.some(({ label }) => label === 'Write it anyway');
    return isDown && this.#random.chance(0.5) ? message.click('Write it anyway') : message;
  }

  async #fillIn(form: ShownModal, text: TypedText): Promise<Shown | undefined> {
    this.#eventLog.write(this.place.user.id, form.customId, text);
    const { subject, body } = text;
    const values: Record<string, string> = text.answers === undefined ? { subject, body } : { body };
    // Whoever reads that it failed still has the form on the screen.
    for (let press = 0; press < 4; press += 1) {
      if (this.#random.chance(0.1)) void form.submit(values).catch(() => undefined);
      const shown = await form.submit(values);
      if (shown.kind !== 'failed') return shown;
      if (this.#random.chance(0.15)) return undefined;
      await delay(this.#random.between(0, 300));
    }
    return undefined;
  }

  async #correct(form: ShownModal): Promise<Shown | undefined> {
    const body = `${form.field('body').value} And this, too.`;
    if (form.customId.startsWith('answer:')) {
      this.#lastAnswer = undefined;
      return this.#fillIn(form, { subject: `${body.split(':')[0]}:`, body, answers: ticketOf(form) });
    }
    this.#last = undefined;
    return this.#fillIn(form, { subject: String(form.field('subject').value), body });
  }

  /** What somebody does after reading what became of their text. */
  async #answer(message: ShownMessage): Promise<Shown | undefined> {
    const { kind } = classifyReply(message);
    const labels = message.buttons.map(({ label }) => label);
    const luck = this.#random.next();
    await delay(this.#random.between(0, 200));
    // The bot looks whether the answer is there. Some wait for what it finds.
    if (kind === 'pending') return luck < 0.5 ? message.nextEdit() : undefined;
    const despite = message.buttons.find(isDespite);
    if (despite) return luck < (kind === 'opened' ? 0.05 : 0.5) ? this.#press(message, despite.label) : undefined;
    // It is sent without them; whoever changes their mind may come too late.
    if (labels.includes('Cancel')) return luck < 0.4 ? this.#press(message, 'Cancel') : undefined;
    if (labels.includes("Send when it's back") && luck < 0.5) return this.#press(message, "Send when it's back");
    if (!labels.includes('Try again')) return undefined;
    if (luck < 0.55) return this.#press(message, 'Try again');
    if (luck < 0.75) return this.#press(message, 'Edit');
    return undefined;
  }

  /** Sometimes twice, as from two devices. */
  async #press(message: ShownMessage, label: string): Promise<Shown | undefined> {
    if (label !== 'Edit' && this.#random.chance(0.1)) void message.click(label).catch(() => undefined);
    const shown = await message.click(label, { untilAcknowledged: true });
    if (shown.kind !== 'message' || shown.id !== message.id) return shown;
    // The message changes in its place; whoever waits in vain goes away.
    return message.nextEdit();
  }
}

/** Whether a button sends a text that may be a ticket already. */
function isDespite({ customId }: ShownButton): boolean {
  return customId?.startsWith('ticket-anyway:') ?? false;
}

/** The reference of the ticket that a form answers. */
function ticketOf({ title }: ShownModal): string {
  return title.replace('Reply to ', '');
}
