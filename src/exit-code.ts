import { ConfigError } from './config.ts';
import { BotEndedError } from './discord/bot.ts';

/** What the process ends with. 64 and 78 are those of sysexits.h, which supervisors can tell from a failure that passes. */
export const EXIT = {
  stopped: 0,
  failed: 1,
  /** An argument that the program does not know. */
  usage: 64,
  /** Settings have to be changed: another start with the same ones ends the same way. */
  settings: 78,
} as const;

/** What the process ends with because of an error. */
export function exitCodeOf(error: unknown): number {
  return error instanceof ConfigError || error instanceof BotEndedError ? EXIT.settings : EXIT.failed;
}
