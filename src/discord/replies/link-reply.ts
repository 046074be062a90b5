import { ButtonStyle } from 'discord.js';
import type { LinkProof } from '../../accounts/account-links.ts';
import type { ConfirmCodeResult, RequestCodeResult } from '../../accounts/email-verification.ts';
import type { LinkDecision } from '../../accounts/link-requests.ts';
import type { Limited } from '../../sliding-window.ts';
import { customId } from '../custom-id.ts';
import { escapeUserText } from './escape-user-text.ts';
import { type HelpdeskNames, inSentence, withoutArticle } from './helpdesk-words.ts';
import { ownAddress } from './own-address.ts';
import { button, card, linkButton, type Reply, row, timestamp } from './reply.ts';

export const enterCodeButton = () => button('Enter code', ButtonStyle.Primary, customId('link-enter-code'));
export const sendAgainButton = () => button('Send again', ButtonStyle.Secondary, customId('link-send-again'));
const editAddressButton = () => button('Edit address', ButtonStyle.Primary, customId('link-edit'));
const openTicketButton = () => button('Open a ticket', ButtonStyle.Primary, customId('ticket-open'));

const STAYS_LINKED = 'What you linked before stays linked.';

/** What a person has to expect, by how links are proved. */
const PROOFS: Readonly<Record<LinkProof, string>> = {
  email: "We'll email you a six-digit code.",
  moderator: "A moderator will confirm that it's yours.",
  none: '',
};

/** Why an account is needed, before the first ticket. */
export function notLinkedReply(helpdesk: Pick<HelpdeskNames, 'name'>, verification: LinkProof): Reply {
  const name = withoutArticle(helpdesk);
  return card(
    'link',
    `🔗 Link your ${escapeUserText(name, name.length)} email first`,
    [`${PROOFS[verification]} Nobody else on Discord sees your address.`.trimStart()],
    [row(linkButton())],
  );
}

/** What became of asking for a code. */
export function codeRequestedReply(result: RequestCodeResult, helpdesk: Pick<HelpdeskNames, 'name'>): Reply {
  switch (result.kind) {
    case 'sent':
      return card(
        'link',
        '📧 Check your email',
        [
          `Code sent to ${ownAddress(result.email)}. It works once and expires ${timestamp(result.expiresAt, 'R')}.`,
          result.replacesLink && 'Your current link stays until you enter the code.',
          'Not there after a minute? Check your spam folder, or press **Send again**.',
          '-# If this message disappears, use `/account`.',
        ],
        [row(enterCodeButton(), sendAgainButton())],
      );
    case 'mail-unconfirmed':
      return card(
        'link',
        '⏳ The email may be delayed',
        [
          `The mail server didn't confirm the email to ${ownAddress(result.email)}. If it arrives, its code works once and expires ${timestamp(result.expiresAt, 'R')}.`,
          result.replacesLink && 'Your current link stays until you enter the code.',
          'Nothing after a few minutes? Press **Send again**. Then only the new code works.',
        ],
        [row(enterCodeButton(), sendAgainButton())],
      );
    case 'invalid-email':
      return card(
        'link',
        "✏️ We can't use that as an email address",
        [
          'It should look like name@example.com. Nothing was sent, and nothing has changed.',
          `Is it correct? Then ask ${inSentence(helpdesk)} which other address you can use.`,
        ],
        [row(editAddressButton())],
      );
    case 'nothing-pending':
      return card(
        'link',
        '⌛ Nothing is waiting for a code',
        ['The last code expired or was used. Nothing was sent. Start again with **Link account**.'],
        [row(linkButton())],
      );
    case 'limited':
      return card(
        'link',
        '✋ Too many codes requested',
        [
          'Nothing was sent. A code you already have still works for the address it was mailed to.',
          `You can ask for a new one ${timestamp(result.retryAt, 'R')}.`,
        ],
        [row(enterCodeButton(), sendAgainButton())],
      );
    case 'mail-refused':
      return card(
        'link',
        "📭 That address can't receive email",
        [
          `The mail server refused ${ownAddress(result.email)}. Check it for typos.`,
          `No code was sent, and earlier codes no longer work. ${STAYS_LINKED}`,
        ],
        [row(editAddressButton())],
      );
    case 'mail-bot-refused':
      return card(
        'link',
        "🔧 The email couldn't be sent",
        [
          `**The mail server refused the bot**, so ${ownAddress(result.email)} got no code. As far as we know, your address is fine, and this try doesn't count.`,
          'Please tell a moderator: somebody has to fix it. **Send again** works for 15 minutes; after that, start again with `/link`.',
          `Earlier codes no longer work. ${STAYS_LINKED}`,
        ],
        [row(sendAgainButton())],
      );
    case 'mail-unreachable':
      return card(
        'link',
        "💤 The email couldn't be sent",
        [
          `We can't reach the mail server, so ${ownAddress(result.email)} got no code. Your address is kept for 15 minutes: press **Send again** in a moment.`,
          `Earlier codes no longer work. ${STAYS_LINKED}`,
        ],
        [row(sendAgainButton())],
      );
  }
}

/** What became of a code. */
export function codeEnteredReply(result: ConfirmCodeResult): Reply {
  switch (result.kind) {
    case 'linked':
      return linkedReply(result.email);
    case 'wrong-code':
      return result.triesLeft > 0
        ? card(
            'link',
            '❌ Wrong code',
            [
              `${result.triesLeft} ${result.triesLeft === 1 ? 'try' : 'tries'} left. Did you ask for several codes? Only the newest one works.`,
            ],
            [row(enterCodeButton(), sendAgainButton())],
          )
        : card(
            'link',
            '❌ Wrong code',
            ['That was the last try, so the code no longer works. Press **Send again** for a new one.'],
            [row(sendAgainButton())],
          );
    case 'void-code':
      return card(
        'link',
        '⌛ That code no longer works',
        [
          'It was wrong too often, or its email may not have been sent. Nothing has changed.',
          'Press **Send again** for a new one.',
        ],
        [row(sendAgainButton())],
      );
    case 'no-code':
      return card(
        'link',
        '⌛ No code is waiting for you',
        [
          'The last one expired or was used. Nothing has changed.',
          "`/account` shows whether you're linked. **Link account** starts again.",
        ],
        [row(linkButton())],
      );
  }
}

/** No account is claimed: only the address was proved, and whether the helpdesk knows it shows at the first ticket. */
export function linkedReply(email: string): Reply {
  return card(
    'linked',
    '✅ Linked. You can open tickets now',
    [`Your email ${ownAddress(email)} is linked. Replies to your tickets go there.`],
    [row(openTicketButton())],
  );
}

/** With LINK_VERIFICATION=moderator. */
export function linkRequestedReply(email: string): Reply {
  return card('link', '📨 Sent to the moderators', [
    `They decide about ${ownAddress(email)}. What you linked before stays linked until they approve.`,
    "We'll tell you the next time you use a command.",
  ]);
}

export function linkRequestLimitedReply({ retryAt }: Limited): Reply {
  return card('link', "✋ You've asked the moderators too often", [
    `Nothing was sent, and nothing has changed. You can ask again ${timestamp(retryAt, 'R')}.`,
  ]);
}

export function linkRequestUndeliveredReply(): Reply {
  return card(
    'link',
    "🔧 The moderators couldn't be asked",
    ["The bot can't write in their channel. Nothing has changed. Tell a moderator, and try again later."],
    [row(linkButton())],
  );
}

export function linkDecidedReply(approved: boolean): Reply {
  return approved
    ? card(
        'linked',
        '✅ A moderator approved your request',
        ['Your email is linked. You can open tickets now.'],
        [row(openTicketButton())],
      )
    : card('link', '⛔ A moderator refused your request', ['Nothing has changed. Ask them why.']);
}

/** For a moderator who decides against what another one has decided already. */
export function decidedOtherwiseReply(decision: LinkDecision): Reply {
  return card('moderation', `⚖️ Another moderator has ${decision} this already`, [
    'Their decision stands. Your click changed nothing.',
    `Does the request still have its buttons? Then the bot couldn't carry it out: press **${decision === 'approved' ? 'Approve' : 'Refuse'}** there to have it done.`,
  ]);
}

/** For a moderator whose decision could not be written over the request. */
export function decisionNotShownReply(
  userId: string,
  { approved, isNoted }: { approved: boolean; isNoted: boolean },
): Reply {
  return card('moderation', '⚖️ Your decision stands', [
    `You ${approved ? 'approved' : 'refused'} the link of <@${userId}>, and that stands. Discord didn't confirm that the request was updated: if it still has buttons, they do nothing.`,
    isNoted
      ? 'Your decision is an entry of its own in this channel.'
      : "It couldn't be written into this channel either: please write it there yourself.",
  ]);
}
