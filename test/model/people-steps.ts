import { EMPTY_RECORD } from '../../src/tickets/lifecycle/person-record.ts';
import { command } from './claim-steps.ts';
import type { Belief, State, Step, Task } from './state.ts';
import type { Transitions } from './transitions.ts';
import { askToWait, cancel } from './when-back-steps.ts';
import type { Action, World } from './worlds.ts';

/** What somebody does next with a form, as far as their screen allows it. */
export function act(state: State, world: World, action: Action, index: number, transitions: Transitions): Step[] {
  if (action.does === 'wait') return askToWait(state, world, action, index, transitions);
  if (action.does === 'cancel') return cancel(state, world, action, index, transitions);
  if (action.does === 'command') return command(state, action, index, transitions);
  const done = [...state.done, index];
  const belief = state.beliefs[action.form] ?? { confirmed: [], words: '' };
  if (action.does === 'erase') {
    const before = state.people[action.person] ?? EMPTY_RECORD;
    const texts = Object.fromEntries(
      Object.entries(state.texts).filter(([form]) => world.forms[form] !== action.person),
    );
    const message = before.requests
      .flatMap(({ attempts }) => attempts)
      .filter(({ stage }) => stage.kind !== 'sending')
      .reduce(
        (record, { id }) => transitions.withAttempt(record, { submitterId: action.person, attemptId: id }, undefined),
        state.message,
      );
    const people = { ...state.people, [action.person]: transitions.erase(before) };
    const after = { ...state, done, people, texts, message, erased: [...state.erased, action.person] };
    return [{ label: `${action.person} has everything erased`, state: after }];
  }
  // Whoever has read nothing about a form, or erased all of it, has no button under it.
  const hasButtons = belief.kind !== undefined && belief.kind !== 'opened' && belief.kind !== 'given back';
  if (action.does === 'try again' && !hasButtons) return [];
  if (action.does === 'edit' && !hasButtons) return [];
  if (action.does === 'send anyway' && belief.question === undefined) return [];
  if (action.does === 'send again' && belief.kind === undefined) return [];
  // Two devices at once: a third press while both wait shows nothing new, and makes millions of states.
  const underWay = state.tasks.filter(({ form }) => form === action.form).map(({ attemptId }) => attemptId);
  if (new Set(underWay).size >= 2) return [];
  const words = action.does === 'edit' ? `${belief.words}, edited` : belief.words || action.words;
  const confirmed = action.does === 'send anyway' ? belief.question : undefined;
  const attemptId = `${action.form}${index}`;
  const isButton = action.does === 'try again' || action.does === 'send anyway';
  const receivers = state.processes.flatMap((process, number) => (process.state === 'dead' ? [] : [number]));
  if (receivers.length === 0) return [];
  const tasks = receivers.map(
    (process): Task => ({
      process,
      person: action.person,
      form: action.form,
      attemptId,
      words: isButton ? '' : words,
      confirmed,
      at: 'receive',
    }),
  );
  const believed: Belief = {
    ...belief,
    words,
    ...(confirmed !== undefined && { confirmed: [...belief.confirmed, confirmed] }),
  };
  const after = {
    ...state,
    done,
    tasks: [...state.tasks, ...tasks],
    beliefs: { ...state.beliefs, [action.form]: believed },
  };
  return [{ label: `${action.person}: ${action.does} ${action.form} (${attemptId})`, state: after }];
}
