import { type ButtonBuilder, ButtonStyle } from 'discord.js';
import type { PersonalSummary } from '../../tickets/personal-records.ts';
import { customId } from '../custom-id.ts';
import { type HelpdeskNames, inSentence } from './helpdesk-words.ts';
import { enterCodeButton, sendAgainButton } from './link-reply.ts';
import { ownAddress } from './own-address.ts';
import { proofWords } from './proof-words.ts';
import { button, card, lines, linkButton, type Reply, type ReplySection, row, timestamp } from './reply.ts';
import { myTicketsButton } from './ticket-buttons.ts';

/** What is stored about a person, and what they can do about it. */
export function accountReply(summary: PersonalSummary, names: Pick<HelpdeskNames, 'name'>): Reply {
  const { link, pendingAddress, attempts, blocks } = summary;
  const sections = [
    linkSection(summary, names),
    link && escalationSection(link.allowsEscalation),
    summary.drafts > 0 && draftsSection(summary.drafts),
    link && summary.isLinkUsable && ticketsSection(summary.ownTickets),
    link && summary.isLinkUsable && summary.watching !== 'never' && watchSection(summary.watching === 'on'),
  ];
  const isOwnStored = hasOwn(summary);
  const body = [
    ...waitingWords(summary),
    !link && summary.keepsRefusal && 'When you link again, moderators may still not open tickets in your name.',
    attempts > 0 && `🧾 Records of what was sent: ${attempts} (IDs, times and outcomes, no texts)`,
    blocks > 0 && `⛔ Blocks by moderators: ${blocks}. They stay until the moderators lift them.`,
    !isOwnStored && blocks === 0 && 'Nothing is stored about you.',
  ];
  const buttons = [
    link && button('Unlink', ButtonStyle.Secondary, customId('account-unlink')),
    (isOwnStored || blocks > 0) && button('Export my data', ButtonStyle.Secondary, customId('account-export')),
    isOwnStored && button('Delete everything…', ButtonStyle.Danger, customId('account-delete')),
  ].filter((one): one is ButtonBuilder => one instanceof Object);
  return {
    ...card('account', '👤 Your account', body),
    sections: sections.filter((one): one is ReplySection => one instanceof Object),
    components: [
      ...(pendingAddress ? [row(enterCodeButton(), sendAgainButton())] : []),
      ...(buttons.length > 0 ? [row(...buttons)] : []),
    ],
  };
}

/** What stands there after Unlink. @param left What is stored now. */
export function unlinkedReply(left: PersonalSummary): Reply {
  const erase = hasOwn(left) && button('Delete everything…', ButtonStyle.Danger, customId('account-delete'));
  return {
    ...card('account', '🔗 You are unlinked', [
      'Tickets that are open stay open.',
      left.keepsRefusal && 'When you link again, moderators may still not open tickets in your name.',
    ]),
    sections: left.drafts > 0 ? [draftsSection(left.drafts)] : [],
    components: [erase ? row(linkButton(), erase) : row(linkButton())],
  };
}

/** Asked once, before everything goes. */
export function deletionReply({ link, drafts, attempts, ...rest }: PersonalSummary): Reply {
  return card(
    'account',
    '🗑️ Delete everything?',
    [
      'This removes for good:',
      (link ?? rest.pendingAddress ?? rest.linkRequest) && '- your email address',
      drafts > 0 && `- ${drafts === 1 ? '1 unsent ticket' : `${drafts} unsent tickets`}`,
      (attempts > 0 || rest.tickets > 0) &&
        '- the records of tickets you sent, with their subjects (open tickets stay open)',
      rest.blocks > 0 && 'What stays: that moderators blocked you, and why.',
    ],
    [row(button('Delete everything', ButtonStyle.Danger, customId('account-erase')))],
  );
}

/** What stands there afterwards. @param left What is stored now. */
export function deletedReply(left: PersonalSummary): Reply {
  return card(
    'account',
    '🗑️ Everything about you was deleted',
    ['Tickets that are open stay open.', left.blocks > 0 && 'Only this stays: that moderators blocked you, and why.'],
    [row(linkButton())],
  );
}

function hasOwn(summary: PersonalSummary): boolean {
  const { link, pendingAddress, linkRequest, drafts, attempts, tickets, keepsRefusal, wantsNews } = summary;
  return [link, keepsRefusal, pendingAddress, linkRequest, wantsNews].some(Boolean) || drafts + attempts + tickets > 0;
}

function linkSection({ link, isLinkUsable }: PersonalSummary, names: Pick<HelpdeskNames, 'name'>): ReplySection {
  if (!link)
    return { content: `🔗 No account is linked: link your email at ${inSentence(names)}.`, button: linkButton() };
  return {
    content: lines(
      `🔗 ${ownAddress(link.email)}`,
      `-# Linked since ${timestamp(link.linkedAt, 'f')}, ${proofWords(link.proof)}`,
      !isLinkUsable && '**This proof no longer counts here.** Please link your email again.',
    ),
    button: button('Change', ButtonStyle.Secondary, customId('link')),
  };
}

function escalationSection(isAllowed: boolean): ReplySection {
  return isAllowed
    ? {
        content: lines(
          '👮 Moderators may open tickets in your name from messages that you wrote.',
          '-# They see that you are linked, not your address.',
        ),
        button: button("Don't allow", ButtonStyle.Secondary, customId('account-escalation-off')),
      }
    : {
        content: '👮 Moderators may not open tickets in your name.',
        button: button('Allow', ButtonStyle.Secondary, customId('account-escalation-on')),
      };
}

function draftsSection(drafts: number): ReplySection {
  return {
    content: `📝 ${drafts === 1 ? '1 unsent ticket' : `${drafts} unsent tickets`}`,
    button: button('Drafts', ButtonStyle.Primary, customId('account-drafts')),
  };
}

function watchSection(isOn: boolean): ReplySection {
  return isOn
    ? {
        content: '🔔 We tell you when something changes at your tickets.',
        button: button('Stop telling me', ButtonStyle.Secondary, customId('account-watch-off')),
      }
    : {
        content: "🔕 We don't tell you when something changes at your tickets.",
        button: button('Tell me when something changes', ButtonStyle.Secondary, customId('account-watch-on')),
      };
}

function ticketsSection(tickets: number): ReplySection {
  const words = tickets === 1 ? '1 ticket' : `${tickets} tickets`;
  return { content: `🎫 ${tickets === 0 ? 'No tickets yet' : words}`, button: myTicketsButton() };
}

/** Addresses that are not proved yet. */
function waitingWords({ link, pendingAddress, linkRequest }: PersonalSummary): (string | undefined | false)[] {
  return [
    pendingAddress &&
      `📧 Not linked yet: ${ownAddress(pendingAddress.email)}. ${
        pendingAddress.triesLeft > 0
          ? `Its code expires ${timestamp(pendingAddress.expiresAt, 'R')}.`
          : 'It has no code that works; **Send again** mails a new one.'
      }`,
    linkRequest &&
      `⏳ Not linked yet: ${ownAddress(linkRequest.email)}. The moderators were asked ${timestamp(linkRequest.requestedAt, 'R')}.`,
    link !== undefined &&
      (pendingAddress ?? linkRequest) !== undefined &&
      'Until then the linked account below stays linked.',
  ];
}
