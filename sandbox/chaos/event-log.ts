import type { EventEmitter } from 'node:events';
import { InteractionResponseType, MessageFlags } from 'discord-api-types/v10';
import type { Message } from '../discord/world/discord-world.ts';
import type { Interaction } from '../discord/world/interaction.ts';
import type { HelpdeskTicket } from '../helpdesk/stored-tickets.ts';
import { classifyDirectMessage, classifyReply, type ReplyClass, wordsOf } from './reply-classifier.ts';
import { type TypedText, WrittenText } from './written-text.ts';

/** Milliseconds from a click to the record of it, at most, with the second to which its time is rounded up. */
const SAVED_WITHIN_MS = 3000;

/** Milliseconds for which a misfortune that was planned before a text was sent may still hit it. */
const HITS_WITHIN_MS = 15_000;

/** What it listens to: a world, or whatever tells what happened in one. */
interface Observed {
  readonly discord: { readonly events: EventEmitter };
  readonly helpdesk: { on(event: 'ticket' | 'changed', listener: (ticket: HelpdeskTicket) => void): unknown };
}

/** Watches Discord and the helpdesk, and knows of each text which tickets or posts it became and what its writer was told. */
export class EventLog {
  readonly texts: WrittenText[] = [];
  /** How often somebody said that a text is to be sent when the helpdesk is back, and took that back. */
  readonly whenBack = { asked: 0, cancelled: 0 };
  /** The texts of which somebody said that once. */
  readonly #asked = new Set<WrittenText>();
  readonly #bySubject = new Map<string, WrittenText>();
  readonly #byDraft = new Map<string, WrittenText>();
  readonly #byInteraction = new Map<string, WrittenText>();
  /** By message: the text that was last sent by a button in it. */
  readonly #byPressed = new Map<string, WrittenText>();
  /** Every submit and button, in their order: a notice may know a text by its time alone. */
  readonly #sendings: { readonly at: number; readonly text: WrittenText }[] = [];
  /** What each submit sent, by interaction. */
  readonly #bodies = new Map<string, string>();
  /** What each message looks like. */
  readonly #shownAs = new Map<string, string>();
  /** When something befell a process, the store or Discord, in milliseconds since 1970. */
  readonly #misfortunes: number[] = [];
  /** How many posts of each ticket have been looked at. */
  readonly #posts = new Map<string, number>();

  constructor({ discord, helpdesk }: Observed) {
    helpdesk.on('ticket', (ticket: HelpdeskTicket) => this.#opened(ticket));
    helpdesk.on('changed', (ticket: HelpdeskTicket) => this.#changed(ticket));
    discord.events.on('interaction', (interaction: Interaction) => this.#sent(interaction));
    discord.events.on('acknowledged', (interaction: Interaction) => this.#acknowledged(interaction));
    discord.events.on('message', (message: Message) => this.#shown(message));
    discord.events.on('edit', (message: Message) => this.#shown(message));
  }

  /**
   * Something befell a process, the store or Discord, so that a bot may not know, or not have written down, what it has told.
   * Whoever comes after it tells it once more.
   */
  noteMisfortune(at = Date.now()): void {
    this.#misfortunes.push(at);
  }

  /** Somebody is about to submit a text. @param formId The custom ID of the form. */
  write(personId: string, formId: string, typed: TypedText): WrittenText {
    const { subject, body } = typed;
    const text = this.#bySubject.get(subject) ?? new WrittenText(personId, typed);
    if (!this.#bySubject.has(subject)) {
      this.#bySubject.set(subject, text);
      this.texts.push(text);
    }
    text.body = body;
    this.#byDraft.set(draftIn(formId), text);
    return text;
  }

  /** The text that a message is about. */
  textOf(message: Message): WrittenText | undefined {
    const draftIds = Array.from(
      JSON.stringify(message.components).matchAll(/"ticket-[a-z]+:([\w-]+)/g),
      ([, id]) => id,
    );
    const byButton = new Set(draftIds.flatMap((id) => this.#byDraft.get(id ?? '') ?? []));
    // A list of unsent texts says nothing of what became of one.
    if (byButton.size > 1) return undefined;
    for (const text of byButton) return text;
    const replyClass = classifyReply(message);
    // Several answers may be in one ticket, so its reference does not tell which one it is.
    if (replyClass.kind === 'opened' && replyClass.reference && !replyClass.isAnswer) {
      return this.texts.find(
        ({ answers, arrivals }) =>
          answers === undefined && arrivals.some(({ reference }) => reference === replyClass.reference),
      );
    }
    const sentAt = /About what you sent <t:(\d+):R>/.exec(wordsOf(message))?.[1];
    if (sentAt) return this.#sentBefore(Number(sentAt) * 1000, message.visibleTo, replyClass);
    // A button below a notice changes it in its place, and the interaction that it answers was a command.
    const before = this.texts.find(({ messageIds }) => messageIds.has(message.id));
    return this.#byPressed.get(message.id) ?? before ?? this.#byInteraction.get(message.interaction?.id ?? '');
  }

  /**
   * What a notice means that names nothing but a time, in whole seconds: several may have been sent by then. Each ticket without
   * a number, and each answer, has a notice of its own, so it is the one of which the person does not know yet, else one that is
   * told once more.
   */
  #sentBefore(until: number, personId: string | undefined, replyClass: ReplyClass): WrittenText | undefined {
    const sent = this.#sendings.filter(
      ({ at, text }) => text.personId === personId && at <= until && mayBeAbout(text, replyClass),
    );
    const last = sent.at(-1)?.text;
    if (replyClass.kind !== 'opened') return last;
    // What was to be sent when the helpdesk was back was sent at a time of its own.
    const then = sent.filter(
      ({ at, text }) => text.arrivals.length > 0 && (at > until - SAVED_WITHIN_MS || this.#asked.has(text)),
    );
    const notYetTold = then.findLast(({ text }) => text.lastWord?.kind !== 'opened');
    return (notYetTold ?? then.findLast(({ text }) => this.#mayBeToldAgain(text)))?.text ?? last;
  }

  /** Once for each misfortune that may have hit its telling. */
  #mayBeToldAgain(text: WrittenText): boolean {
    const told = text.replies.filter(({ kind }) => kind === 'opened').length;
    const from = (this.#sendings.find((one) => one.text === text)?.at ?? 0) - HITS_WITHIN_MS;
    return told <= this.#misfortunes.filter((at) => at >= from).length;
  }

  #opened(ticket: HelpdeskTicket): void {
    this.#posts.set(ticket.reference, ticket.posts.length);
    this.#bySubject.get(ticket.subject)?.arrive(ticket.reference);
  }

  #changed({ reference, posts }: HelpdeskTicket): void {
    for (const { contents } of posts.slice(this.#posts.get(reference) ?? 0)) {
      const text = this.texts.find(({ answers, subject }) => answers === reference && contents.startsWith(subject));
      text?.arrive(reference);
    }
    this.#posts.set(reference, posts.length);
  }

  #sent(interaction: Interaction): void {
    const text = this.#byDraft.get(draftIn(interaction.name));
    if (!text) return;
    this.#byInteraction.set(interaction.id, text);
    if (interaction.message) this.#byPressed.set(interaction.message.id, text);
    text.note(`interaction ${interaction.id}: ${interaction.name}`);
    this.#sendings.push({ at: interaction.createdAt, text });
    if (interaction.name.startsWith('ticket-when-back:')) {
      this.whenBack.asked += 1;
      this.#asked.add(text);
    }
    if (interaction.name.startsWith('ticket-cancel:')) this.whenBack.cancelled += 1;
    if (interaction.name.startsWith('ticket-anyway:')) text.sentDespite.add(interaction.name.split(':')[2] ?? '');
    if (!/^(?:ticket|answer):/.test(interaction.name)) return;
    text.submits += 1;
    this.#bodies.set(interaction.id, text.body);
  }

  #acknowledged(interaction: Interaction): void {
    const text = this.#byInteraction.get(interaction.id);
    if (!text) return;
    text.note(`interaction ${interaction.id} is acknowledged`);
    if (interaction.acknowledgement === InteractionResponseType.Modal) return;
    text.takenBody = this.#bodies.get(interaction.id) ?? text.takenBody;
  }

  #shown(message: Message): void {
    if (message.flags & MessageFlags.Loading) return;
    if (message.visibleTo === undefined) {
      this.#toldDirectly(message);
      return;
    }
    const words = wordsOf(message);
    // An edit without an answer is made again: its person sees no change, and hears nothing more.
    const whole = JSON.stringify([message.content, message.components]);
    if (this.#shownAs.get(message.id) === whole) return;
    this.#shownAs.set(message.id, whole);
    const text = this.textOf(message);
    if (!text) return;
    text.messageIds.add(message.id);
    text.note(`message ${message.id} of interaction ${message.interaction?.id}: ${JSON.stringify(words)}`);
    text.hear(classifyReply(message), words);
  }

  /** A direct message names a ticket by its number and subject, and an answer by the number of its ticket alone. */
  #toldDirectly(message: Message): void {
    const personId = message.channel.recipient?.id;
    const replyClass = classifyDirectMessage(message);
    if (personId === undefined || replyClass.kind === 'other') return;
    const own = this.texts.filter((text) => text.personId === personId && mayBeAbout(text, replyClass));
    const isAnswer = replyClass.kind === 'opened' && replyClass.isAnswer;
    const text = isAnswer
      ? (own.findLast(({ arrivals, lastWord }) => arrivals.length > 0 && lastWord?.kind !== 'opened') ??
        own.findLast(({ arrivals }) => arrivals.length > 0) ??
        own.at(-1))
      : own.find(({ subject }) => message.content.includes(`**${subject}**`));
    text?.note(`direct message ${message.id}: ${JSON.stringify(message.content)}`);
    text?.hear(replyClass, message.content);
  }
}

/** Whether what was opened or posted can be this text, as far as the words say. */
function mayBeAbout({ answers }: WrittenText, replyClass: ReplyClass): boolean {
  if (replyClass.kind !== 'opened') return true;
  const { isAnswer, reference } = replyClass;
  if (!isAnswer) return answers === undefined;
  return answers !== undefined && (reference === undefined || answers === reference);
}

function draftIn(customId: string): string {
  return customId.split(':')[1] ?? '';
}
