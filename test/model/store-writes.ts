import { EMPTY_RECORD, findAttempt, type PersonRecord, type Stage } from '../../src/tickets/lifecycle/person-record.ts';
import { brokenByWrite } from './promises.ts';
import { type Ending, type Fact, LIFETIME_MS, MUCH_LATER, NOW, type State, type Step, type Task } from './state.ts';
import { setProcess } from './state-changes.ts';
import type { Transitions } from './transitions.ts';
import type { World } from './worlds.ts';

/** How a write may go: it lands; it fails; it lands although it seems to have failed. */
type Writing = 'lands' | 'fails' | 'lands unseen';

interface Written {
  readonly how: Writing;
  readonly label: string;
  readonly state: State;
}

/** The ways in which a write may go, as long as something may go wrong. */
export function writings(state: State, label: string): Written[] {
  const lands: Written = { how: 'lands', label, state };
  if (state.faults.writes === 0) return [lands];
  const faulty = { ...state, faults: { ...state.faults, writes: state.faults.writes - 1 } };
  return [
    lands,
    { how: 'fails', label: `${label}; the store fails`, state: faulty },
    { how: 'lands unseen', label: `${label}; the store says that it failed`, state: faulty },
  ];
}

export function write(
  state: State,
  world: World,
  person: string,
  attemptId: string,
  record: PersonRecord,
  transitions: Transitions,
): State {
  const after = transitions.prune(record, world.isMuchLater ? MUCH_LATER : NOW, LIFETIME_MS);
  const attempt = findAttempt(after, attemptId)?.attempt;
  return {
    ...state,
    people: { ...state.people, [person]: after },
    ...(world.isEscalation && {
      message: transitions.withAttempt(state.message, { submitterId: person, attemptId }, attempt),
    }),
  };
}

/** Writes a fact; when the store does not take it, the process keeps it and goes on. */
export function stateFact(
  state: State,
  world: World,
  task: Task,
  fact: Fact,
  next: (after: State) => State,
  transitions: Transitions,
): Step[] {
  return writings(state, `process ${task.process} writes down: ${fact.kind} ${fact.attemptId}`).map(
    ({ how, state: before, label }) => {
      const applied =
        how === 'fails' ? { state: before, broken: undefined } : applyFact(before, world, fact, transitions);
      const { broken } = applied;
      const unwritten = [...(before.processes[task.process]?.unwritten ?? []), fact];
      const after = how === 'lands' ? applied.state : setProcess(applied.state, task.process, { unwritten });
      return { label, state: next(after), ...(broken && { broken }) };
    },
  );
}

export function applyFact(
  state: State,
  world: World,
  fact: Fact,
  transitions: Transitions,
): { state: State; broken?: string | undefined } {
  const record = state.people[fact.person] ?? EMPTY_RECORD;
  const after = factOn(record, fact, transitions);
  const written = write(state, world, fact.person, fact.attemptId, after, transitions);
  const isOpened = fact.kind === 'finish' && fact.ending === 'opened' && after !== record;
  if (!isOpened) return { state: written, broken: brokenByWrite(record, after) };
  // The text of a ticket goes, unless another one was saved under it.
  const words = findAttempt(after, fact.attemptId)?.attempt.words;
  const texts = Object.fromEntries(
    Object.entries(written.texts).filter(([form, text]) => form !== fact.form || text !== words),
  );
  return { state: { ...written, texts }, broken: brokenByWrite(record, after) };
}

export function factOn(record: PersonRecord, fact: Fact, transitions: Transitions): PersonRecord {
  const { attemptId } = fact;
  switch (fact.kind) {
    case 'finish':
      return transitions.finish(record, { attemptId, ending: stageOf(fact.ending), givesUsesBack: true }, NOW).record;
    case 'deliver':
      return transitions.deliver(record, { attemptId, told: fact.told as Stage['kind'], delivery: fact.delivery }, NOW);
    case 'withdraw':
      return transitions.withdraw(record, { attemptId, owner: fact.owner });
    case 'leave':
      return transitions.leave(record, { attemptId, owner: fact.owner, delivery: 'next-command' }, NOW);
    case 'put back':
      return transitions.leaveForNextCommand(record, { attemptId, owner: fact.owner }, NOW);
  }
}

function stageOf(ending: Ending): Parameters<Transitions['finish']>[1]['ending'] {
  switch (ending) {
    case 'opened':
    case 'unreachable':
    case 'unconfirmed':
      return { kind: ending };
    case 'refused':
      return { kind: 'refused', reason: '' };
    case 'interrupted':
      return { kind: 'not-sent', reason: { kind: ending } };
  }
}
