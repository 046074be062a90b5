import type { EventEmitter } from 'node:events';

/** What happens in the world that can change what a person sees. */
const CHANGES = ['message', 'edit', 'delete', 'outcome', 'acknowledged', 'follow-up', 'gateway'] as const;

/**
 * Waits until `look` finds something: looks at once, then after every change in the world.
 * @param describe Says what was waited for and what there is instead; called when the patience is over.
 */
export function waitUntil<T>(
  events: EventEmitter,
  patienceMs: number,
  look: () => T | undefined,
  describe: () => string,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      for (const change of CHANGES) events.off(change, onChange);
    };
    const onChange = () => {
      try {
        const found = look();
        if (found === undefined) return;
        stop();
        resolve(found);
      } catch (error) {
        stop();
        reject(error);
      }
    };
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`Waited ${patienceMs} ms in vain: ${describe()}`));
    }, patienceMs);
    timer.unref();
    for (const change of CHANGES) events.on(change, onChange);
    onChange();
  });
}
