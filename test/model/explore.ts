import { createHash } from 'node:crypto';
import { brokenAtRest, brokenIn } from './promises.ts';
import type { State } from './state.ts';
import { nextSteps } from './steps.ts';
import { TRANSITIONS, type Transitions } from './transitions.ts';
import { startOf, type World } from './worlds.ts';

/** What came of visiting everything that can happen in a world. */
export interface Exploration {
  readonly world: string;
  readonly states: number;
  readonly steps: number;
  readonly milliseconds: number;
  /** The first broken promise, with the steps that lead to it: a shortest way, as near states are visited first. */
  readonly violation: { readonly promise: string; readonly trace: readonly string[] } | undefined;
}

interface Visited {
  readonly from: string | undefined;
  readonly label: string;
}

/** Visits every state that can be reached, nearest first. */
export function explore(world: World, transitions: Transitions = TRANSITIONS): Exploration {
  const startedAt = performance.now();
  const start = startOf(world);
  const seen = new Map<string, Visited>([[nameOf(start), { from: undefined, label: 'start' }]]);
  let front: [string, State][] = [[nameOf(start), start]];
  let steps = 0;
  const report = (violation: Exploration['violation']): Exploration => ({
    world: world.name,
    states: seen.size,
    steps,
    milliseconds: Math.round(performance.now() - startedAt),
    violation,
  });
  while (front.length > 0) {
    const next: [string, State][] = [];
    for (const [name, state] of front) {
      const following = nextSteps(state, world, transitions);
      const atRest = following.length === 0 ? brokenAtRest(state, world) : undefined;
      if (atRest) return report({ promise: atRest, trace: traceTo(seen, name) });
      for (const step of following) {
        steps += 1;
        const id = nameOf(step.state);
        const promise = step.broken ?? brokenIn(step.state);
        if (promise) return report({ promise, trace: [...traceTo(seen, name), step.label] });
        if (seen.has(id)) continue;
        seen.set(id, { from: name, label: step.label });
        next.push([id, step.state]);
      }
    }
    front = next;
  }
  return report(undefined);
}

/** A short name: millions of states have to be remembered. */
function nameOf(state: State): string {
  return createHash('sha1').update(JSON.stringify(state)).digest('base64').slice(0, 20);
}

function traceTo(seen: ReadonlyMap<string, Visited>, name: string): string[] {
  const trace: string[] = [];
  for (let at = seen.get(name); at?.from !== undefined; at = seen.get(at.from)) trace.unshift(at.label);
  return trace;
}
