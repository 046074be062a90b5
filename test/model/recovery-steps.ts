import { brokenByWrite } from './promises.ts';
import { NOW, type Process, type State, type Step, type Task } from './state.ts';
import { setProcess } from './state-changes.ts';
import { applyFact, write } from './store-writes.ts';
import type { Transitions } from './transitions.ts';
import type { World } from './worlds.ts';

/** Takes over what belongs to a process that is gone. */
export function recover(state: State, world: World, index: number, transitions: Transitions): Step[] {
  const steps: Step[] = [];
  for (const [person, record] of Object.entries(state.people)) {
    for (const { id: form, attempts } of record.requests) {
      for (const attempt of attempts) {
        const owner = attempt.owner === undefined ? -1 : Number(attempt.owner);
        if (attempt.delivery !== 'pending' || owner === index || !state.processes[owner]?.isGone) continue;
        const event = { attemptId: attempt.id, goneOwner: String(owner), owner: String(index) };
        const { record: after, result } = transitions.adopt(record, event, NOW);
        if (!result) continue;
        const written = write(state, world, person, attempt.id, after, transitions);
        const task: Task = {
          process: index,
          person,
          form,
          attemptId: attempt.id,
          words: '',
          confirmed: undefined,
          at: 'tell',
        };
        const broken = brokenByWrite(record, after);
        steps.push({
          label: `process ${index} takes over ${attempt.id}`,
          state: { ...written, tasks: [...written.tasks, task] },
          ...(broken && { broken }),
        });
      }
    }
  }
  return steps;
}

/** What the store did not take is written again after a while, whether anybody reads the record or not. */
export function writeKept(
  state: State,
  world: World,
  process: Process,
  index: number,
  transitions: Transitions,
): Step[] {
  const [fact] = process.unwritten;
  const isRead = state.tasks.some((task) => task.process === index);
  if (!fact || isRead) return [];
  const without = setProcess(state, index, { unwritten: process.unwritten.slice(1) });
  const { state: after, broken } = applyFact(without, world, fact, transitions);
  return [
    {
      label: `process ${index} writes what it kept: ${fact.kind} ${fact.attemptId}`,
      state: after,
      ...(broken && { broken }),
    },
  ];
}
