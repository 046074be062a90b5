import type { Place } from '../../sandbox/discord/people/place.ts';
import { asMessage, asModal, type Shown } from '../../sandbox/discord/people/shown.ts';
import type { ShownMessage } from '../../sandbox/discord/people/shown-message.ts';
import { ticketForm } from '../support/ticket-form.ts';
import { type Acts, press, shows, uniqueText } from './act.ts';
import { buttonId, isModal, says } from './scene.ts';

const isList = (shown: Shown) => says(shown, 'ticket');

const hasButton = ({ buttons }: ShownMessage, id: string) => buttons.some(({ customId }) => customId === id);

/** A new ticket of somebody's own, found in their list. */
async function listWithTicket(place: Place): Promise<ShownMessage> {
  await (await ticketForm(place)).submit({ subject: uniqueText(), body: uniqueText() });
  return asMessage(await place.slash('tickets'));
}

/** `/tickets`, and what stands under a ticket. */
export const ticketsActs: Acts = {
  '/tickets': shows(({ place }, how) => place.slash('tickets', {}, how), isList),
  'button tickets': shows(({ place }, how) => press(place, 'tickets', how), isList),
  'button tickets-page': shows(({ place }, how) => press(place, 'tickets-page:0', how), isList),
  'button ticket-show': {
    async reach({ place }) {
      const message = await listWithTicket(place);
      const id = buttonId(message, 'ticket-show');
      return {
        invoke: (how) => press(place, id, { message, ...how }),
        isDone: (shown) => says(shown, 'You wrote'),
      };
    },
  },
  'button watch-on': {
    async reach({ place }) {
      return {
        invoke: (how) => press(place, 'watch-on', how),
        async isDone() {
          const isOn = hasButton(asMessage(await place.slash('account')), 'account-watch-off');
          await press(place, 'watch-off');
          return isOn;
        },
      };
    },
  },
  'button watch-off': {
    async reach({ place }) {
      await press(place, 'watch-on');
      return {
        invoke: (how) => press(place, 'watch-off', how),
        isDone: async () => hasButton(asMessage(await place.slash('account')), 'account-watch-on'),
      };
    },
  },
  'button ticket-answer': {
    async reach({ place }) {
      const message = await listWithTicket(place);
      const id = buttonId(message, 'ticket-show').replace('ticket-show', 'ticket-answer');
      return { invoke: (how) => press(place, id, { message, ...how }), isDone: isModal };
    },
  },
  'modal answer': {
    async reach({ place }, { talk }) {
      const message = await listWithTicket(place);
      const shown = asMessage(await message.click({ customId: buttonId(message, 'ticket-show') }));
      const form = asModal(await shown.click('Reply'));
      const text = uniqueText();
      return {
        invoke: (how) => form.submit({ body: text }, how),
        isDone: () => talk.world.helpdesk.tickets.some(({ posts }) => posts.some(({ contents }) => contents === text)),
      };
    },
  },
};
