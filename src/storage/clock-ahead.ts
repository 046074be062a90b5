/** Milliseconds by which clocks that are kept differ: two machines, or one before and after its time server sets it. */
export const CLOCK_TOLERANCE_MS = 60_000;

/**
 * Whether a time that was written down was written by a clock that was ahead. What counts from such a time would count for
 * as long as the clock was ahead, which may be years.
 */
export function wasClockAhead(writtenAt: number, now: number): boolean {
  return writtenAt > now + CLOCK_TOLERANCE_MS;
}
