import { HELPDESK_QUEUE_DEFAULTS } from '../../src/tickets/helpdesk-queue.ts';
import type { BotProcess } from './bot-process.ts';

/** What a bot's log says about its circuit breaker to the helpdesk. */
export interface Circuit {
  /** Until when it leaves the helpdesk alone, in milliseconds since 1970; undefined while the helpdesk works for all it knows. */
  readonly openUntil: number | undefined;
}

/** Follows the circuit breaker of a bot by its log. It ends with the process. */
export function followCircuit(bot: BotProcess): Circuit {
  const circuit: { openUntil: number | undefined } = { openUntil: undefined };
  bot.events.on('line', (line) => {
    const { down, time } = fieldsOf(line);
    if (down === true) circuit.openUntil = Date.parse(String(time)) + HELPDESK_QUEUE_DEFAULTS.breakForMs;
    if (down === false) circuit.openUntil = undefined;
  });
  bot.events.on('exit', () => {
    circuit.openUntil = undefined;
  });
  return circuit;
}

function fieldsOf(line: string): { readonly down?: unknown; readonly time?: unknown } {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // A crash prints lines of its own.
    return {};
  }
}
