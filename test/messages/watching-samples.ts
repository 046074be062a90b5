import {
  notToldHereReply,
  ticketChangedButtons,
  ticketChangedReply,
  ticketChangedWords,
  toldFromNowOnReply,
  toldNoMoreReply,
  watchingEndedReply,
} from '../../src/discord/replies/watch-reply.ts';
import { labelsIn } from './labels.ts';
import type { SampleGroup } from './sample.ts';
import { ATTEMPT, PAST } from './sample-words.ts';

export const WATCHING_GROUPS: readonly SampleGroup[] = [
  {
    heading: 'Being told of changes',
    samples: ({ reference, helpdesk }) => {
      const change = { ticketId: ATTEMPT, reference, changedAt: PAST };
      return [
        { when: '**Tell me when something changes**', by: ['toldFromNowOnReply'], shows: toldFromNowOnReply(30) },
        { when: '**Stop telling me**', by: ['toldNoMoreReply'], shows: toldNoMoreReply() },
        { when: 'With WATCH_LOOKS_PER_MINUTE=0', by: ['notToldHereReply'], shows: notToldHereReply() },
        {
          when: 'The direct message',
          by: ['ticketChangedWords'],
          shows: { text: ticketChangedWords(change), buttons: labelsIn(ticketChangedButtons(change, helpdesk)) },
        },
        {
          when: 'At the next command, where direct messages are closed or it is not known whether one arrived',
          by: ['ticketChangedReply'],
          shows: ticketChangedReply(change, helpdesk),
        },
        {
          when: 'At the next command, after three direct messages that were refused',
          by: ['watchingEndedReply'],
          shows: watchingEndedReply(),
        },
      ];
    },
  },
];
