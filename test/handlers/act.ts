import type { Place } from '../../sandbox/discord/people/place.ts';
import type { Patience, Shown } from '../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../sandbox/discord/people/shown-message.ts';
import type { Actor, Scene, Verification } from './scene.ts';

/** How a person comes to a handler, whether or not they may use it. */
export interface Act {
  /** How links are proved in the scene that this needs; `none` by default. */
  readonly verification?: Verification;
  /** Whether people can do it at the same time in one scene. Quicker where they wait for mails. */
  readonly atOnce?: boolean;
  /** Does everything that comes before. @returns What is left to do. */
  reach(actor: Actor, scene: Scene): Promise<LastStep>;
}

/** What is left to do. */
export interface LastStep {
  /** Invokes the handler. To be called once. */
  invoke(how?: Patience): Promise<Shown>;
  /**
   * Whether it did what it is for: seen in the world, wherever it changes more than what the person is shown. Leaves the
   * scene as it was, for the next one.
   */
  isDone(shown: Shown): boolean | Promise<boolean>;
}

/** Acts by the names of their handlers. */
export type Acts = Readonly<Record<string, Act>>;

/** A handler that is one step from anywhere and shows something. */
export function shows(
  invoke: (actor: Actor, how?: Patience) => Promise<Shown>,
  isDone: (shown: Shown) => boolean,
): Act {
  return { reach: async (actor) => ({ invoke: (how) => invoke(actor, how), isDone }) };
}

/**
 * A last step that opens a ticket.
 * @throws {Error} at `isDone`, when it has opened several, or one on another account.
 */
export function opensTicket({ talk }: Scene, requesterEmail: string, invoke: LastStep['invoke']): LastStep {
  const { helpdesk } = talk.world;
  let before = 0;
  return {
    invoke(how) {
      before = helpdesk.tickets.length;
      return invoke(how);
    },
    isDone() {
      const requesters = helpdesk.tickets.slice(before).map((ticket) => ticket.requesterEmail);
      if (requesters.some((email) => email !== requesterEmail) || requesters.length > 1) {
        throw new Error(`Tickets of ${requesters.join(', ')}; expected one of ${requesterEmail} at most`);
      }
      return requesters.length === 1;
    },
  };
}

/** Uses a button past Discord's client. */
export const press = (
  place: Place,
  customId: string,
  { message, ...how }: Patience & { message?: ShownMessage } = {},
) => place.sendRaw({ customId, ...(message && { message }), ...how });

/** In every text that somebody writes here: nothing else has these words. */
export const CANARY = 'My server is down';

/** A text of its own for each attempt: the same one twice would be held back for another reason. */
let texts = 0;
export const uniqueText = () => `${CANARY}, ${++texts}`;
