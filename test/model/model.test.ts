import { expect, test } from 'vitest';
import { findAttempt } from '../../src/tickets/lifecycle/person-record.ts';
import { explore } from './explore.ts';
import { TRANSITIONS, type Transitions } from './transitions.ts';
import { worldsOf } from './worlds.ts';

const WORLDS = worldsOf('small');

test.each(WORLDS)('every promise holds in every state: $name', (world) => {
  const found = explore(world);
  expect(found.violation).toBeUndefined();
  expect(found.states).toBeGreaterThan(50);
});

interface Planted {
  /** How the name of a world begins in which it shows. */
  readonly world: string;
  readonly wrong: Partial<Transitions>;
}

/** What the model has to find when it is done wrong. */
const PLANTED: Readonly<Record<string, Planted>> = {
  'what a form said before it was edited is not remembered': {
    world: 'same words in two forms, one edited after nothing came of it',
    wrong: {
      receive: (record, message, event, now) => {
        const received = TRANSITIONS.receive(record, message, event, now);
        const requests = received.record.requests.map(({ formerWords: _, ...request }) => ({
          ...request,
          related: [],
        }));
        return { ...received, record: { ...received.record, requests } };
      },
    },
  },
  'the call is made before its record is written': {
    world: 'same words in two forms; a process dies',
    wrong: {
      takeTurn: (record, message, event, now) => ({ ...TRANSITIONS.takeTurn(record, message, event, now), record }),
    },
  },
  'two owners: an attempt is left by a process to which it belongs no more': {
    world: 'same words in two forms, two processes',
    wrong: {
      leave: (record, event, now) => {
        const reason = { kind: 'answered-elsewhere' } as const;
        const ending = { kind: 'not-sent', reason } as const;
        return TRANSITIONS.finish(record, { attemptId: event.attemptId, ending, givesUsesBack: false }, now).record;
      },
    },
  },
  'what was being sent when its process died is told as not sent': {
    world: 'same words in two forms; a process dies',
    wrong: {
      adopt(record, event, now) {
        const { record: adopted, result } = TRANSITIONS.adopt(record, event, now);
        if (result?.stage.kind !== 'unconfirmed') return { record: adopted, result };
        const stage = { kind: 'not-sent', reason: { kind: 'interrupted' } } as const;
        const requests = adopted.requests.map((request) => ({
          ...request,
          attempts: request.attempts.map((attempt) => (attempt.id === result.id ? { ...attempt, stage } : attempt)),
        }));
        return { record: { ...adopted, requests }, result: { ...result, stage } };
      },
    },
  },
  'an attempt stays although its process could not be sure of it': {
    world: 'same words in two forms; the store fails',
    wrong: {
      withdraw: (record) => record,
    },
  },
  'what another process wrote down is taken back by one whose own write failed': {
    world: 'one form, two processes; the store fails',
    wrong: {
      withdraw(record, { attemptId }) {
        const owner = findAttempt(record, attemptId)?.attempt.owner;
        return owner === undefined ? record : TRANSITIONS.withdraw(record, { attemptId, owner });
      },
    },
  },
  "a try's ID does not follow from the word": {
    world: "Send when it's back; a process dies",
    wrong: {
      nextTryId: (request) => `${request.id}try${request.attempts.length}`,
    },
  },
  'a word is fulfilled although a try of it is under way': {
    world: "Send when it's back, two processes",
    wrong: {
      waitsForHelpdesk: ({ whenBack }) => whenBack,
    },
  },
  'what somebody has sent despite a doubt is not known any more': {
    world: "Send when it's back, below Send anyway",
    wrong: {
      sentBefore: TRANSITIONS.duplicateBefore,
    },
  },
  'a word is not forgotten with Cancel': {
    world: "Send when it's back, Cancel; a process dies",
    wrong: {
      forgetWhenBack: (record) => record,
    },
  },
  'what waits is told by whoever finds it, without a claim': {
    world: 'told at a command, two processes; Discord refuses',
    wrong: {
      claim: (record, { attemptIds }) => ({ record, result: attemptIds }),
    },
  },
  'what a process could not claim for certain stays its own': {
    world: 'told at two commands, two processes; the store fails',
    wrong: {
      leaveForNextCommand: (record) => record,
    },
  },
  'a doubtful attempt is forgotten when its process has told it': {
    world: 'same words in two forms; a process dies',
    wrong: {
      deliver(record, event, now) {
        const delivered = TRANSITIONS.deliver(record, event, now);
        const requests = delivered.requests.map((request) => ({
          ...request,
          attempts: request.attempts.filter(
            ({ stage, delivery }) => stage.kind !== 'unconfirmed' || delivery !== 'delivered',
          ),
        }));
        return { ...delivered, requests };
      },
    },
  },
};

test.each(Object.entries(PLANTED))('the model finds it when %s', (_, { world: name, wrong }) => {
  const world = worldsOf('full').find((one) => one.name.startsWith(name));
  if (!world) throw new Error(`There is no world ${name}`);
  const { violation } = explore(world, { ...TRANSITIONS, ...wrong });
  expect(violation?.promise).toBeDefined();
  expect(violation?.trace.length).toBeGreaterThan(3);
});
