import { EMPTY_RECORD, findAttempt } from '../../src/tickets/lifecycle/person-record.ts';
import { type Fact, LIFETIME_MS, NOW, type State, type Step, type Task } from './state.ts';
import { keepFact, removeTask, setTask } from './state-changes.ts';
import { write, writings } from './store-writes.ts';
import type { Transitions } from './transitions.ts';
import type { Action, World } from './worlds.ts';

const REPLY = { applicationId: '1', token: 't', until: NOW + 1 };

/** Somebody says that a form is to be sent when the helpdesk is back, below a message that says that it was not. */
export function askToWait(state: State, world: World, action: Action, index: number, transitions: Transitions): Step[] {
  const { person, form } = action;
  // An older message of the form may have the button still.
  const { kind } = state.beliefs[form] ?? {};
  if (kind !== 'nothing' && kind !== 'nothing, but there is a ticket' && kind !== 'maybe') return [];
  const record = state.people[person] ?? EMPTY_RECORD;
  const asking = { submitterId: person, message: undefined, now: NOW };
  const next = { ...state, done: [...state.done, index] };
  if (state.texts[form] === undefined || transitions.sentBefore(record, form, asking)) {
    return [{ label: `${person} asks to send ${form} later, which needs a decision`, state: next }];
  }
  // Begins as the form's attempts do: whose ticket it is can be seen by its name.
  const event = { id: `${form}w${index}`, requestId: form, textUntil: NOW + LIFETIME_MS, reply: REPLY };
  const after = transitions.askWhenBack(record, event, NOW);
  const isUntrue = state.tickets.length > 0 && state.erased.length === 0;
  return writings(next, `${person} asks to send ${form} later`).map(({ how, state: before, label }) => ({
    label,
    state: how === 'fails' ? before : write(before, world, person, '', after, transitions),
    ...(isUntrue && { broken: `${form} is to be sent later, as if nothing had been opened` }),
  }));
}

/** Somebody takes that back. What the store does not take is told as a failure, and nothing is promised then. */
export function cancel(state: State, world: World, action: Action, index: number, transitions: Transitions): Step[] {
  const { person, form } = action;
  const record = state.people[person] ?? EMPTY_RECORD;
  const word = record.requests.find(({ id }) => id === form)?.whenBack;
  if (!word) return [];
  const after = transitions.forgetWhenBack(record, form);
  const next = { ...state, done: [...state.done, index] };
  return writings(next, `${person} cancels ${form}`).map(({ how, state: before, label }) => {
    const written = how === 'fails' ? before : write(before, world, person, '', after, transitions);
    return { label, state: how === 'lands' ? { ...written, cancelled: [...written.cancelled, word.id] } : written };
  });
}

/** A process finds the helpdesk back, and is about to send what waits for it: one text after another. */
export function startTries(state: State, index: number, transitions: Transitions): Step[] {
  const isTrying = state.tasks.some((task) => task.process === index && task.fulfils !== undefined);
  if (state.looks === 0 || isTrying) return [];
  return Object.entries(state.people).flatMap(([person, { requests }]) =>
    requests.flatMap((request): Step[] => {
      const word = transitions.waitsForHelpdesk(request, NOW);
      if (!word) return [];
      const attemptId = transitions.nextTryId(request, word);
      const task: Task = {
        ...{ process: index, person, form: request.id, attemptId, words: '', confirmed: undefined },
        ...{ at: 'receive', fulfils: word.id },
      };
      return [
        {
          label: `process ${index} is about to try ${attemptId}`,
          state: { ...state, looks: state.looks - 1, tasks: [...state.tasks, task] },
        },
      ];
    }),
  );
}

/** A try is written down, as long as the word for it holds. */
export function receiveTry(state: State, world: World, task: Task, index: number, transitions: Transitions): Step[] {
  const { process, person, form, attemptId, fulfils = '' } = task;
  const record = state.people[person] ?? EMPTY_RECORD;
  const request = record.requests.find(({ id }) => id === form);
  const word = request && transitions.waitsForHelpdesk(request, NOW);
  const words = state.texts[form];
  if (findAttempt(record, attemptId) || !request || word?.id !== fulfils || words === undefined) {
    return [{ label: `process ${process} has nothing to try for ${form}`, state: removeTask(state, index) }];
  }
  const { textUntil } = request;
  const event = { attemptId, requestId: form, submitterId: person, words, owner: String(process), reply: REPLY };
  const { record: after } = transitions.receive(record, undefined, { ...event, textUntil }, NOW);
  return writings(state, `process ${process} writes ${attemptId} down`).map(({ how, state: before, label }) => {
    const begun = how === 'fails' ? before : write(before, world, person, attemptId, after, transitions);
    const written = how === 'fails' ? begun : { ...begun, tries: { ...begun.tries, [attemptId]: fulfils } };
    const broken = state.cancelled.includes(fulfils) ? `${attemptId} is begun after Cancel` : undefined;
    if (how === 'lands') {
      return { label, state: setTask(written, index, { ...task, words, at: 'look' }), ...(broken && { broken }) };
    }
    const fact: Fact = { kind: 'withdraw', person, attemptId, owner: String(process) };
    return { label, state: removeTask(keepFact(written, process, fact), index) };
  });
}
