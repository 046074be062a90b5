import { ButtonStyle } from 'discord.js';
import type { UnsentText } from '../../tickets/attempt-outcomes.ts';
import type { HelpdeskQueue } from '../../tickets/helpdesk-queue.ts';
import { customId } from '../custom-id.ts';
import { escapeUserText } from './escape-user-text.ts';
import { button, card, lines, type Reply, type ReplyItem, row, timestamp } from './reply.ts';
import {
  cancelButton,
  despiteButton,
  editButton,
  retryButton,
  showTextButton,
  whenBackButton,
} from './ticket-buttons.ts';

/** Discord's 40 components of a message hold no more, with four buttons each. */
const SHOWN = 4;
const SUBJECT_LENGTH = 100;

/** Whether the helpdesk is left alone at this moment. */
type HelpdeskState = Pick<HelpdeskQueue, 'down'>;

/** A person's texts that are no ticket, newest first, with what they can do with each. */
export function draftsReply(unsent: readonly UnsentText[], helpdesk: HelpdeskState): Reply {
  if (unsent.length === 0)
    return card('text', '📝 No unsent tickets', ['Everything you wrote was sent, deleted, or has expired.']);
  const title = `📝 ${countWords(unsent)}`;
  return {
    ...card('text', title, [hiddenWords(unsent)]),
    items: unsent.slice(0, SHOWN).map((one) => itemOf(one, helpdesk)),
  };
}

/** As in "1 unsent ticket": the same of replies, and of both together. */
function countWords(unsent: readonly UnsentText[], one = '1'): string {
  const replies = unsent.filter(({ draft }) => draft.answers !== undefined).length;
  const noun =
    replies === 0 ? ['ticket', 'tickets'] : replies === unsent.length ? ['reply', 'replies'] : ['text', 'texts'];
  return unsent.length === 1 ? `${one} unsent ${noun[0]}` : `${unsent.length} unsent ${noun[1]}`;
}

/** What a person reads before they write another ticket. */
export function unsentReply(unsent: readonly UnsentText[], helpdesk: HelpdeskState): Reply {
  const title = `📝 You have ${countWords(unsent, 'an')}`;
  return {
    ...draftsReply(unsent, helpdesk),
    content: lines(
      `### ${title}`,
      "Send it, change it or delete it here. You'll also find it under `/account`.",
      hiddenWords(unsent),
    ),
    components: [row(button('New ticket', ButtonStyle.Success, customId('ticket-new')))],
  };
}

function hiddenWords({ length }: readonly UnsentText[]): string | false {
  return length > SHOWN && `-# The newest ${SHOWN} are here. The others appear when you send or delete one.`;
}

function itemOf({ draft, keptUntil, earlier, waits }: UnsentText, { down }: HelpdeskState): ReplyItem {
  const subject = draft.fields.subject.trim();
  const canWait = down && !draft.escalated;
  const send = canWait ? whenBackButton(draft.id) : retryButton(draft.id, 'Send');
  return {
    content: lines(
      `**${subject === '' ? '(no subject)' : escapeUserText(subject, SUBJECT_LENGTH)}**`,
      `-# Written ${timestamp(draft.createdAt, 'R')}, kept until ${timestamp(keptUntil, 'f')}`,
      waits && '⏳ Sent as soon as the helpdesk is back.',
      earlier && `⚠️ ${earlierWords(earlier, draft.answers !== undefined)}`,
    ),
    buttons: row(
      waits
        ? cancelButton(draft.id)
        : earlier
          ? despiteButton(draft.id, { ...earlier, isAnswer: draft.answers !== undefined })
          : send,
      editButton(draft.id),
      showTextButton(draft.id),
      button('Delete', ButtonStyle.Danger, customId('draft-delete', draft.id)),
    ),
  };
}

function earlierWords({ state }: NonNullable<UnsentText['earlier']>, isAnswer: boolean): string {
  if (isAnswer) return state === 'opened' ? 'It is in the ticket already.' : 'It may be in the ticket already.';
  return state === 'opened' ? 'It is a ticket already.' : 'It may be a ticket already.';
}
