import type { Place } from '../../sandbox/discord/people/place.ts';
import { asMessage } from '../../sandbox/discord/people/shown.ts';
import { newTicket } from '../support/ticket-form.ts';
import { type Acts, press, shows, uniqueText } from './act.ts';
import { escalationForm, isModal, link, type Scene, says } from './scene.ts';
import { refusedTicket } from './ticket-acts.ts';

const account = async (place: Place) => asMessage(await place.slash('account'));

/** Whether moderators can choose the account of somebody who writes a message. */
export async function canBeEscalatedFor(author: Place, { mia }: Scene): Promise<boolean> {
  const form = await escalationForm(mia, await author.say(uniqueText()));
  return form.field('behalf').options.some(({ value }) => value === 'author');
}

/** `/account` and its buttons. */
export const accountActs: Acts = {
  '/account': shows(
    ({ place }, how) => place.slash('account', {}, how),
    (shown) => says(shown, 'Your account'),
  ),
  'button account-unlink': {
    async reach({ place }) {
      const shown = await account(place);
      return {
        invoke: (how) => shown.click('Unlink', how),
        async isDone() {
          const isUnlinked = !isModal(await newTicket(place));
          if (isUnlinked) await link(place);
          return isUnlinked;
        },
      };
    },
  },
  'button account-delete': shows(
    ({ place }, how) => press(place, 'account-delete', how),
    (shown) => says(shown, 'Delete everything?'),
  ),
  'button account-erase': {
    async reach({ place }) {
      const asked = asMessage(await (await account(place)).click('Delete everything…'));
      return {
        invoke: (how) => asked.click('Delete everything', how),
        async isDone() {
          const isUnlinked = !isModal(await newTicket(place));
          if (isUnlinked) await link(place);
          return isUnlinked;
        },
      };
    },
  },
  'button account-watch-on': {
    async reach({ place }) {
      const shown = await account(place);
      return {
        invoke: (how) => shown.click({ customId: 'account-watch-on' }, how),
        async isDone(after) {
          const isOn = says(after, 'We tell you when something changes');
          await press(place, 'watch-off');
          return isOn;
        },
      };
    },
  },
  'button account-watch-off': {
    async reach({ place }) {
      await press(place, 'watch-on');
      const shown = await account(place);
      return {
        invoke: (how) => shown.click({ customId: 'account-watch-off' }, how),
        isDone: (after) => says(after, "We don't tell you when something changes"),
      };
    },
  },
  'button account-drafts': shows(
    ({ place }, how) => press(place, 'account-drafts', how),
    (shown) => says(shown, 'unsent ticket'),
  ),
  'button draft-delete': {
    async reach({ place }, scene) {
      const reply = await refusedTicket(place, scene);
      const drafts = asMessage(await (await account(place)).click('Drafts'));
      return {
        invoke: (how) => drafts.click('Delete', how),
        isDone: async () => says(await reply.click('Show my text'), 'This text is gone'),
      };
    },
  },
  'button account-export': {
    async reach({ place }) {
      const shown = await account(place);
      return {
        invoke: (how) => shown.click('Export my data', how),
        isDone: (answer) => answer.kind === 'message' && (answer.files[0]?.text.includes(answer.viewer.id) ?? false),
      };
    },
  },
  'button account-escalation-off': {
    async reach({ place, home }, scene) {
      const shown = await account(place);
      return {
        invoke: (how) => shown.click("Don't allow", how),
        async isDone() {
          const isOff = !(await canBeEscalatedFor(home, scene));
          await press(place, 'account-escalation-on');
          return isOff;
        },
      };
    },
  },
  'button account-escalation-on': {
    async reach({ place, home }, scene) {
      const off = asMessage(await (await account(place)).click("Don't allow"));
      return {
        invoke: (how) => off.click('Allow', how),
        async isDone() {
          const isOn = await canBeEscalatedFor(home, scene);
          if (!isOn) await press(place, 'account-escalation-on');
          return isOn;
        },
      };
    },
  },
};
