import type { TicketDraft } from '../../tickets/ticket-drafts.ts';
import type { Services } from '../command.ts';
import { truncateWithEllipsis } from '../replies/truncate.ts';
import type { BehalfOption } from './ticket-modal.ts';

/**
 * On whose behalf an escalation may be opened now. Says that somebody is linked, never the address. Empty when there is
 * no account at all.
 */
export async function behalfOptions(
  draft: TicketDraft,
  { accounts: { links }, config }: Pick<Services, 'accounts' | 'config'>,
): Promise<BehalfOption[]> {
  const author = draft.escalated?.author;
  const isOwn = author?.id === draft.submitter.id;
  const [authorLink, ownLink] = await Promise.all([
    author && !isOwn ? links.find(author.id) : undefined,
    links.find(draft.submitter.id),
  ]);
  const options: BehalfOption[] = [];
  if (author && authorLink?.allowsEscalation) {
    options.push({
      behalf: 'author',
      label: truncateWithEllipsis(`The author's account: ${author.name} (linked)`, 100),
    });
  }
  if (config.moderation.escalationEmail) options.push({ behalf: 'community', label: "The community's account" });
  if (ownLink) options.push({ behalf: 'self', label: 'My own account' });
  return options;
}
