import type { Place } from '../../sandbox/discord/people/place.ts';
import type { Shown } from '../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../sandbox/discord/people/shown-message.ts';
import type { Actor, Scene } from './scene.ts';

/** What came of an attempt. */
export interface Tried {
  /** What the person saw of it. */
  readonly shown: Shown;
  /** Whether it was done: seen in the world, wherever it changes more than what the person is shown. */
  readonly done: boolean;
}

export interface Action {
  /** Settings that the action needs. */
  readonly env?: Record<string, string>;
  /** Tries the action as one person. Leaves the scene as it was, for the next one. */
  attempt(actor: Actor, scene: Scene): Promise<Tried>;
}

/** An action that shows something and changes nothing. */
export function shows(act: (actor: Actor, scene: Scene) => Promise<Shown>, isDone: (shown: Shown) => boolean): Action {
  return {
    async attempt(actor, scene) {
      const shown = await act(actor, scene);
      return { shown, done: isDone(shown) };
    },
  };
}

/**
 * Watches whether what is done opens a ticket.
 * @throws {Error} when it opens several, or one on another account.
 */
export async function opensTicket({ talk }: Scene, requesterEmail: string, act: () => Promise<Shown>): Promise<Tried> {
  const before = talk.world.helpdesk.tickets.length;
  const shown = await act();
  const requesters = talk.world.helpdesk.tickets.slice(before).map((ticket) => ticket.requesterEmail);
  if (requesters.some((email) => email !== requesterEmail) || requesters.length > 1) {
    throw new Error(`Tickets of ${requesters.join(', ')}; expected one of ${requesterEmail} at most`);
  }
  return { shown, done: requesters.length === 1 };
}

/** Uses a button past Discord's client. */
export const press = (place: Place, customId: string, message?: ShownMessage) =>
  place.sendRaw({ customId, ...(message ? { message } : {}) });

/** A text of its own for each attempt: the same one twice would be held back for another reason. */
let texts = 0;
export const uniqueText = () => `text ${++texts}`;
