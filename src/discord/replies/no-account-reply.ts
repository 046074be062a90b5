import { ButtonStyle } from 'discord.js';
import { customId } from '../custom-id.ts';
import { button, lines, linkButton, type Reply, row } from './reply.ts';

/** What a moderator reads instead of the form of an escalation, when nobody's account could get the ticket. */
export function noAccountReply(): Reply {
  return { content: lines(NO_ACCOUNT, 'Nothing was done.'), components: [row(linkButton())] };
}

/** The same for a text that was written already. */
export function noAccountForTextReply(draftId: string): Reply {
  const edit = button('Edit', ButtonStyle.Secondary, customId('ticket-edit', draftId));
  const showText = button('Show my text', ButtonStyle.Secondary, customId('ticket-text', draftId));
  return {
    content: lines(
      NO_ACCOUNT,
      'Nothing was sent now; your text is saved. Press **Link account**; after that, **Edit** here offers your own account.',
    ),
    components: [row(linkButton(), edit, showText)],
  };
}

const NO_ACCOUNT =
  'There is no account that could get this ticket: the author is not linked or does not want it, you are not linked, and no account of the community is set up.';
