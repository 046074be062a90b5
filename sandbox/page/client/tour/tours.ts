import { html, type TemplateResult } from 'lit-html';
import type { Facts } from './facts.ts';

/** One thing to do, in one sentence. */
export interface Step {
  readonly sentence: TemplateResult;
  /** @param since What was so when the tour began. */
  isDone(now: Facts, since: Facts): boolean;
}

export interface Tour {
  readonly sign: string;
  readonly title: string;
  /** Where there is little room. */
  readonly shortTitle: string;
  readonly steps: readonly Step[];
  /** Said when everything is done, of what has come of it. */
  end(now: Facts): TemplateResult;
}

const atInspector = html`<span class="wide">at the right</span><span class="narrow">under Inspector, below</span>`;

const isMember = ({ role }: Facts) => role === 'member';

/** Only who is linked has been offered to open a ticket, or has tried to. */
const isLinked = ({ privateButtons, attempt }: Facts) => privateButtons.has('Open a ticket') || attempt !== undefined;

const hasNewTicket = (now: Facts, since: Facts) => now.tickets > since.tickets;

const beAda: Step = { sentence: html`Be <b>ada</b>: choose her at the top.`, isDone: isMember };

/** The three ways to get to know the bot, each done by oneself. */
export const TOURS: readonly Tour[] = [
  {
    sign: '①',
    title: 'Open your first ticket',
    shortTitle: 'First ticket',
    steps: [
      beAda,
      {
        sentence: html`Type <code>/ticket</code> below, and press Enter.`,
        isDone: (now) => now.isFormOpen || now.privateButtons.has('Link account') || isLinked(now),
      },
      {
        sentence: html`Press <b>Link account</b>, and give any address, such as ada@example.org.`,
        isDone: (now, since) => now.mails > since.mails || isLinked(now),
      },
      {
        sentence: html`The mail has arrived: copy its code from <b>Mailbox</b>, ${atInspector}.`,
        isDone: (now) => now.hasCopied || isLinked(now),
      },
      {
        sentence: html`Press <b>Enter code</b> in Discord, and paste it.`,
        isDone: isLinked,
      },
      {
        sentence: html`You are linked: press <b>Open a ticket</b>, fill in the form, and submit it.`,
        isDone: hasNewTicket,
      },
      {
        sentence: html`It is open. Press <b>View ticket</b> to see it as the helpdesk has it.`,
        isDone: (now, since) => now.highlightedTicket !== since.highlightedTicket,
      },
    ],
    end: () => html`That was all that a member ever has to do, and the code is needed only once.`,
  },
  {
    sign: '②',
    title: 'Be the moderator and escalate',
    shortTitle: 'Escalate',
    steps: [
      {
        sentence: html`Be <b>mia</b>, the moderator: choose her at the top.`,
        isDone: ({ role }) => role === 'moderator',
      },
      {
        sentence: html`In #help, right-click a message (or press its ⋯), and choose <b>Escalate to ticket</b>.`,
        isDone: (now, since) => now.isFormOpen || hasNewTicket(now, since),
      },
      {
        sentence: html`Choose on whose behalf, and press <b>Submit</b>.`,
        isDone: hasNewTicket,
      },
      {
        sentence: html`Now open <b>#mod-log</b>, which only moderators see.`,
        isDone: ({ place }) => place === 'mod-log',
      },
    ],
    end: () => html`What is done for somebody is written down here, and its author was told in #help.`,
  },
  {
    sign: '③',
    title: 'Kill the bot while it sends',
    shortTitle: 'Kill the bot',
    steps: [
      beAda,
      {
        sentence: html`This needs a linked account: type <code>/link</code>, and enter the code from <b>Mailbox</b>, ${atInspector}.`,
        isDone: isLinked,
      },
      {
        sentence: html`Turn on <b>Helpdesk hangs</b>, ${atInspector}: it takes a ticket and never answers.`,
        isDone: ({ faults }) => faults.has('helpdesk:hang'),
      },
      {
        sentence: html`Type <code>/ticket</code> in Discord, fill in the form, and submit it.`,
        // Until it is handed to the helpdesk, a bot that dies knows that it was not sent.
        isDone: ({ attempt }, since) =>
          attempt !== undefined && attempt.id !== since.attempt?.id && attempt.stage !== 'received',
      },
      {
        sentence: html`It is being sent at this moment: turn on <b>Bot killed</b>, ${atInspector}.`,
        isDone: ({ faults }) => faults.has('bot-killed'),
      },
      {
        sentence: html`Turn <b>Helpdesk hangs</b> and <b>Bot killed</b> off again: the bot starts.`,
        isDone: ({ faults }) => !faults.has('helpdesk:hang') && !faults.has('bot-killed'),
      },
      {
        sentence: html`Wait for the bot, and read in Discord what it says about your ticket.`,
        isDone: ({ attempt, isBotOnline }) => isBotOnline && attempt?.isDelivered === true,
      },
    ],
    end: ({ attempt }) =>
      attempt?.stage === 'unconfirmed'
        ? html`Nobody knows whether it was opened. The bot says so, keeps your text, and lets you decide.`
        : html`The bot did not die while the ticket was on its way, so it knows what became of it, and says so.`,
  },
];
