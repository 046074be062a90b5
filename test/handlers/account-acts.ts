import type { Place } from '../../sandbox/discord/people/place.ts';
import { asMessage } from '../../sandbox/discord/people/shown.ts';
import { type Acts, press, shows, uniqueText } from './act.ts';
import { escalationForm, isModal, link, type Scene, says } from './scene.ts';

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
    (shown) => says(shown, 'Account:'),
  ),
  'button account-unlink': {
    async reach({ place }) {
      const shown = await account(place);
      return {
        invoke: (how) => shown.click('Unlink', how),
        async isDone() {
          const isUnlinked = !isModal(await place.slash('ticket'));
          if (isUnlinked) await link(place);
          return isUnlinked;
        },
      };
    },
  },
  'button account-export': {
    async reach({ place }) {
      const shown = await account(place);
      return {
        invoke: (how) => shown.click('Export', how),
        isDone: (answer) => answer.kind === 'message' && (answer.files[0]?.text.includes(answer.viewer.id) ?? false),
      };
    },
  },
  'button account-escalation-off': {
    async reach({ place, home }, scene) {
      const shown = await account(place);
      return {
        invoke: (how) => shown.click('No tickets in my name', how),
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
      const off = asMessage(await (await account(place)).click('No tickets in my name'));
      return {
        invoke: (how) => off.click('Allow tickets in my name', how),
        async isDone() {
          const isOn = await canBeEscalatedFor(home, scene);
          if (!isOn) await press(place, 'account-escalation-on');
          return isOn;
        },
      };
    },
  },
};
