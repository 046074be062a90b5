import { EMPTY_RECORD, findAttempt } from '../../src/tickets/lifecycle/person-record.ts';
import { brokenByLoss } from './promises.ts';
import { type Fact, LIFETIME_MS, NOW, type State, type Step, type Task } from './state.ts';
import { believe, keepFact, removeTask, setTask } from './state-changes.ts';
import { stateFact, write, writings } from './store-writes.ts';
import type { Transitions } from './transitions.ts';
import type { World } from './worlds.ts';

const MESSAGE = 'server/message';
const REPLY = { applicationId: '1', token: 't', until: NOW + 1 };

/** An interaction arrives at a process, which writes it down or finds it there. */
export function receive(state: State, world: World, task: Task, index: number, transitions: Transitions): Step[] {
  const { person, form, attemptId } = task;
  const record = state.people[person] ?? EMPTY_RECORD;
  const stored = state.texts[form];
  const words = task.words || stored;
  if (findAttempt(record, attemptId)) {
    return [
      {
        label: `process ${task.process} finds ${attemptId} there`,
        state: setTask(state, index, { ...task, at: 'answer', receipt: 'again' }),
      },
    ];
  }
  // A button whose text is gone: it says so, and sends nothing.
  if (words === undefined)
    return [{ label: `process ${task.process} finds no text of ${form}`, state: removeTask(state, index) }];
  const isAboutMessage = world.isEscalation;
  const { record: after } = transitions.receive(
    record,
    isAboutMessage ? state.message : undefined,
    {
      attemptId,
      requestId: form,
      submitterId: person,
      words,
      owner: String(task.process),
      reply: REPLY,
      message: isAboutMessage ? MESSAGE : undefined,
      confirmed: task.confirmed,
      textUntil: NOW + LIFETIME_MS,
    },
    NOW,
  );
  return writings(state, `process ${task.process} receives ${attemptId}`).map(({ how, state: before, label }) => {
    const written =
      how === 'fails'
        ? before
        : { ...write(before, world, person, attemptId, after, transitions), texts: { ...before.texts, [form]: words } };
    if (how === 'lands')
      return { label, state: setTask(written, index, { ...task, words, at: 'answer', receipt: 'received' }) };
    // What may have been written is withdrawn; the text goes back to the person, if this process has to answer.
    const fact: Fact = { kind: 'withdraw', person, attemptId, owner: String(task.process) };
    return {
      label,
      state: setTask(keepFact(written, task.process, fact), index, { ...task, words, at: 'answer', receipt: 'failed' }),
    };
  });
}

/** Discord takes one first answer. */
export function answer(state: State, world: World, task: Task, index: number, transitions: Transitions): Step[] {
  const { attemptId, process, person, form } = task;
  const other = state.answered[attemptId];
  // A process that has the answer may have had to write the attempt down once more.
  const isFirst = other === undefined || other === process;
  const answered = isFirst ? { ...state.answered, [attemptId]: process } : state.answered;
  const next = { ...state, answered };
  if (isFirst && task.receipt === 'received') {
    return [{ label: `process ${process} answers ${attemptId}`, state: setTask(next, index, { ...task, at: 'look' }) }];
  }
  if (isFirst && task.receipt === 'failed') {
    const given = believe(next, form, { kind: 'given back' });
    return [{ label: `process ${process} gives the text of ${attemptId} back`, state: removeTask(given, index) }];
  }
  if (isFirst) {
    // It was written down by another process, and this one has the answer.
    const record = next.people[person] ?? EMPTY_RECORD;
    if (!findAttempt(record, attemptId) && next.texts[form] !== undefined) {
      return [
        {
          label: `process ${process} answers ${attemptId}, which was taken back`,
          state: setTask(next, index, { ...task, at: 'receive' }),
        },
      ];
    }
    const { record: after, result } = transitions.takeOver(
      record,
      { attemptId, owner: String(process), reply: REPLY, escalated: undefined },
      NOW,
    );
    if (!result) {
      const broken = findAttempt(record, attemptId) ? undefined : brokenByLoss(state, task);
      const label = `process ${process} answers ${attemptId}, which is done`;
      return [{ label, state: removeTask(next, index), ...(broken && { broken }) }];
    }
    return writings(next, `process ${process} answers and takes ${attemptId} over`).map(
      ({ how, state: before, label }) => {
        const written = how === 'fails' ? before : write(before, world, person, attemptId, after, transitions);
        if (how === 'lands')
          return { label, state: setTask(written, index, { ...task, at: 'look', words: written.texts[form] ?? '' }) };
        // It may be this process's by now: then it is left for the next command.
        const fact: Fact = { kind: 'leave', person, attemptId, owner: String(process) };
        return { label, state: removeTask(keepFact(written, process, fact), index) };
      },
    );
  }
  if (task.receipt !== 'received')
    return [{ label: `process ${process} leaves ${attemptId}`, state: removeTask(next, index) }];
  return stateFact(
    next,
    world,
    task,
    { kind: 'leave', person, attemptId, owner: String(process) },
    (after) => removeTask(after, index),
    transitions,
  ).map((step) => ({ ...step, label: `process ${process} was answered elsewhere: ${step.label}` }));
}
