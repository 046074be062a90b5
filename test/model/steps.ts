import { EMPTY_RECORD, findAttempt, type PersonRecord, type Stage } from '../../src/tickets/lifecycle/person-record.ts';
import { duplicateAmong } from '../../src/tickets/lifecycle/related-attempts.ts';
import type { TicketOutcome } from '../../src/tickets/ticket-outcome.ts';
import { brokenByLoss, brokenByTelling, brokenByWrite } from './promises.ts';
import type { Belief, Ending, Fact, Process, State, Step, Task } from './state.ts';
import type { Transitions } from './transitions.ts';
import type { Action, World } from './worlds.ts';

/** One moment for everything: what depends on age is tested beside the functions. */
const NOW = 1_000_000_000_000;
const LIFETIME_MS = 1_000_000_000;
const MESSAGE = 'server/message';
const REPLY = { applicationId: '1', token: 't', until: NOW + 1 };

/** How a write may go: it lands; it fails; it lands although it seems to have failed. */
type Writing = 'lands' | 'fails' | 'lands unseen';

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
      ...(process.state === 'up' ? writeKept(state, world, process, index, transitions) : []),
    ]),
  ];
}

function isUp(state: State, process: number): boolean {
  return state.processes[process]?.state === 'up';
}

// ---- people

function act(state: State, world: World, action: Action, index: number, transitions: Transitions): Step[] {
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
  // Whoever has heard nothing of the other form writes about another problem.
  if (action.does === 'edit' && belief.question === undefined && belief.kind !== 'pending') return [];
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

// ---- what goes wrong

function misfortune(state: State, process: Process, index: number): Step[] {
  const steps: Step[] = [];
  const change = (changed: Partial<Process>, faults = state.faults): State => ({
    ...state,
    faults,
    processes: state.processes.map((one, number) => (number === index ? { ...one, ...changed } : one)),
  });
  const isBusy = state.tasks.some((task) => task.process === index) || process.unwritten.length > 0;
  if (process.state === 'up' && state.faults.deaths > 0 && isBusy) {
    const dead = change({ state: 'dead', unwritten: [] }, { ...state.faults, deaths: state.faults.deaths - 1 });
    const tasks = dead.tasks.filter((task) => task.process !== index);
    steps.push({ label: `process ${index} dies`, state: { ...dead, tasks } });
  }
  if (process.state === 'up' && state.faults.sleeps > 0 && isBusy) {
    steps.push({
      label: `process ${index} falls asleep`,
      state: change({ state: 'asleep', hasLease: false }, { ...state.faults, sleeps: state.faults.sleeps - 1 }),
    });
  }
  if (process.state === 'asleep') steps.push({ label: `process ${index} wakes up`, state: change({ state: 'up' }) });
  if (process.state === 'up' && !process.hasLease) {
    steps.push({ label: `process ${index} renews its lease`, state: change({ hasLease: true, isGone: false }) });
  }
  const isWatched = state.processes.some((other, number) => number !== index && other.state === 'up');
  if (process.state !== 'up' && !process.isGone && isWatched) {
    steps.push({ label: `process ${index} is taken for gone`, state: change({ isGone: true }) });
  }
  // A start: the process before it has the file, or the lease, no more.
  if (process.state === 'dead' && !process.isGone) {
    const fresh: Process = { state: 'up', isGone: false, hasLease: true, unwritten: [] };
    const started = change({ isGone: true });
    steps.push({
      label: `a new process ${state.processes.length} starts`,
      state: { ...started, processes: [...started.processes, fresh] },
    });
  }
  return steps;
}

/** What the store did not take is written again after a while, whether anybody reads the record or not. */
function writeKept(state: State, world: World, process: Process, index: number, transitions: Transitions): Step[] {
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

/** Takes over what belongs to a process that is gone. */
function recover(state: State, world: World, index: number, transitions: Transitions): Step[] {
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

// ---- what a process does

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
        (after) => removeTask(after, index),
        transitions,
      );
  }
}

function receive(state: State, world: World, task: Task, index: number, transitions: Transitions): Step[] {
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
function answer(state: State, world: World, task: Task, index: number, transitions: Transitions): Step[] {
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

/** Whoever would only wait for a no hears it before the wait. */
function look(state: State, world: World, task: Task, index: number, transitions: Transitions): Step[] {
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

function takeTurn(state: State, world: World, task: Task, index: number, transitions: Transitions): Step[] {
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

function call(state: State, world: World, task: Task, index: number): Step[] {
  return world.calls.map(({ opens, ending }) => ({
    label: `process ${task.process} calls for ${task.attemptId}: ${ending}${opens ? ', with a ticket' : ''}`,
    state: setTask(opens ? { ...state, tickets: [...state.tickets, task.attemptId] } : state, index, {
      ...task,
      at: 'finish',
      ending,
    }),
  }));
}

function tell(state: State, world: World, task: Task, index: number, transitions: Transitions): Step[] {
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
  const shown = believe(state, form, beliefIn(outcome));
  const broken = brokenByTelling(state, world, task, outcome);
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

// ---- the store

interface Written {
  readonly how: Writing;
  readonly label: string;
  readonly state: State;
}

/** The ways in which a write may go, as long as something may go wrong. */
function writings(state: State, label: string): Written[] {
  const lands: Written = { how: 'lands', label, state };
  if (state.faults.writes === 0) return [lands];
  const faulty = { ...state, faults: { ...state.faults, writes: state.faults.writes - 1 } };
  return [
    lands,
    { how: 'fails', label: `${label}; the store fails`, state: faulty },
    { how: 'lands unseen', label: `${label}; the store says that it failed`, state: faulty },
  ];
}

function write(
  state: State,
  world: World,
  person: string,
  attemptId: string,
  record: PersonRecord,
  transitions: Transitions,
): State {
  const after = transitions.prune(record, NOW, LIFETIME_MS);
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
function stateFact(
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

function applyFact(
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

function factOn(record: PersonRecord, fact: Fact, transitions: Transitions): PersonRecord {
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

// ---- small things

function messageOf(state: State, world: World) {
  return world.isEscalation ? state.message : undefined;
}

function setTask(state: State, index: number, task: Task): State {
  return { ...state, tasks: state.tasks.with(index, task) };
}

function removeTask(state: State, index: number): State {
  return { ...state, tasks: state.tasks.toSpliced(index, 1) };
}

/** A step failed because the store did: an attempt that was not sent yet is told so. */
function endTask(state: State, index: number, task: Task): State {
  const isUnsent = task.at === 'look' || task.at === 'turn';
  if (isUnsent) return setTask(state, index, { ...task, at: 'finish', ending: 'interrupted' });
  if (task.at !== 'receive') return state;
  return removeTask(believe(state, task.form, { kind: 'given back' }), index);
}

function setProcess(state: State, index: number, changed: Partial<Process>): State {
  return {
    ...state,
    processes: state.processes.map((one, number) => (number === index ? { ...one, ...changed } : one)),
  };
}

function keepFact(state: State, index: number, fact: Fact): State {
  return setProcess(state, index, { unwritten: [...(state.processes[index]?.unwritten ?? []), fact] });
}

function believe(state: State, form: string, read: Partial<Belief>): State {
  const before = state.beliefs[form] ?? { confirmed: [], words: '' };
  const { question: _, ...rest } = before;
  return { ...state, beliefs: { ...state.beliefs, [form]: { ...rest, ...read } } };
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
