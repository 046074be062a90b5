import type { ReplyClass } from './reply-classifier.ts';

/** What the helpdesk has of a text: a ticket, or a post in the ticket that it answers. */
export interface Arrival {
  /** Of the ticket. */
  readonly reference: string;
}

/** One text that a person wrote into a form, known by its subject, and all that became of it. */
export class WrittenText {
  readonly personId: string;
  /** Unlike any other. An answer has no field for it: its text begins with it. */
  readonly subject: string;
  /** The reference of the ticket that it answers; undefined for a new ticket. */
  readonly answers: string | undefined;
  /** What was last submitted. */
  body: string;
  /** What was last submitted of which the person did not read that it failed. Later ones are longer and contain it. */
  takenBody: string | undefined;
  /** How often the form with it was sent. */
  submits = 0;
  /** The submissions of which the person was told that they may be this text, and despite which they pressed Send anyway. */
  readonly sentDespite = new Set<string>();
  readonly arrivals: Arrival[] = [];
  /** What the person read about it, in this order. */
  readonly replies: ReplyClass[] = [];
  /** What was not true at the moment at which it was said. */
  readonly lies: string[] = [];
  /** The messages that were about it, oldest first. */
  readonly messageIds = new Set<string>();
  /** All of it, oldest first, in milliseconds since 1970. */
  readonly history: { readonly at: number; readonly what: string }[] = [];

  constructor(personId: string, { subject, body, answers }: TypedText) {
    this.personId = personId;
    this.subject = subject;
    this.body = body;
    this.answers = answers;
  }

  /** Whether Discord showed the person anything but "This interaction failed" for one of them. */
  get isAcknowledged(): boolean {
    return this.takenBody !== undefined;
  }

  note(what: string): void {
    this.history.push({ at: Date.now(), what: `> ${what}` });
  }

  /** The helpdesk has it now, once more. */
  arrive(reference: string): void {
    this.arrivals.push({ reference });
    this.note(this.answers === undefined ? `ticket ${reference}` : `posted to ${reference}`);
  }

  /** Notes what the person reads, and whether it is true. */
  hear(replyClass: ReplyClass, content: string): void {
    if (replyClass.kind === 'other' || replyClass.kind === 'error') return;
    this.replies.push(replyClass);
    if (replyClass.kind === 'nothing' && this.arrivals.length > 0) this.lies.push(content);
    if (replyClass.kind !== 'opened') return;
    const { reference } = replyClass;
    const isTrue = reference ? this.arrivals.some((one) => one.reference === reference) : this.arrivals.length > 0;
    if (!isTrue) this.lies.push(content);
  }

  /** The last thing that was said about it and settles something. */
  get lastWord(): ReplyClass | undefined {
    return this.replies.findLast(({ kind }) => kind !== 'pending');
  }
}

/** What a person types into a form. */
export interface TypedText {
  readonly subject: string;
  readonly body: string;
  readonly answers?: string | undefined;
}
