import { InteractionType } from 'discord-api-types/v10';
import type { Place } from '../../sandbox/discord/people/place.ts';
import { asMessage, type Shown } from '../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../sandbox/discord/people/shown-message.ts';
import { ticketForm } from '../support/ticket-form.ts';
import { type Acts, CANARY, opensTicket, press, shows, uniqueText } from './act.ts';
import { type Actor, buttonId, COMMUNITY, escalationForm, isModal, type Scene, says } from './scene.ts';

/** A ticket of the person's own that the helpdesk has refused once. */
export async function refusedTicket(place: Place, { talk }: Scene): Promise<ShownMessage> {
  talk.world.helpdesk.fault('refused', { times: 1 });
  const form = await ticketForm(place);
  return asMessage(await form.submit({ subject: uniqueText(), body: uniqueText() }));
}

/** An escalation of a new message that the helpdesk has refused once, written while the actor was a moderator. */
function refusedEscalation(actor: Actor, { talk, ada }: Scene): Promise<ShownMessage> {
  return actor.asModerator(async (moderator) => {
    const form = await escalationForm(moderator, await ada.say(uniqueText()));
    talk.world.helpdesk.fault('refused', { times: 1 });
    return asMessage(await form.submit({ behalf: ['community'] }));
  });
}

const WAITS = 'Sent as soon as';

/** The next look at the helpdesk finds it down, so a text waits. @returns What waits for that look, once a text waits. */
function keepDown({ talk }: Scene): (shown: Shown) => Promise<Shown> {
  const { helpdesk } = talk.world;
  helpdesk.fault('reset', { operation: 'api_login', times: 1 });
  const looked = helpdesk.nextCall('api_login');
  return async (shown) => {
    if (says(shown, WAITS)) await looked;
    helpdesk.clearFaults();
    return shown;
  };
}

/** The button that a text has while the helpdesk is down, of a text that was not sent. */
function whenBackId(message: ShownMessage): string {
  return buttonId(message, 'ticket-retry').replace('ticket-retry', 'ticket-when-back');
}

/** `/ticket`, and what stands under the answers to its form. */
export const ticketActs: Acts = {
  '/ticket': shows(({ place }, how) => place.slash('ticket', {}, how), isModal),
  'button ticket-open': shows(({ place }, how) => press(place, 'ticket-open', how), isModal),
  'button ticket-new': shows(({ place }, how) => press(place, 'ticket-new', how), isModal),
  'button ticket-write': shows(({ place }, how) => press(place, 'ticket-write', how), isModal),

  'button ticket-retry, own ticket': {
    async reach({ place, email }, scene) {
      const reply = await refusedTicket(place, scene);
      return opensTicket(scene, email, (how) => reply.click('Try again', how));
    },
  },
  'button ticket-retry, escalation': {
    async reach(actor, scene) {
      const message = await refusedEscalation(actor, scene);
      const id = buttonId(message, 'ticket-retry');
      return opensTicket(scene, COMMUNITY, (how) => press(actor.place, id, { message, ...how }));
    },
  },

  'button ticket-anyway, own ticket': {
    async reach({ place, email }, scene) {
      const fields = { subject: uniqueText(), body: uniqueText() };
      await (await ticketForm(place)).submit(fields);
      const known = asMessage(await (await ticketForm(place)).submit(fields));
      return opensTicket(scene, email, (how) => known.click('Open a second ticket', how));
    },
  },
  'button ticket-anyway, escalation': {
    async reach(actor, scene) {
      // Two forms for one message; the second one meets the ticket of the first.
      const message = await actor.asModerator(async (moderator) => {
        const escalated = await scene.ada.say(uniqueText());
        const forms = [await escalationForm(moderator, escalated), await escalationForm(moderator, escalated)];
        const replies: ShownMessage[] = [];
        for (const form of forms) {
          replies.push(asMessage(await form.submit({ subject: uniqueText(), behalf: ['community'] })));
        }
        return replies[1] as ShownMessage;
      });
      const id = buttonId(message, 'ticket-anyway');
      return opensTicket(scene, COMMUNITY, (how) => press(actor.place, id, { message, ...how }));
    },
  },

  'button ticket-when-back': {
    async reach({ place }, scene) {
      const message = await refusedTicket(place, scene);
      return {
        async invoke(how) {
          const isAsked = keepDown(scene);
          return isAsked(await press(place, whenBackId(message), { message, ...how }));
        },
        async isDone(shown) {
          if (!says(shown, WAITS)) return false;
          await asMessage(shown).click('Cancel');
          return true;
        },
      };
    },
  },
  'button ticket-cancel': {
    async reach({ place }, scene) {
      const message = await refusedTicket(place, scene);
      const isAsked = keepDown(scene);
      const waiting = asMessage(await isAsked(await press(place, whenBackId(message), { message })));
      return {
        invoke: (how) => waiting.click('Cancel', how),
        isDone: (shown) => says(shown, "It won't be sent by itself"),
      };
    },
  },

  'button ticket-edit, own ticket': {
    async reach({ place }, scene) {
      const reply = await refusedTicket(place, scene);
      return { invoke: (how) => reply.click('Edit', how), isDone: isModal };
    },
  },
  'button ticket-edit, escalation': {
    async reach(actor, scene) {
      const message = await refusedEscalation(actor, scene);
      const id = buttonId(message, 'ticket-edit');
      return { invoke: (how) => press(actor.place, id, { message, ...how }), isDone: isModal };
    },
  },

  'button ticket-text, own ticket': {
    async reach({ place }, scene) {
      const reply = await refusedTicket(place, scene);
      return { invoke: (how) => reply.click('Show my text', how), isDone: (shown) => says(shown, CANARY) };
    },
  },
  'button ticket-text, escalation that one wrote': {
    async reach(actor, scene) {
      const message = await refusedEscalation(actor, scene);
      const id = buttonId(message, 'ticket-text');
      return {
        invoke: (how) => press(actor.place, id, { message, ...how }),
        isDone: (shown) => says(shown, 'This is what you wrote'),
      };
    },
  },

  'modal ticket, own ticket': {
    async reach({ place, email }, scene) {
      const form = await ticketForm(place);
      const fields = { subject: uniqueText(), body: uniqueText() };
      return opensTicket(scene, email, (how) => form.submit(fields, how));
    },
  },
  'modal ticket, escalation': {
    async reach(actor, scene) {
      const ada = await scene.linkedAda();
      const { customId } = await actor.asModerator(async (moderator) =>
        escalationForm(moderator, await ada.say(uniqueText())),
      );
      const fields = { subject: uniqueText(), body: uniqueText(), behalf: ['author'] };
      const { invoke, isDone } = opensTicket(scene, `${ada.user.name}@example.org`, (how) =>
        actor.place.sendRaw({ type: InteractionType.ModalSubmit, customId, fields, ...how }),
      );
      return {
        invoke,
        async isDone(shown) {
          // She is told of a ticket in her name.
          await ada.slash('ticket');
          return isDone(shown);
        },
      };
    },
  },
};
