import { asMessage } from '../../sandbox/discord/people/shown.ts';
import { canBeEscalatedFor } from './account-acts.ts';
import { type Acts, press, uniqueText } from './act.ts';
import { buttonId, escalationForm, isModal } from './scene.ts';

/** From a message to the form. */
export const escalateActs: Acts = {
  'Escalate to ticket': {
    async reach({ home }, { ada }) {
      const message = await ada.say(uniqueText());
      return {
        // As somebody who sees the command although its default hides it from them.
        invoke: (how) => home.messageCommand('Escalate to ticket', message, { overridePermissions: true, ...how }),
        isDone: isModal,
      };
    },
  },
  'button escalate-onward': {
    async reach(actor, { ada }) {
      const form = await actor.asModerator(async (moderator) => escalationForm(moderator, await ada.say(uniqueText())));
      const id = `escalate-onward:${form.customId.split(':')[1]}`;
      return { invoke: (how) => press(actor.place, id, how), isDone: isModal };
    },
  },
  'button escalate-again': {
    async reach(actor, { ada }) {
      const message = await actor.asModerator(async (moderator) => {
        const escalated = await ada.say(uniqueText());
        await (await escalationForm(moderator, escalated)).submit({ behalf: ['community'] });
        return asMessage(await moderator.messageCommand('Escalate to ticket', escalated));
      });
      const id = buttonId(message, 'escalate-again');
      return { invoke: (how) => press(actor.place, id, { message, ...how }), isDone: isModal };
    },
  },
  'button escalate-decline': {
    reach: async ({ place, home }, scene) => ({
      invoke: (how) => press(place, 'escalate-decline', how),
      async isDone() {
        const isOff = !(await canBeEscalatedFor(home, scene));
        await press(place, 'account-escalation-on');
        return isOff;
      },
    }),
  },
};
