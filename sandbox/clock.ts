/** Time in the sandbox. A test hands in one that it moves itself, so that Discord's three seconds pass when the test says so. */
export interface SandboxClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds since some moment; never set back. */
  elapsed(): number;
  /** Calls once, after so many milliseconds. @returns What calls it off. */
  after(ms: number, call: () => void): () => void;
}

export const realClock: SandboxClock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};
