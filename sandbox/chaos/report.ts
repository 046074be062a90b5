import type { ShownMessage } from '../discord/people/shown-message.ts';
import type { EventLog } from './event-log.ts';
import type { Person } from './person.ts';
import type { WrittenText } from './written-text.ts';

/** What became of all texts. The last three must be empty. */
export interface Report {
  readonly texts: number;
  /** Of these, answers to tickets. */
  readonly answers: number;
  readonly submits: number;
  /** How often "Send when it's back" was pressed, and Cancel after it. */
  readonly whenBack: { readonly asked: number; readonly cancelled: number };
  /** Texts that became a ticket, and all tickets; more of these where somebody pressed Send anyway. */
  readonly textsWithTicket: number;
  readonly tickets: number;
  /** The same of answers: those that are in their ticket, and all posts of them. */
  readonly answersPosted: number;
  readonly posts: number;
  /** Texts that became no ticket and no post and that came back complete with Show my text. */
  readonly recovered: number;
  /** Texts that the bot never took: the person read that it failed and has the form on the screen. */
  readonly stillInForm: number;
  /** More tickets or posts than the person asked for: one, and one for each submission despite which they pressed Send anyway. */
  readonly duplicates: readonly string[];
  /** Neither a ticket or a post nor given back, although the person did not read that it failed. */
  readonly lost: readonly string[];
  /** Nobody said what became of it, or what was said was not true. */
  readonly undelivered: readonly string[];
  /** The texts of these three. */
  readonly unaccounted: readonly WrittenText[];
}

/** Buttons of what stands there instead of the form when nothing is left to be told. */
const ENDS = ['New ticket', 'Write it anyway'];

/** Most notices that one person reads before they can write again. */
const MAX_NOTICES = 40;

/** Everybody comes back, reads what there is to read, and looks for what they wrote. */
export async function createReport(people: readonly Person[], eventLog: EventLog): Promise<Report> {
  await Promise.all(people.map((person) => readNotices(person)));
  const recovered = new Set<WrittenText>();
  await Promise.all(
    people.map(async (person) => {
      for (const text of eventLog.texts) {
        if (text.personId !== person.place.user.id || text.arrivals.length > 0) continue;
        if (await getsItBack(person, text)) recovered.add(text);
      }
    }),
  );
  const { texts } = eventLog;
  const isInForm = (text: WrittenText) => !text.isAcknowledged && text.arrivals.length === 0 && !recovered.has(text);
  const duplicates = texts.filter(({ arrivals, sentDespite }) => arrivals.length > 1 + sentDespite.size);
  const lost = texts.filter((text) => text.arrivals.length === 0 && !recovered.has(text) && !isInForm(text));
  const undelivered = texts.filter((text) => text.lies.length > 0 || (!isInForm(text) && !knows(text)));
  const tickets = texts.filter(({ answers }) => answers === undefined);
  const answers = texts.filter((text) => text.answers !== undefined);
  const haveArrived = (those: readonly WrittenText[]) => those.filter(({ arrivals }) => arrivals.length > 0).length;
  const arrivalsOf = (those: readonly WrittenText[]) => those.reduce((sum, { arrivals }) => sum + arrivals.length, 0);
  return {
    texts: texts.length,
    answers: answers.length,
    submits: texts.reduce((sum, { submits }) => sum + submits, 0),
    whenBack: eventLog.whenBack,
    textsWithTicket: haveArrived(tickets),
    tickets: arrivalsOf(tickets),
    answersPosted: haveArrived(answers),
    posts: arrivalsOf(answers),
    recovered: recovered.size,
    stillInForm: texts.filter(isInForm).length,
    duplicates: duplicates.map(describe),
    lost: lost.map(describe),
    undelivered: undelivered.map(describe),
    unaccounted: [...new Set([...duplicates, ...lost, ...undelivered])],
  };
}

/** Whether the last thing that the person read is the truth. */
function knows({ arrivals, lastWord }: WrittenText): boolean {
  switch (lastWord?.kind) {
    case 'opened':
      return arrivals.length > 0;
    case 'maybe':
      return true;
    case 'nothing':
      return arrivals.length === 0;
    default:
      return false;
  }
}

async function readNotices({ place }: Person): Promise<void> {
  const read: string[] = [];
  while (read.length < MAX_NOTICES) {
    const shown = await place.slash('ticket');
    if (shown.kind === 'modal') return;
    // What is unsent comes after all notices; and a bot may be leaving the helpdesk alone.
    if (shown.kind === 'message' && shown.buttons.some(({ label }) => ENDS.includes(label))) return;
    read.push(shown.kind === 'message' ? shown.text : shown.kind);
  }
  throw new Error(`${place.user.name} is told things without end, such as:\n${read.slice(-3).join('\n')}`);
}

/** The text comes back complete, from a message about it that has a button for that. */
async function getsItBack({ place }: Person, text: WrittenText): Promise<boolean> {
  const messages = [...text.messageIds].map((id) => place.user.find({ id })).filter((message) => message !== undefined);
  const everything = (message: ShownMessage) => [message.text, ...message.files.map((file) => file.text)].join('\n');
  const isWhole = (message: ShownMessage) =>
    everything(message).includes(text.subject) && everything(message).includes(text.takenBody ?? text.body);
  // A store that is away takes no text: then it was given back at once.
  if (messages.some(isWhole)) return true;
  // The same words may have been written into two forms, and edited under one of them.
  for (const message of messages.toReversed()) {
    if (!message.buttons.some(({ label }) => label === 'Show my text')) continue;
    const shown = await message.click('Show my text');
    if (shown.kind === 'message' && isWhole(shown)) return true;
  }
  return false;
}

function describe(text: WrittenText): string {
  const told = text.replies.map((one) => (one.kind === 'opened' ? `opened ${one.reference ?? '?'}` : one.kind));
  const arrived = text.arrivals.map(({ reference }) => reference).join(', ') || 'none';
  return [
    `"${text.subject}"${text.answers === undefined ? '' : `, to ${text.answers}`}: ${text.submits} submits, sent anyway despite ${text.sentDespite.size}, ${text.isAcknowledged ? '' : 'not '}acknowledged`,
    `${text.answers === undefined ? 'tickets' : 'posts'} ${arrived}`,
    `told ${told.join(', ') || 'not a word'}`,
    ...text.lies.map((lie) => `untrue: ${lie}`),
  ].join('; ');
}
