import type { Belief, Fact, Process, State, Task } from './state.ts';
import type { World } from './worlds.ts';

/** Small changes of a state. Each returns the state after it. */

export function setTask(state: State, index: number, task: Task): State {
  return { ...state, tasks: state.tasks.with(index, task) };
}

export function removeTask(state: State, index: number): State {
  return { ...state, tasks: state.tasks.toSpliced(index, 1) };
}

export function setProcess(state: State, index: number, changed: Partial<Process>): State {
  return {
    ...state,
    processes: state.processes.map((one, number) => (number === index ? { ...one, ...changed } : one)),
  };
}

export function keepFact(state: State, index: number, fact: Fact): State {
  return setProcess(state, index, { unwritten: [...(state.processes[index]?.unwritten ?? []), fact] });
}

export function believe(state: State, form: string, read: Partial<Belief>): State {
  const before = state.beliefs[form] ?? { confirmed: [], words: '' };
  const { question: _, ...rest } = before;
  return { ...state, beliefs: { ...state.beliefs, [form]: { ...rest, ...read } } };
}

export function messageOf(state: State, world: World) {
  return world.isEscalation ? state.message : undefined;
}
