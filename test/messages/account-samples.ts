import type { ConfirmCodeResult, RequestCodeResult } from '../../src/accounts/email-verification.ts';
import { notificationReply } from '../../src/discord/delivery/pending-notification.ts';
import { accountReply, deletedReply, deletionReply, unlinkedReply } from '../../src/discord/replies/account-reply.ts';
import { draftsReply, unsentReply } from '../../src/discord/replies/drafts-reply.ts';
import {
  codeEnteredReply,
  codeRequestedReply,
  linkDecidedReply,
  linkedReply,
  linkRequestedReply,
  linkRequestLimitedReply,
  linkRequestUndeliveredReply,
  notLinkedReply,
} from '../../src/discord/replies/link-reply.ts';
import type { UnsentText } from '../../src/tickets/attempt-outcomes.ts';
import type { PersonalSummary } from '../../src/tickets/personal-records.ts';
import { EMPTY_FIELDS } from '../../src/tickets/ticket-fields.ts';
import type { Sample, SampleGroup } from './sample.ts';
import { ADA, ATTEMPT, DRAFT, FUTURE, GUILD, HELP_CHANNEL, MIA, PAST, type SampleWords } from './sample-words.ts';

const PROOFS = {
  email: 'Before the first ticket, where links are proved by email',
  moderator: 'The same, where moderators approve links',
  none: 'The same, where links are not proved',
} as const;

/** Every result has its words here, or this does not compile. */
function requested(email: string): Readonly<Record<RequestCodeResult['kind'], [when: string, RequestCodeResult]>> {
  return {
    sent: ['A code was mailed', { kind: 'sent', email, expiresAt: FUTURE, replacesLink: true }],
    'mail-unconfirmed': [
      'The mail server did not confirm the mail',
      { kind: 'mail-unconfirmed', email, expiresAt: FUTURE, replacesLink: true },
    ],
    'invalid-email': ['What was typed is no address', { kind: 'invalid-email' }],
    'nothing-pending': ['Send again, when nothing waits for a code', { kind: 'nothing-pending' }],
    limited: ['Too many codes were asked for', { kind: 'limited', retryAt: FUTURE } as RequestCodeResult],
    'mail-refused': ['The mail server refused the address', { kind: 'mail-refused', email }],
    'mail-bot-refused': ['The mail server refuses the bot', { kind: 'mail-bot-refused', email }],
    'mail-unreachable': ['The mail server cannot be reached', { kind: 'mail-unreachable', email }],
  };
}

function entered(email: string): Readonly<Record<ConfirmCodeResult['kind'], [when: string, ConfirmCodeResult][]>> {
  return {
    linked: [['The code was right', { kind: 'linked', email }]],
    'wrong-code': [
      ['The code was wrong', { kind: 'wrong-code', triesLeft: 4 }],
      ['The code was wrong for the last time', { kind: 'wrong-code', triesLeft: 0 }],
    ],
    'void-code': [['The code does not count any more', { kind: 'void-code' }]],
    'no-code': [['Nothing waits for a code', { kind: 'no-code' }]],
  };
}

function linkSamples(words: SampleWords): Sample[] {
  const { email, helpdesk } = words;
  return [
    ...Object.entries(PROOFS).map(([proof, when]) => ({
      when,
      by: ['notLinkedReply'],
      shows: notLinkedReply(helpdesk, proof as keyof typeof PROOFS),
    })),
    ...Object.values(requested(email)).map(([when, result]) => ({
      when,
      by: ['codeRequestedReply'],
      shows: codeRequestedReply(result, helpdesk),
    })),
    ...Object.values(entered(email))
      .flat()
      .map(([when, result]) => ({ when, by: ['codeEnteredReply'], shows: codeEnteredReply(result) })),
    { when: 'Linked without a proof', by: ['linkedReply'], shows: linkedReply(email) },
    { when: 'Moderators were asked', by: ['linkRequestedReply'], shows: linkRequestedReply(email) },
    {
      when: 'Moderators were asked too often',
      by: ['linkRequestLimitedReply'],
      shows: linkRequestLimitedReply({ kind: 'limited', retryAt: FUTURE } as Parameters<
        typeof linkRequestLimitedReply
      >[0]),
    },
    {
      when: 'Moderators could not be asked',
      by: ['linkRequestUndeliveredReply'],
      shows: linkRequestUndeliveredReply(),
    },
    { when: 'At the next command: approved', by: ['linkDecidedReply'], shows: linkDecidedReply(true) },
    { when: 'At the next command: refused', by: ['linkDecidedReply'], shows: linkDecidedReply(false) },
  ];
}

const NOTHING: PersonalSummary = {
  link: undefined,
  isLinkUsable: true,
  keepsRefusal: false,
  pendingAddress: undefined,
  linkRequest: undefined,
  drafts: 0,
  attempts: 0,
  tickets: 0,
  ownTickets: 0,
  wantsNews: false,
  watching: 'off',
  blocks: 0,
};

function everything(email: string): PersonalSummary {
  const link = { email, linkedAt: PAST, proof: 'email', allowsEscalation: true } as PersonalSummary['link'];
  const linkRequest = { id: 'request', userId: ADA, email, requestedAt: PAST };
  return { ...NOTHING, link, linkRequest, drafts: 6, attempts: 12, blocks: 1 };
}

function accountSamples({ email, helpdesk }: SampleWords): Sample[] {
  const all = everything(email);
  const pending = (triesLeft: number) =>
    ({ email, triesLeft, expiresAt: FUTURE }) as unknown as PersonalSummary['pendingAddress'];
  const cases: [when: string, PersonalSummary][] = [
    ['Nothing is stored', NOTHING],
    ['Everything there can be', { ...all, pendingAddress: pending(3) }],
    [
      'Another proof is asked for now, and the code is used up',
      { ...all, isLinkUsable: false, pendingAddress: pending(0) },
    ],
    [
      'Linked, and moderators may not open tickets',
      { ...NOTHING, link: all.link && { ...all.link, allowsEscalation: false, proof: 'moderator' } },
    ],
    ['Unlinked by a moderator, after a no to tickets', { ...NOTHING, keepsRefusal: true }],
  ];
  return [
    ...cases.map(([when, summary]) => ({ when, by: ['accountReply'], shows: accountReply(summary, helpdesk) })),
    {
      when: 'At the next command, after a moderator removed the link',
      by: ['notificationReply'],
      shows: notificationReply({ id: ATTEMPT, at: PAST, about: { kind: 'unlinked', moderatorId: MIA } }, helpdesk),
    },
    {
      when: 'After Unlink',
      by: ['unlinkedReply'],
      shows: unlinkedReply({ ...all, link: undefined, keepsRefusal: true }),
    },
    { when: 'Delete everything…', by: ['deletionReply'], shows: deletionReply(all) },
    { when: 'After Delete everything', by: ['deletedReply'], shows: deletedReply(all) },
  ];
}

/** More than are shown at once. */
function unsentTexts({ subject, product, body, personName, reference }: SampleWords): UnsentText[] {
  const draft = {
    id: DRAFT,
    submitter: { id: ADA, name: personName },
    place: { guildId: GUILD, channelId: HELP_CHANNEL },
    fields: { ...EMPTY_FIELDS, subject, product, body },
    behalf: 'self' as const,
    createdAt: PAST,
  };
  const earlier = { attemptId: ATTEMPT, submitterId: ADA, reference, at: PAST };
  const states = [undefined, 'opened', 'unconfirmed', undefined, undefined] as const;
  return states.map((state, i) => ({
    draft: { ...draft, id: `${DRAFT.slice(1)}${i}` },
    keptUntil: FUTURE,
    earlier: state && { ...earlier, state },
    waits: i === 3,
  }));
}

export const ACCOUNT_GROUPS: readonly SampleGroup[] = [
  { heading: 'Linking an account', samples: linkSamples },
  { heading: '`/account`', samples: accountSamples },
  {
    heading: 'Unsent tickets',
    samples: (words) => {
      const texts = unsentTexts(words);
      return [
        { when: 'Drafts, when there are none', by: ['draftsReply'], shows: draftsReply([], { down: false }) },
        { when: 'Drafts', by: ['draftsReply'], shows: draftsReply(texts, { down: true }) },
        {
          when: '`/ticket`, before a new one',
          by: ['unsentReply'],
          shows: unsentReply(texts.slice(0, 1), { down: false }),
        },
        { when: 'The same with several', by: ['unsentReply'], shows: unsentReply(texts, { down: false }) },
      ];
    },
  },
];
