import { linkCodeMail } from '../../src/accounts/link-code-mail.ts';
import { LookUpTooSlowError } from '../../src/discord/acknowledge.ts';
import type { ChannelAccess } from '../../src/discord/channel-access.ts';
import {
  changedEntry,
  linkEntry,
  linkRequestEntry,
  moderationEntry,
  recoveredEntry,
  submissionEntry,
} from '../../src/discord/delivery/audit-entries.ts';
import { codeModal, linkModal } from '../../src/discord/forms/link-modal.ts';
import { ticketModal } from '../../src/discord/forms/ticket-modal.ts';
import { panelMessage } from '../../src/discord/panel/panel-message.ts';
import { panelReply } from '../../src/discord/panel/panel-reply.ts';
import type { PostPanelResult } from '../../src/discord/panel/post-panel.ts';
import {
  declinedReply,
  declinedWords,
  inYourNameButtons,
  inYourNameReply,
  inYourNameWords,
} from '../../src/discord/replies/in-your-name-reply.ts';
import { decidedOtherwiseReply, decisionNotShownReply } from '../../src/discord/replies/link-reply.ts';
import { noAccountForTextReply, noAccountReply } from '../../src/discord/replies/no-account-reply.ts';
import {
  failureReply,
  onlyModeratorsReply,
  restartingReply,
  unknownReply,
} from '../../src/discord/replies/router-reply.ts';
import { StorageError } from '../../src/storage/record-store.ts';
import type { Attempt } from '../../src/tickets/lifecycle/person-record.ts';
import { EMPTY_FIELDS } from '../../src/tickets/ticket-fields.ts';
import { labelsIn } from './labels.ts';
import type { Sample, SampleGroup } from './sample.ts';
import { ADA, ATTEMPT, DRAFT, GUILD, HELP_CHANNEL, MESSAGE_URL, MIA, PAST, type SampleWords } from './sample-words.ts';

function formSamples({ helpdesk, subject, product, body }: SampleWords): Sample[] {
  const behalf = { options: [{ behalf: 'author', label: 'ada' }], chosen: 'author' } as const;
  return [
    { when: '`/ticket`', by: ['ticketModal'], shows: ticketModal(DRAFT, []) },
    {
      when: '`Escalate to ticket`, with products to choose from',
      by: ['ticketModal'],
      shows: ticketModal(DRAFT, ['VPS'], { ...EMPTY_FIELDS, subject, product, body }, behalf),
    },
    { when: '`/link` and **Link account**', by: ['linkModal'], shows: linkModal(helpdesk) },
    { when: '**Enter code**', by: ['codeModal'], shows: codeModal() },
  ];
}

function directMessages(words: SampleWords): Sample[] {
  const opened = {
    kind: 'opened-in-your-name',
    reference: words.reference,
    moderatorId: MIA,
    messageUrl: MESSAGE_URL,
  } as const;
  const maybe = { kind: 'maybe-opened-in-your-name', moderatorId: MIA, messageUrl: MESSAGE_URL } as const;
  return [
    ...[opened, maybe].map((about) => ({
      when:
        about === opened
          ? 'A moderator opened a ticket in their name'
          : 'The same, and nobody knows whether it is open',
      by: ['inYourNameWords'],
      shows: { text: inYourNameWords(about), buttons: labelsIn(inYourNameButtons(about, words.helpdesk)) },
    })),
    ...[true, false].map((isLinked) => ({
      when: isLinked ? "Below that, after Don't do this again" : 'The same without a link',
      by: ['declinedWords'],
      shows: { text: declinedWords(isLinked) },
    })),
    {
      when: 'As a card at the next command, where direct messages are closed',
      by: ['inYourNameReply'],
      shows: inYourNameReply(opened, words.helpdesk),
    },
    { when: "After Don't do this again there", by: ['declinedReply'], shows: declinedReply(true) },
  ];
}

function auditSamples(words: SampleWords): Sample[] {
  const { blockReason, reference } = words;
  // As an address it would be a link of this document.
  const helpdesk = { ...words.helpdesk, ticketUrl: undefined };
  const submitter = { id: ADA };
  const place = { guildId: GUILD, channelId: HELP_CHANNEL };
  const own = { submitter, place, behalf: 'self' } as const;
  const escalated = { submitter: { id: MIA }, place, escalated: { url: MESSAGE_URL, author: { id: ADA } } };
  const stage = { kind: 'unconfirmed', at: PAST };
  const attempt = { id: ATTEMPT, stage } as unknown as Attempt;
  const entries: [when: string, by: string, text: string | undefined][] = [
    ['A ticket was opened', 'submissionEntry', submissionEntry(own, { kind: 'opened', reference }, helpdesk)],
    ['Its number is unknown', 'submissionEntry', submissionEntry(own, { kind: 'opened' }, helpdesk)],
    ['The helpdesk refused it', 'submissionEntry', submissionEntry(own, { kind: 'refused' }, helpdesk)],
    ['Nobody knows', 'submissionEntry', submissionEntry({ ...own, place: {} }, { kind: 'unconfirmed' }, helpdesk)],
    ...(['author', 'community', 'self'] as const).map((behalf): [string, string, string | undefined] => [
      `A moderator escalated a message (${behalf})`,
      'submissionEntry',
      submissionEntry({ ...escalated, behalf }, { kind: 'opened', reference }, helpdesk),
    ]),
    [
      'The ticket of an escalation has changed',
      'changedEntry',
      changedEntry(
        submissionEntry({ ...escalated, behalf: 'author' }, { kind: 'opened', reference }, helpdesk) ?? '',
        PAST,
      ),
    ],
    [
      'It was found after a crash',
      'recoveredEntry',
      recoveredEntry({ submitterId: ADA, draftId: DRAFT, attempt }, helpdesk),
    ],
    ...(['linked by mailed code', 'linked without proof', 'unlinked'] as const).map(
      (event): [string, string, string] => ['Somebody linked or unlinked', 'linkEntry', linkEntry(ADA, event)],
    ),
    ['A moderator did something', 'moderationEntry', moderationEntry(MIA, `blocked <@${ADA}>`, blockReason)],
  ];
  const request = linkRequestEntry(
    { id: 'request', userId: ADA, email: 'a@b.example', requestedAt: PAST },
    'a•••@b•••.example',
  );
  return [
    ...entries.map(([when, by, text]) => ({ when, by: [by], shows: { text: text ?? '' } })),
    {
      when: 'Somebody asks moderators for a link',
      by: ['linkRequestEntry'],
      shows: { text: request.entry, buttons: labelsIn(request.components) },
    },
  ];
}

function panelSamples(words: SampleWords): Sample[] {
  const channel = { id: HELP_CHANNEL, isThread: false, ofBot: undefined, ofModerator: undefined };
  const missing = ['View Channel', 'Send Messages'];
  const accesses: ChannelAccess[] = [
    { kind: 'hidden' },
    { kind: 'forbidden' },
    { kind: 'gone' },
    { kind: 'takes-no-messages', what: 'a forum' },
    { kind: 'locked' },
    { kind: 'refused', code: 50035 },
    { kind: 'unreachable' },
  ];
  const results: [when: string, PostPanelResult][] = [
    ['It was posted', { kind: 'posted', messageId: ATTEMPT }],
    ['The moderator may not write there', { kind: 'not-yours', missing }],
    ['The bot may not write there', { kind: 'missing', missing }],
    ...accesses.map((access): [string, PostPanelResult] => [
      `Discord did not take it (${access.kind})`,
      { kind: 'refused', access },
    ]),
  ];
  const panel = panelMessage(undefined, words.helpdesk).components[0] as unknown as PanelCard;
  const [text, buttons] = panel.components;
  return [
    {
      when: 'The panel itself, for everybody',
      by: ['panelMessage'],
      shows: { text: text.content, buttons: buttons.components.map(({ label }) => label) },
    },
    ...results.map(([when, result]) => ({ when, by: ['panelReply'], shows: panelReply(result, channel, GUILD) })),
  ];
}

interface PanelCard {
  readonly components: readonly [
    { readonly content: string },
    { readonly components: readonly { readonly label: string }[] },
  ];
}

export const OTHER_GROUPS: readonly SampleGroup[] = [
  { heading: 'Forms', samples: formSamples },
  {
    heading: 'Moderators: escalating a message and deciding about links',
    samples: () => [
      { when: "Nobody's account can be used", by: ['noAccountReply'], shows: noAccountReply() },
      {
        when: 'The same, of a text that is written',
        by: ['noAccountForTextReply'],
        shows: noAccountForTextReply(DRAFT),
      },
      ...(['approved', 'refused'] as const).map((decision) => ({
        when: `Another moderator was first, and ${decision} it`,
        by: ['decidedOtherwiseReply'],
        shows: decidedOtherwiseReply(decision),
      })),
      ...[true, false].map((isNoted) => ({
        when: `The decision could not be written over the request, ${isNoted ? 'and is an entry of its own' : 'nor into the channel'}`,
        by: ['decisionNotShownReply'],
        shows: decisionNotShownReply(ADA, { approved: isNoted, isNoted }),
      })),
    ],
  },
  { heading: 'The panel (`/helpdesk panel`)', samples: panelSamples },
  { heading: 'Direct messages to the author of an escalated message', samples: directMessages },
  { heading: 'Entries of the audit channel', samples: auditSamples },
  {
    heading: 'Any command or button',
    samples: () => [
      { when: 'It is for moderators', by: ['onlyModeratorsReply'], shows: onlyModeratorsReply() },
      { when: 'The bot is stopping', by: ['restartingReply'], shows: restartingReply() },
      { when: 'Nothing knows the button any more', by: ['unknownReply'], shows: unknownReply() },
      ...(
        [
          ['The store is too slow', new LookUpTooSlowError()],
          ['The store fails', new StorageError('sample')],
          ['A defect of the bot', new Error('sample')],
        ] as const
      ).map(([when, error]) => ({ when, by: ['failureReply'], shows: failureReply(error, ATTEMPT) })),
    ],
  },
  {
    heading: 'Mails',
    samples: ({ personName, helpdesk }) => {
      const mail = linkCodeMail(
        { id: ADA, name: personName },
        { code: '123456', helpdeskName: helpdesk.name, minutes: 15 },
      );
      return [
        {
          when: 'Somebody links an address',
          by: ['linkCodeMail'],
          shows: { text: `Subject: ${mail.subject}\n\n${mail.text}` },
        },
      ];
    },
  },
];
