import { EMPTY_RECORD, findAttempt } from '../../src/tickets/lifecycle/person-record.ts';
import { duplicateAmong } from '../../src/tickets/lifecycle/related-attempts.ts';
import { brokenByLoss } from './promises.ts';
import { NOW, type Process, type State, type Step, type Task } from './state.ts';
import { messageOf, removeTask, setTask } from './state-changes.ts';
import { write, writings } from './store-writes.ts';
import type { Transitions } from './transitions.ts';
import type { World } from './worlds.ts';

/** Whoever would only wait for a no hears it before the wait. */
export function look(state: State, world: World, task: Task, index: number, transitions: Transitions): Step[] {
  const record = state.people[task.person] ?? EMPTY_RECORD;
  const found = findAttempt(record, task.attemptId);
  if (!found) {
    const broken = brokenByLoss(state, task);
    return [{ label: `${task.attemptId} is erased`, state: removeTask(state, index), ...(broken && { broken }) }];
  }
  const related = transitions.relatedAttempts(
    record,
    { submitterId: task.person, ...found },
    messageOf(state, world),
    NOW,
  );
  if (!duplicateAmong(related, found.request.confirmed)) {
    return [
      {
        label: `process ${task.process} looks for duplicates of ${task.attemptId}`,
        state: setTask(state, index, { ...task, at: 'turn' }),
      },
    ];
  }
  return turn(state, world, task, index, transitions);
}

export function takeTurn(state: State, world: World, task: Task, index: number, transitions: Transitions): Step[] {
  const process = state.processes[task.process] as Process;
  if (!process.hasLease) {
    return [
      {
        label: `process ${task.process} has no lease`,
        state: setTask(state, index, { ...task, at: 'finish', ending: 'interrupted' }),
      },
    ];
  }
  return turn(state, world, task, index, transitions);
}

function turn(state: State, world: World, task: Task, index: number, transitions: Transitions): Step[] {
  const { person, attemptId } = task;
  const record = state.people[person] ?? EMPTY_RECORD;
  const { record: after, result } = transitions.takeTurn(
    record,
    messageOf(state, world),
    {
      attemptId,
      submitterId: person,
      owner: String(task.process),
      rule: undefined,
      limit: undefined,
      usesTakenAt: undefined,
    },
    NOW,
  );
  if (result === 'lost') {
    const broken = findAttempt(record, attemptId) ? undefined : brokenByLoss(state, task);
    return [
      {
        label: `process ${task.process} has lost ${attemptId}`,
        state: removeTask(state, index),
        ...(broken && { broken }),
      },
    ];
  }
  return writings(state, `process ${task.process}: the turn of ${attemptId} (${result})`).map(
    ({ how, state: before, label }) => {
      const written = how === 'fails' ? before : write(before, world, person, attemptId, after, transitions);
      const next =
        how !== 'lands'
          ? ({ ...task, at: 'finish', ending: 'interrupted' } as const)
          : ({ ...task, at: result === 'send' ? 'call' : 'tell' } as const);
      return { label, state: setTask(written, index, next) };
    },
  );
}

export function call(state: State, world: World, task: Task, index: number): Step[] {
  return world.calls.map(({ opens, ending }) => ({
    label: `process ${task.process} calls for ${task.attemptId}: ${ending}${opens ? ', with a ticket' : ''}`,
    state: setTask(opens ? { ...state, tickets: [...state.tickets, task.attemptId] } : state, index, {
      ...task,
      at: 'finish',
      ending,
    }),
  }));
}
