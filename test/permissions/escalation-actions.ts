import { InteractionType } from 'discord-api-types/v10';
import type { ShownMessage } from '../../sandbox/discord/people/shown-message.ts';
import { type Actor, asMessage, buttonId, escalationForm, isModal, type Scene, says } from './scene.ts';
import { type Action, opensTicket, press, shows, uniqueText } from './tried.ts';

const COMMUNITY = 'community@example.com';

/** An escalation of a new message that the helpdesk has refused once, written while the actor was a moderator. */
function refusedEscalation(actor: Actor, { talk, ada }: Scene): Promise<ShownMessage> {
  return actor.asModerator(async (moderator) => {
    const form = await escalationForm(moderator, await ada.say(uniqueText()));
    talk.world.helpdesk.fault('refused', { times: 1 });
    return asMessage(await form.submit({ behalf: ['community'] }));
  });
}

/** Escalations, from the message to the ticket. */
export const escalationActions: Readonly<Record<string, Action>> = {
  'command `Escalate to ticket`': shows(
    ({ home }, { message }) => home.messageCommand('Escalate to ticket', message, { overridePermissions: true }),
    isModal,
  ),
  'button `ticket-retry` (Try again), escalation': {
    async attempt(actor, scene) {
      const reply = await refusedEscalation(actor, scene);
      return opensTicket(scene, COMMUNITY, () => press(actor.place, buttonId(reply, 'ticket-retry'), reply));
    },
  },
  'button `ticket-anyway` (Escalate again), escalation': {
    async attempt(actor, scene) {
      // Two forms for one message; the second one meets the ticket of the first.
      const reply = await actor.asModerator(async (moderator) => {
        const message = await scene.ada.say(uniqueText());
        const forms = [await escalationForm(moderator, message), await escalationForm(moderator, message)];
        const replies: ShownMessage[] = [];
        for (const form of forms) {
          replies.push(asMessage(await form.submit({ subject: uniqueText(), behalf: ['community'] })));
        }
        return replies[1] as ShownMessage;
      });
      return opensTicket(scene, COMMUNITY, () => press(actor.place, buttonId(reply, 'ticket-anyway'), reply));
    },
  },
  'button `ticket-edit` (Edit), escalation': shows(async (actor, scene) => {
    const reply = await refusedEscalation(actor, scene);
    return press(actor.place, buttonId(reply, 'ticket-edit'), reply);
  }, isModal),
  'button `ticket-text` (Show my text), escalation that one wrote': shows(
    async (actor, scene) => {
      const reply = await refusedEscalation(actor, scene);
      return press(actor.place, buttonId(reply, 'ticket-text'), reply);
    },
    (shown) => says(shown, 'This is what you wrote'),
  ),
  'button `escalate-onward` (Escalate, Write it anyway)': shows(async (actor, { ada }) => {
    const form = await actor.asModerator(async (moderator) => escalationForm(moderator, await ada.say(uniqueText())));
    return press(actor.place, `escalate-onward:${form.customId.split(':')[1]}`);
  }, isModal),
  'button `escalate-again` (Escalate again)': shows(async (actor, { ada }) => {
    const known = await actor.asModerator(async (moderator) => {
      const message = await ada.say(uniqueText());
      await (await escalationForm(moderator, message)).submit({ behalf: ['community'] });
      return asMessage(await moderator.messageCommand('Escalate to ticket', message));
    });
    return press(actor.place, buttonId(known, 'escalate-again'), known);
  }, isModal),
  'modal `ticket`, escalation': {
    async attempt(actor, scene) {
      const form = await actor.asModerator(async (moderator) =>
        escalationForm(moderator, await scene.ada.say(uniqueText())),
      );
      const fields = { subject: uniqueText(), body: uniqueText(), behalf: ['author'] };
      return opensTicket(scene, 'ada@example.org', () =>
        actor.place.sendRaw({ type: InteractionType.ModalSubmit, customId: form.customId, fields }),
      );
    },
  },
};
