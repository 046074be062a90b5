import { claim, offered } from './claim-steps.ts';
import { misfortune } from './fault-steps.ts';
import { act } from './people-steps.ts';
import { answer, receive } from './receive-steps.ts';
import { recover, writeKept } from './recovery-steps.ts';
import { call, look, takeTurn } from './send-steps.ts';
import type { Process, State, Step, Task } from './state.ts';
import { removeTask, setProcess, setTask } from './state-changes.ts';
import { applyFact, stateFact, writings } from './store-writes.ts';
import { tell } from './tell-steps.ts';
import type { Transitions } from './transitions.ts';
import { receiveTry, startTries } from './when-back-steps.ts';
import type { World } from './worlds.ts';

/** All that can happen next. */
export function nextSteps(state: State, world: World, transitions: Transitions): Step[] {
  return [
    ...world.actions.flatMap((action, index) =>
      state.done.includes(index) ? [] : act(state, world, action, index, transitions),
    ),
    ...state.tasks.flatMap((task, index) =>
      isUp(state, task.process) ? perform(state, world, task, index, transitions) : [],
    ),
    ...state.processes.flatMap((process, index) => [
      ...misfortune(state, process, index),
      ...(process.state === 'up' ? recover(state, world, index, transitions) : []),
      ...(process.state === 'up' ? startTries(state, index, transitions) : []),
      ...(process.state === 'up' ? writeKept(state, world, process, index, transitions) : []),
    ]),
  ];
}

function isUp(state: State, process: number): boolean {
  return state.processes[process]?.state === 'up';
}

function perform(state: State, world: World, task: Task, index: number, transitions: Transitions): Step[] {
  const process = state.processes[task.process] as Process;
  // Facts are written before the record is read again.
  const [fact] = process.unwritten;
  if (fact && task.at !== 'answer' && task.at !== 'call') {
    const caughtUp = writings(state, `process ${task.process} writes what it kept (${fact.kind})`).map(
      ({ how, state: before, label }) => {
        const without = setProcess(before, task.process, { unwritten: process.unwritten.slice(1) });
        if (how === 'fails') return { label, state: endTask(setProcess(before, task.process, {}), index, task) };
        const { state: after, broken } = applyFact(how === 'lands' ? without : before, world, fact, transitions);
        return { label, state: how === 'lands' ? after : endTask(after, index, task), ...(broken && { broken }) };
      },
    );
    // What fails here fails the step that it stands before; the fact stays.
    return caughtUp;
  }
  switch (task.at) {
    case 'receive':
      if (task.fulfils !== undefined) return receiveTry(state, world, task, index, transitions);
      return receive(state, world, task, index, transitions);
    case 'answer':
      return answer(state, world, task, index, transitions);
    case 'look':
      return look(state, world, task, index, transitions);
    case 'turn':
      return takeTurn(state, world, task, index, transitions);
    case 'call':
      return call(state, world, task, index);
    case 'finish':
      return stateFact(
        state,
        world,
        task,
        {
          kind: 'finish',
          person: task.person,
          form: task.form,
          attemptId: task.attemptId,
          ending: task.ending ?? 'interrupted',
        },
        (after) => setTask(after, index, { ...task, at: 'tell' }),
        transitions,
      );
    case 'claim':
      return claim(state, world, task, index, transitions);
    case 'tell':
      return tell(state, world, task, index, transitions);
    case 'deliver':
      return stateFact(
        state,
        world,
        task,
        {
          kind: 'deliver',
          person: task.person,
          attemptId: task.attemptId,
          told: task.stage ?? '',
          delivery: task.delivery ?? 'delivered',
        },
        // What Discord did not take is offered again.
        (after) =>
          task.delivery === 'next-command' && task.isCommand === undefined
            ? setTask(after, index, offered(task))
            : removeTask(after, index),
        transitions,
      );
  }
}

/** A step failed because the store did: an attempt that was not sent yet is told so, and one that came is given back. */
function endTask(state: State, index: number, task: Task): State {
  const isUnsent = task.at === 'look' || task.at === 'turn';
  if (isUnsent) return setTask(state, index, { ...task, at: 'finish', ending: 'interrupted' });
  if (task.at !== 'receive') return state;
  // Nobody waits for it: it is tried again later.
  if (task.fulfils !== undefined) return removeTask(state, index);
  return setTask(state, index, { ...task, at: 'answer', receipt: 'failed' });
}
