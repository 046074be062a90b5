import pTimeout from 'p-timeout';

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
 * rejection counts only in time.
 */
export async function waitAtMost<T>(clock: Clock, ms: number, promise: Promise<T>): Promise<T | typeof TIMED_OUT> {
  // p-timeout takes no time limit that is over already.
  return pTimeout<T, typeof TIMED_OUT>(promise, {
    milliseconds: Math.max(ms, 0.001),
    fallback: () => TIMED_OUT,
    customTimers: timersOf(clock),
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

/** A clock in the form in which libraries take timers. */
function timersOf(clock: Clock): { setTimeout: typeof setTimeout; clearTimeout: typeof clearTimeout } {
  const start = (call: () => void, ms = 0) => clock.after(ms, call);
  const stop = (callOff?: () => void) => callOff?.();
  return { setTimeout: start, clearTimeout: stop } as unknown as {
    setTimeout: typeof setTimeout;
    clearTimeout: typeof clearTimeout;
  };
}
