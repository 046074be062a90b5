import { card, linkButton, type Reply, row } from './reply.ts';
import { editButton, showTextButton } from './ticket-buttons.ts';

/** What a moderator reads instead of the form of an escalation, when nobody's account could get the ticket. */
export function noAccountReply(): Reply {
  return card('declined', TITLE, [WHY, NEXT], [row(linkButton())]);
}

/** The same for a text that was written already. */
export function noAccountForTextReply(draftId: string): Reply {
  const after = 'Nothing was sent; your text is saved. Once you are linked, **Edit** here offers your own account.';
  const buttons = row(linkButton(), editButton(draftId), showTextButton(draftId));
  return card('not-sent', TITLE, [WHY, NEXT, after], [buttons]);
}

const TITLE = "👤 Nobody's account can be used for this ticket";
const WHY =
  "The author isn't linked or doesn't want it, you aren't linked, and the community has no account of its own.";
const NEXT = 'Link yours, or ask an admin to set `ESCALATION_EMAIL`.';
