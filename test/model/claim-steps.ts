import { EMPTY_RECORD } from '../../src/tickets/lifecycle/person-record.ts';
import type { Fact, State, Step, Task } from './state.ts';
import { keepFact, removeTask, setTask } from './state-changes.ts';
import { write, writings } from './store-writes.ts';
import type { Transitions } from './transitions.ts';
import type { Action, World } from './worlds.ts';

/** A command of somebody, which one of the processes answers: it finds what waits. */
export function command(state: State, action: Action, index: number, transitions: Transitions): Step[] {
  const { person, form } = action;
  const record = state.people[person] ?? EMPTY_RECORD;
  const waiting = record.requests
    .flatMap(({ attempts }) => attempts)
    .filter((attempt) => transitions.isWaiting(attempt, (owner) => isGone(state, owner)));
  if (waiting.length === 0) return [];
  return state.processes.flatMap(({ state: one }, process) => {
    if (one !== 'up') return [];
    const tasks = waiting.map(
      ({ id: attemptId }): Task => ({
        ...{ process, person, form, attemptId },
        words: '',
        confirmed: undefined,
        at: 'claim',
        isCommand: true,
      }),
    );
    const after = { ...state, done: [...state.done, index], tasks: [...state.tasks, ...tasks] };
    return [{ label: `${person} gives a command, and process ${process} answers`, state: after }];
  });
}

/** What was not taken waits, and is offered once more. */
export function offered({ process, person, form, attemptId }: Task): Task {
  return { process, person, form, attemptId, words: '', confirmed: undefined, at: 'claim' };
}

/** The process may tell it only when nobody else is about to. */
export function claim(state: State, world: World, task: Task, index: number, transitions: Transitions): Step[] {
  const { person, attemptId, process } = task;
  const owner = String(process);
  const fact: Fact = { kind: 'put back', person, attemptId, owner };
  return writings(state, `process ${process} claims ${attemptId}`).map(({ how, state: before, label }) => {
    const record = before.people[person] ?? EMPTY_RECORD;
    const claimed = transitions.claim(record, { attemptIds: [attemptId], owner, isGone: (one) => isGone(before, one) });
    const written = how === 'fails' ? before : write(before, world, person, attemptId, claimed.record, transitions);
    if (how === 'lands') {
      const isMine = claimed.result.length > 0;
      return { label, state: isMine ? setTask(written, index, { ...task, at: 'tell' }) : removeTask(written, index) };
    }
    // Nobody knows whether the store has it: it is put back, now or as soon as the store takes that.
    const without = removeTask(written, index);
    return { label, state: keepFact(without, process, fact) };
  });
}

function isGone(state: State, owner: string): boolean {
  return state.processes[Number(owner)]?.isGone ?? true;
}
