import { ButtonStyle } from 'discord.js';
import type { ConfirmCodeResult, RequestCodeResult } from '../../accounts/email-verification.ts';
import type { LinkDecision } from '../../accounts/link-requests.ts';
import type { Limited } from '../../sliding-window.ts';
import { customId } from '../custom-id.ts';
import { button, lines, linkButton, type Reply, row, timestamp } from './reply.ts';

export const enterCodeButton = () => button('Enter code', ButtonStyle.Primary, customId('link-enter-code'));
export const sendAgainButton = () => button('Send again', ButtonStyle.Secondary, customId('link-send-again'));
const openTicketButton = () => button('Open a ticket', ButtonStyle.Primary, customId('ticket-open'));

/** Why an account is needed, before the first ticket. */
export function notLinkedReply(): Reply {
  return {
    kind: 'link',
    content: lines(
      'Tickets are opened on your helpdesk account, and answers arrive there by email. No account is linked with you yet.',
      'Press **Link account** and prove the address once; nobody else in Discord gets to see it.',
    ),
    components: [row(linkButton())],
  };
}

/** What became of asking for a code. */
export function codeRequestedReply(result: RequestCodeResult): Reply {
  switch (result.kind) {
    case 'sent':
      return {
        kind: 'link',
        content: lines(
          `A six-digit code is on its way to ${result.maskedEmail}. It works once, until ${timestamp(result.expiresAt, 't')}.`,
          result.replacesLink && 'The account that is linked now stays linked until you enter the code.',
          'Nothing there after a minute? Look into the spam folder, or press **Send again**. If this message disappears, `/account` has the same buttons.',
        ),
        components: [row(enterCodeButton(), sendAgainButton())],
      };
    case 'mail-unconfirmed':
      return {
        kind: 'link',
        content: lines(
          `The mail server took long over the mail to ${result.maskedEmail}, so **it is not known whether it arrives**. If it does, its code works once, until ${timestamp(result.expiresAt, 't')}.`,
          result.replacesLink && 'The account that is linked now stays linked until you enter the code.',
          'Nothing there after a few minutes? Press **Send again**: then only the new code counts.',
        ),
        components: [row(enterCodeButton(), sendAgainButton())],
      };
    case 'invalid-email':
      return {
        kind: 'link',
        content: lines(
          'This is not an email address that the helpdesk can take. One looks like name@example.com. Nothing was sent, and nothing has changed.',
          'Is it the address of your account all the same? Then ask the helpdesk which other one you can use.',
        ),
        components: [row(linkButton())],
      };
    case 'nothing-pending':
      return {
        kind: 'link',
        content:
          'There is no address that waits for a code any more. Nothing was sent. Start again with **Link account**.',
        components: [row(linkButton())],
      };
    case 'limited':
      return {
        kind: 'link',
        content: lines(
          'Too many codes were asked for, by you or for this address, so none was sent now.',
          `A code that you have already still links the address that it was mailed to. You can ask again ${timestamp(result.retryAt, 'R')}.`,
        ),
        components: [row(enterCodeButton(), sendAgainButton())],
      };
    case 'mail-refused':
      return {
        kind: 'link',
        content: `The mail server does not deliver to ${result.maskedEmail}, so no code is on its way, and an earlier one does not count any more. What is linked stays linked. Check the address, and start again with **Link account**.`,
        components: [row(linkButton())],
      };
    case 'mail-bot-refused':
      return {
        kind: 'link',
        content: lines(
          `The mail to ${result.maskedEmail} could not be sent right now, and that is on our side: **the mail server turns the bot away**. Nothing is known to be wrong with your address, and this try doesn't count.`,
          'Please tell a moderator: it takes somebody to mend it. Your address is kept for 15 minutes, for **Send again**; after that, `/link` starts again. What is linked stays linked; a code from before no longer works.',
        ),
        components: [row(sendAgainButton())],
      };
    case 'mail-unreachable':
      return {
        kind: 'link',
        content: lines(
          `The mail to ${result.maskedEmail} could not be sent right now. Your address is kept for 15 minutes: press **Send again** in a moment.`,
          'No code counts before that, an earlier one neither. What is linked stays linked.',
        ),
        components: [row(sendAgainButton())],
      };
  }
}

/** What became of a code. */
export function codeEnteredReply(result: ConfirmCodeResult): Reply {
  switch (result.kind) {
    case 'linked':
      return linkedReply(result.maskedEmail);
    case 'wrong-code':
      return result.triesLeft > 0
        ? {
            kind: 'link',
            content: lines(
              `This is not the code. Nothing has changed; ${tries(result.triesLeft)} left.`,
              'If you asked for several codes, only the newest one works.',
            ),
            components: [row(enterCodeButton(), sendAgainButton())],
          }
        : {
            kind: 'link',
            content: lines(
              'This is not the code, and it was the last try: the code does not count any more. Nothing has changed.',
              'Press **Send again** for a new one.',
            ),
            components: [row(sendAgainButton())],
          };
    case 'void-code':
      return {
        kind: 'link',
        content: lines(
          'There is no code that counts at the moment: the last one was wrong too often, or the bot could not make sure that its mail was sent. It does not count any more, and nothing has changed.',
          'Press **Send again** for a new one.',
        ),
        components: [row(sendAgainButton())],
      };
    case 'no-code':
      return {
        kind: 'link',
        content: lines(
          'No code of yours is waiting any more: it has been used, or its 15 minutes are over. Nothing has changed now.',
          '`/account` shows whether you are linked; **Link account** starts again.',
        ),
        components: [row(linkButton())],
      };
  }
}

function tries(left: number): string {
  return left === 1 ? '1 try is' : `${left} tries are`;
}

export function linkedReply(maskedEmail: string): Reply {
  return {
    kind: 'link',
    content: `Your account ${maskedEmail} is linked. Tickets that you open are opened on it, and answers arrive there by email.`,
    components: [row(openTicketButton())],
  };
}

/** With LINK_VERIFICATION=moderator. */
export function linkRequestedReply(maskedEmail: string): Reply {
  return {
    kind: 'link',
    content: lines(
      `Your request to link ${maskedEmail} is with the moderators. What was linked before stays linked until they approve.`,
      'You will be told at your next command.',
    ),
    components: [],
  };
}

export function linkRequestLimitedReply({ retryAt }: Limited): Reply {
  return {
    kind: 'link',
    content: lines(
      'You have asked the moderators as often as one person may within an hour, so they were not asked again. Nothing has changed.',
      `You can ask again ${timestamp(retryAt, 'R')}.`,
    ),
    components: [],
  };
}

export function linkRequestUndeliveredReply(): Reply {
  return {
    kind: 'link',
    content:
      'The moderators could not be asked: their channel cannot be reached. Nothing has changed. Tell a moderator, and try again later.',
    components: [row(linkButton())],
  };
}

export function linkDecidedReply(approved: boolean): Reply {
  return approved
    ? {
        kind: 'link',
        content: 'A moderator approved your request: your account is linked.',
        components: [row(openTicketButton())],
      }
    : {
        kind: 'link',
        content: 'A moderator refused your request to link an account. Nothing has changed; ask them why.',
        components: [],
      };
}

/** For a moderator who decides against what another one has decided already. */
export function decidedOtherwiseReply(decision: LinkDecision): Reply {
  return {
    kind: 'link',
    content: lines(
      `Another moderator has ${decision} this request already, and that holds. Your click changed nothing.`,
      `If the request keeps its buttons, the bot could not carry that out: press **${decision === 'approved' ? 'Approve' : 'Refuse'}** to have it done.`,
    ),
    components: [],
  };
}

/** For a moderator whose decision could not be written over the request. */
export function decisionNotShownReply(
  userId: string,
  { approved, isNoted }: { approved: boolean; isNoted: boolean },
): Reply {
  return {
    kind: 'link',
    content: lines(
      `You ${approved ? 'approved' : 'refused'} the link of <@${userId}>, and that holds. Discord did not confirm the change of the request: if it still has buttons, they do nothing.`,
      isNoted
        ? 'Your decision is an entry of its own in this channel.'
        : 'Nor could your decision be written into this channel: please write it there yourself.',
    ),
    components: [],
  };
}
