/** Time as the bot sees it. There is one for the whole process; tests hold theirs and move it themselves. */
export interface Clock {
  /** Milliseconds since 1970. Operators and time servers set it, also back. */
  now(): number;
  /** Milliseconds since some moment; never set back. For durations. */
  elapsed(): number;
  /** Calls once, after so many milliseconds. @returns What calls it off. */
  after(ms: number, call: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/** What {@link waitAtMost} gives for a promise that is not settled in time. */
export const TIMED_OUT = Symbol('timed out');

/**
 * Waits for a promise, but not longer than so many milliseconds. What the promise does after that is not looked at; its
 * rejection counts only in time. Every look-up goes through here: p-timeout makes an error with its stack for each wait.
 */
export function waitAtMost<T>(clock: Clock, ms: number, promise: Promise<T>): Promise<T | typeof TIMED_OUT> {
  return new Promise((resolve, reject) => {
    const callOff = clock.after(Math.max(ms, 0), () => resolve(TIMED_OUT));
    promise.then(resolve, reject).finally(callOff);
  });
}

/** Resolves after so many milliseconds, or as soon as the signal aborts. */
export function wait(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      callOff();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const callOff = clock.after(ms, end);
    if (signal?.aborted) end();
    else signal?.addEventListener('abort', end, { once: true });
  });
}
