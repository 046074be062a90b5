import { ButtonStyle } from 'discord-api-types/v10';
import type { SandboxDiscord } from '../discord/discord.ts';
import { asMessage, asModal, type Shown } from '../discord/people/shown.ts';
import type { ShownMessage } from '../discord/people/shown-message.ts';
import type { FieldValue, ModalField, ShownModal } from '../discord/people/shown-modal.ts';
import type { HelpdeskTicket } from '../helpdesk/stored-tickets.ts';
import type { MailboxMail } from '../mailbox.ts';

const INDENT = '    ';
/** Characters of a line; longer ones are broken between words. */
const WIDTH = 96;

/** Tells a conversation as it happens: who does what, and what they read. */
export class Narrator {
  readonly #discord: SandboxDiscord;
  readonly #print: (line: string) => void;

  constructor(discord: SandboxDiscord, print: (line: string) => void) {
    this.#discord = discord;
    this.#print = print;
  }

  chapter(title: string): void {
    this.#print('');
    this.#print(`== ${title}`);
  }

  /** Somebody does something. */
  does(who: string, what: string): void {
    this.#print('');
    this.#print(`${who} ${what}`);
  }

  /** Shows a message to its reader, buttons in brackets. @throws {Error} when something else was shown. */
  reads(shown: Shown): ShownMessage {
    const message = asMessage(shown);
    this.#tell(`${message.author.name}, ${this.#where(message)}:`, [
      message.text,
      message.buttons.map(({ label, style }) => (style === ButtonStyle.Link ? `<${label}>` : `[${label}]`)).join(' '),
    ]);
    return message;
  }

  /** Shows a form with what it is filled in with. @throws {Error} when something else was shown. */
  seesForm(shown: Shown): ShownModal {
    const form = asModal(shown);
    this.#tell(`Form "${form.title}":`, form.fields.map(fieldLine));
    return form;
  }

  /** Somebody fills the form in and sends it. */
  submits(who: string, form: ShownModal, values: Readonly<Record<string, FieldValue>>): Promise<Shown> {
    this.does(who, `submits "${form.title}"`);
    this.#tell(
      '',
      Object.entries(values).map(([id, value]) => `${form.field(id).label}: ${shownValue(form.field(id), value)}`),
    );
    return form.submit(values);
  }

  receives(who: string, mail: MailboxMail): void {
    this.does(who, 'receives a mail');
    this.#tell(`Subject: ${mail.subject}`, [mail.text]);
  }

  /** Shows a ticket exactly as the helpdesk has it. */
  stored(ticket: HelpdeskTicket): void {
    this.#print('');
    this.#print(`Ticket ${ticket.reference}`);
    for (const line of [`requester: ${ticket.requesterEmail}`, `subject:   ${ticket.subject}`, 'body:']) {
      this.#print(`${INDENT}${line}`);
    }
    for (const line of ticket.body.split('\n')) this.#print(`${INDENT}  | ${line}`.trimEnd());
  }

  #where({ ephemeral, viewer, channelId }: ShownMessage): string {
    const channel = this.#discord.world.channels.get(channelId);
    if (ephemeral) return `only ${viewer.name} sees this`;
    return channel?.recipient ? `a direct message to ${channel.recipient.name}` : `in #${channel?.name}`;
  }

  #tell(title: string, texts: readonly string[]): void {
    if (title) this.#print(`${INDENT}${title}`);
    for (const line of texts.filter((text) => text !== '').flatMap((text) => this.#readable(text).split('\n'))) {
      for (const part of wrapped(line)) this.#print(`${INDENT}  ${part}`.trimEnd());
    }
  }

  /** Mentions and times as Discord shows them. */
  #readable(text: string): string {
    return text
      .replace(/<@(\d+)>/g, (_, id: string) => `@${this.#discord.world.accounts.get(id)?.name ?? id}`)
      .replace(/<#(\d+)>/g, (_, id: string) => `#${this.#discord.world.channels.get(id)?.name ?? id}`)
      .replace(/<t:(\d+)(?::\w)?>/g, (_, seconds: string) => new Date(Number(seconds) * 1000).toLocaleTimeString())
      .replace(/\\([<>_*~`|#.-])/g, '$1');
  }
}

function fieldLine(field: ModalField): string {
  const filledIn = shownValue(field, field.value);
  const text = filledIn.includes('\n') ? `\n${filledIn.replace(/^/gm, '  ')}` : filledIn;
  return `${field.label}${field.required ? '' : ' (optional)'}: ${text || '…'}`;
}

function shownValue(field: ModalField, value: FieldValue): string {
  if (!Array.isArray(value)) return String(value).trimEnd();
  return value.map((one) => field.options.find((option) => option.value === one)?.label ?? String(one)).join(', ');
}

function wrapped(line: string): string[] {
  const parts: string[] = [];
  let rest = line;
  while (rest.length > WIDTH) {
    const blank = rest.lastIndexOf(' ', WIDTH);
    if (blank <= 0) break;
    parts.push(rest.slice(0, blank));
    rest = rest.slice(blank + 1);
  }
  return [...parts, rest];
}
