import { writeSync } from 'node:fs';

/** Where log lines go, and how many could not be written. */
export interface LogOutput {
  /** Writes one line. Never throws, and never tries again: a full disk must not stop the bot. */
  write(line: string): void;
  /** Lines that could not be written since the start, or only in part. */
  readonly dropped: number;
}

export interface LogOutputOptions {
  /** The file descriptor; standard output by default. */
  readonly descriptor?: number;
  /** Makes of a line of JSON what is written; by default the line itself. */
  readonly format?: (line: string) => string;
}

/**
 * Writes to a file descriptor. What cannot be written (a full disk, a reader that has gone) is dropped and counted; as soon
 * as lines get through again, one of them says how many are missing.
 */
export function createLogOutput({ descriptor = 1, format = (line) => line }: LogOutputOptions = {}): LogOutput {
  let dropped = 0;
  let unreported = 0;

  function put(line: string): boolean {
    let rest = Buffer.from(format(line));
    try {
      while (rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest));
      return true;
    } catch {
      // There is nobody to whom this could be said: the log is what cannot be written.
      return false;
    }
  }

  return {
    write(line) {
      if (put(line)) {
        if (unreported === 0) return;
        const missing = JSON.stringify({
          level: 'warn',
          time: new Date().toISOString(),
          dropped: unreported,
          msg: 'lines of the log are missing: they could not be written',
        });
        if (put(`${missing}\n`)) unreported = 0;
        return;
      }
      dropped += 1;
      unreported += 1;
    },
    get dropped() {
      return dropped;
    },
  };
}
