import type { Interaction } from '../world/interaction.ts';
import type { ShownMessage } from './shown-message.ts';
import type { ShownModal } from './shown-modal.ts';

/** “This interaction failed”: nothing came in time. */
export interface ShownFailed {
  readonly kind: 'failed';
  readonly reason: string;
  readonly interaction: Interaction;
}

/** What a person sees of the bot's answer to what they did. */
export type Shown = ShownMessage | ShownModal | ShownFailed;

/** How long a person watches. */
export interface Patience {
  /** True: return at the acknowledgement, when the bot may still be “thinking”. */
  untilAcknowledged?: boolean;
}

/** @throws {Error} telling what was shown instead of a message. */
export function asMessage(shown: Shown): ShownMessage {
  if (shown.kind !== 'message') throw new Error(`Expected a message, but saw ${describe(shown)}`);
  return shown;
}

/** @throws {Error} telling what was shown instead of a modal. */
export function asModal(shown: Shown): ShownModal {
  if (shown.kind !== 'modal') throw new Error(`Expected a modal, but saw ${describe(shown)}`);
  return shown;
}

function describe(shown: Shown): string {
  switch (shown.kind) {
    case 'message':
      return `the message: ${shown.text}`;
    case 'modal':
      return `the modal: ${shown.title}`;
    case 'failed':
      return `a failed interaction: ${shown.reason}`;
  }
}
