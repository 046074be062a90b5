import { findAttempt, isLive, type PersonRecord, type Request } from '../../src/tickets/lifecycle/person-record.ts';
import { waitsForHelpdesk } from '../../src/tickets/lifecycle/when-back.ts';
import type { TicketOutcome } from '../../src/tickets/ticket-outcome.ts';
import { NOW, type State, type Task } from './state.ts';
import type { World } from './worlds.ts';

/**
 * What must hold in every state.
 * @returns The promise that is broken, or undefined.
 */
export function brokenIn(state: State): string | undefined {
  // All forms of a world begin with the same words or the same message: they are about one thing.
  const confirmed = new Set(Object.values(state.beliefs).flatMap((belief) => belief.confirmed));
  // What was erased before is a new problem.
  const allowed = 1 + confirmed.size + state.erased.length;
  if (state.tickets.length > allowed) {
    return `${state.tickets.length} tickets, where the people asked for ${allowed}`;
  }
  for (const record of Object.values(state.people)) {
    for (const request of record.requests) {
      const broken = brokenInWord(state, request);
      if (broken) return broken;
    }
  }
  return undefined;
}

/** A word to send a form when the helpdesk is back makes one attempt at a time, and holds until anything else comes of it. */
function brokenInWord({ tries }: State, { id: form, whenBack, attempts }: Request): string | undefined {
  const live = attempts.filter((attempt) => tries[attempt.id] !== undefined && isLive(attempt));
  if (new Set(live.map(({ id }) => tries[id])).size < live.length)
    return `one word about ${form} is tried twice at once`;
  if (!whenBack) return undefined;
  const since = attempts.filter(({ sequence }) => sequence >= whenBack.sequence);
  const cameToNothing = since.every(
    ({ id, stage }) =>
      tries[id] === whenBack.id &&
      (stage.kind === 'unreachable' || (stage.kind === 'not-sent' && stage.reason.kind === 'interrupted')),
  );
  const holds = waitsForHelpdesk({ id: form, whenBack, attempts, related: [], confirmed: [], textUntil: NOW + 1 }, NOW);
  if (cameToNothing && !holds) return `the word about ${form} has ended, and nothing came of it`;
  if (!cameToNothing && holds) return `the word about ${form} still holds, and something else was tried`;
  return undefined;
}

/** What must hold when nothing more can happen. */
export function brokenAtRest(state: State, world: World): string | undefined {
  const isAnybodyUp = state.processes.some(({ state: one }) => one === 'up');
  if (!isAnybodyUp || state.tasks.length > 0) return undefined;
  for (const record of Object.values(state.people)) {
    for (const { attempts } of record.requests) {
      for (const attempt of attempts) {
        if (isLive(attempt)) return `${attempt.id} is ${attempt.stage.kind} for ever`;
        if (attempt.delivery === 'pending' && !isKept(state, attempt.id))
          return `what became of ${attempt.id} is told by nobody`;
      }
    }
  }
  for (const [form, belief] of Object.entries(state.beliefs)) {
    const person = world.forms[form] ?? '';
    if (state.erased.includes(person)) continue;
    const own = state.tickets.filter((id) => id.startsWith(form));
    const record = state.people[person];
    const attempts = record?.requests.find(({ id }) => id === form)?.attempts ?? [];
    const waits = attempts.some(({ delivery }) => delivery === 'next-command');
    if (belief.kind === 'nothing' && own.length > 0 && !waits)
      return `nothing was opened, says the last word on ${form}, and there is a ticket`;
    const isSafe =
      own.length > 0 || state.texts[form] !== undefined || belief.kind === 'given back' || belief.kind === undefined;
    if (!isSafe) return `the text of ${form} is lost`;
  }
  return undefined;
}

/** The process still knows it, and writes it down before it reads the record again. */
function isKept(state: State, attemptId: string): boolean {
  return state.processes.some(
    ({ state: one, unwritten }) => one === 'up' && unwritten.some((fact) => fact.attemptId === attemptId),
  );
}

/** What must hold when somebody is told something. */
export function brokenByTelling(state: State, world: World, task: Task, outcome: TicketOutcome): string | undefined {
  const { attemptId, form, person } = task;
  if (outcome.kind === 'opened' && !state.tickets.some((id) => id.startsWith(form)))
    return `${attemptId} is told to be open, and there is no ticket`;
  const isNothing = ['refused', 'unreachable', 'waiting', 'not-sent'].includes(outcome.kind);
  if (!isNothing || outcome.earlier) return undefined;
  const record = state.people[person];
  const own = record?.requests.find(({ id }) => id === form)?.attempts ?? [];
  const isKnown = own.some(({ stage }) => stage.kind === 'opened' || stage.kind === 'unconfirmed');
  const isKnownOfMessage =
    world.isEscalation && state.message.some(({ state: one }) => one === 'opened' || one === 'unconfirmed');
  if (isKnown || isKnownOfMessage) return `${attemptId}: "nothing was opened" hides a ticket that is known`;
  return undefined;
}

/** An outcome is told once. Only a process that has died or slept, or a store that has failed, knows no more that it was. */
export function brokenByTwice({ told }: State, { faults }: World, what: string): string | undefined {
  const mayForget = faults.deaths + faults.sleeps + faults.writes > 0;
  return !mayForget && (told[what] ?? 0) > 1 ? `${what} is told twice` : undefined;
}

/** What must hold when a process that goes on with an attempt does not find it: only its person may have taken it away. */
export function brokenByLoss({ erased }: State, { attemptId, person }: Task): string | undefined {
  return erased.includes(person) ? undefined : `${attemptId} was acknowledged, and no record knows of it`;
}

/** The truth goes from doubt to certainty, and never back. */
export function brokenByWrite(before: PersonRecord, after: PersonRecord): string | undefined {
  for (const { attempts } of before.requests) {
    for (const { id, stage } of attempts) {
      const now = findAttempt(after, id)?.attempt.stage.kind;
      if (now === undefined || now === stage.kind) continue;
      const isCertain = stage.kind === 'opened' || stage.kind === 'refused';
      const isBack = stage.kind === 'unconfirmed' && now !== 'opened' && now !== 'refused';
      if (isCertain || isBack) return `${id} was ${stage.kind} and becomes ${now}`;
    }
  }
  return undefined;
}
