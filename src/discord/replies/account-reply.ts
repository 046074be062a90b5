import { ButtonStyle } from 'discord.js';
import type { LinkProof } from '../../accounts/account-links.ts';
import { maskEmailAddress } from '../../accounts/email-address.ts';
import type { PersonalSummary } from '../../tickets/personal-records.ts';
import { customId } from '../custom-id.ts';
import { enterCodeButton, sendAgainButton } from './link-reply.ts';
import { button, lines, linkButton, type Reply, row, timestamp } from './reply.ts';

/** What is stored about a person, and what they can do about it. */
export function accountReply(summary: PersonalSummary): Reply {
  const { link, pendingAddress, linkRequest, drafts, attempts, blocks } = summary;
  const isOwnStored = [link, summary.keepsRefusal, pendingAddress, linkRequest].some(Boolean) || drafts + attempts > 0;
  const content = lines(
    ...(link ? linkWords(link, summary.isLinkUsable) : ['No account is linked with you.']),
    summary.keepsRefusal && 'When you link again, moderators may still not open tickets in your name.',
    ...waitingWords(summary),
    isOwnStored && `Texts that are no ticket yet: ${drafts}`,
    isOwnStored && `Records of what was sent: ${attempts} (IDs, times and outcomes, no texts)`,
    blocks > 0 && `Blocks by moderators: ${blocks}. They belong to the moderators and stay until these lift them.`,
    isOwnStored ? `**Unlink** removes all ${blocks > 0 ? 'the rest ' : 'of it '}at once.` : blocks === 0 && NOTHING,
  );
  const buttons = [
    !link && linkButton(),
    isOwnStored && button('Unlink', ButtonStyle.Danger, customId('account-unlink')),
    link && escalationButton(link.allowsEscalation),
    (isOwnStored || blocks > 0) && button('Export', ButtonStyle.Secondary, customId('account-export')),
  ].filter((one) => one !== undefined && one !== false);
  return {
    kind: 'account',
    content,
    components: [row(...buttons), ...(pendingAddress ? [row(enterCodeButton(), sendAgainButton())] : [])],
  };
}

/** What stands there after Unlink. @param left What is stored now. */
export function unlinkedReply(left: PersonalSummary): Reply {
  return {
    kind: 'account',
    content: lines(
      'Your account is unlinked, and nothing of you is stored any more. Tickets that are open at the helpdesk stay there.',
      left.blocks > 0 && 'Only what moderators have written down about you stays: that they blocked you, and why.',
    ),
    components: [row(linkButton())],
  };
}

const NOTHING = 'Nothing is stored about you.';

function linkWords(link: NonNullable<PersonalSummary['link']>, isUsable: boolean): (string | false)[] {
  return [
    `Account: ${maskEmailAddress(link.email)}`,
    `Linked since ${timestamp(link.linkedAt, 'f')}, ${proofWords(link.proof)}`,
    !isUsable && '**This proof does not count here any more.** Use `/link` to prove the address again.',
    link.allowsEscalation
      ? 'Moderators may open tickets in your name from messages that you wrote. They see that you are linked, not your address.'
      : 'Moderators may not open tickets in your name.',
  ];
}

/** Addresses that are not proved yet. */
function waitingWords({ link, pendingAddress, linkRequest }: PersonalSummary): (string | undefined | false)[] {
  return [
    pendingAddress &&
      `Not linked yet: ${maskEmailAddress(pendingAddress.email)}. ${
        pendingAddress.triesLeft > 0
          ? `It waits for its code until ${timestamp(pendingAddress.expiresAt, 't')}.`
          : 'It has no code that counts; **Send again** mails a new one.'
      }`,
    linkRequest &&
      `Not linked yet: ${maskEmailAddress(linkRequest.email)}. It waits for the moderators, whom you asked ${timestamp(linkRequest.requestedAt, 'R')}.`,
    link !== undefined &&
      (pendingAddress ?? linkRequest) !== undefined &&
      'Until then your account above stays linked.',
  ];
}

function proofWords(proof: LinkProof): string {
  switch (proof) {
    case 'email':
      return 'proved by a code that was mailed there';
    case 'moderator':
      return 'approved by a moderator';
    case 'none':
      return 'without a proof';
  }
}

function escalationButton(isAllowed: boolean) {
  return isAllowed
    ? button('No tickets in my name', ButtonStyle.Secondary, customId('account-escalation-off'))
    : button('Allow tickets in my name', ButtonStyle.Secondary, customId('account-escalation-on'));
}
