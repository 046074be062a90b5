import { EMPTY_RECORD, findAttempt } from '../../src/tickets/lifecycle/person-record.ts';
import type { TicketOutcome } from '../../src/tickets/ticket-outcome.ts';
import { brokenByTelling, brokenByTwice } from './promises.ts';
import { type Belief, NOW, type Process, type State, type Step, type Task } from './state.ts';
import { believe, messageOf, removeTask, setTask } from './state-changes.ts';
import { factOn } from './store-writes.ts';
import type { Transitions } from './transitions.ts';
import type { World } from './worlds.ts';

/** A process tells what is true by now; Discord may not take it. */
export function tell(state: State, world: World, task: Task, index: number, transitions: Transitions): Step[] {
  const { person, form, attemptId } = task;
  const process = state.processes[task.process] as Process;
  // What this process knows: the store, and the facts that it keeps.
  const record = process.unwritten.reduce(
    (known, fact) => (fact.person === person ? factOn(known, fact, transitions) : known),
    state.people[person] ?? EMPTY_RECORD,
  );
  const found = findAttempt(record, attemptId);
  if (!found) return [{ label: `${attemptId} is not known any more`, state: removeTask(state, index) }];
  const context = {
    submitterId: person,
    message: messageOf(state, world),
    hasText: state.texts[form] !== undefined,
    now: NOW,
  };
  const outcome = transitions.outcomeOf(record, attemptId, context);
  const stage = found.attempt.stage.kind;
  const what = `${attemptId} ${stage}`;
  // It is looked at where there are commands: elsewhere it would only make more states.
  const hasCommands = world.actions.some(({ does }) => does === 'command');
  const told = hasCommands ? { ...state.told, [what]: (state.told[what] ?? 0) + 1 } : state.told;
  const shown = { ...believe(state, form, beliefIn(outcome)), told };
  const broken = brokenByTelling(shown, world, task, outcome) ?? brokenByTwice(shown, world, what);
  const steps: Step[] = [
    {
      label: `process ${task.process} tells ${attemptId}: ${describe(outcome)}`,
      state: setTask(shown, index, { ...task, at: 'deliver', outcome, stage, delivery: 'delivered' }),
      ...(broken && { broken }),
    },
  ];
  if (state.faults.edits > 0) {
    const faults = { ...state.faults, edits: state.faults.edits - 1 };
    steps.push({
      label: `Discord does not take what became of ${attemptId}`,
      state: setTask({ ...state, faults }, index, { ...task, at: 'deliver', outcome, stage, delivery: 'next-command' }),
    });
  }
  return steps;
}

export function beliefIn(outcome: TicketOutcome): Partial<Belief> {
  const { earlier } = outcome;
  switch (outcome.kind) {
    case 'opened':
      return { kind: 'opened' };
    case 'unconfirmed':
      return { kind: 'maybe' };
    case 'duplicate': {
      const { of } = outcome;
      if (of.state === 'in-progress') return { kind: 'pending' };
      return { kind: of.state === 'opened' ? 'opened' : 'maybe', question: of.attemptId };
    }
    case 'refused':
    case 'unreachable':
    case 'waiting':
    case 'not-sent':
    case 'gone':
      return { kind: earlier ? 'nothing, but there is a ticket' : 'nothing' };
  }
}

function describe(outcome: TicketOutcome): string {
  return JSON.stringify(outcome);
}
