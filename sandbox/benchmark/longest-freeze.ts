/** How long something took, and for how long at most it let nobody else run. Milliseconds. */
export interface Timing {
  readonly tookMs: number;
  readonly longestFreezeMs: number;
}

/** Runs something while the event loop is watched turn by turn. */
export async function timingOf(run: () => Promise<unknown>): Promise<Timing> {
  let isDone = false;
  let longestFreezeMs = 0;
  let lastTurnAt = performance.now();
  const lookAt = () => {
    const now = performance.now();
    longestFreezeMs = Math.max(longestFreezeMs, now - lastTurnAt);
    lastTurnAt = now;
  };
  const watch = () => {
    lookAt();
    if (!isDone) setImmediate(watch);
  };
  setImmediate(watch);
  const startedAt = performance.now();
  await run();
  isDone = true;
  lookAt();
  return { tookMs: performance.now() - startedAt, longestFreezeMs };
}
