import type { InvokeOptions, Place } from '../../sandbox/discord/people/place.ts';
import { newTicket } from '../support/ticket-form.ts';
import { type Acts, press, shows, uniqueText } from './act.ts';
import { type Actor, isModal, link, says } from './scene.ts';

/** As somebody who sees the command although its default hides it from them. */
const helpdesk = ({ home }: Actor, subcommand: string, options: Record<string, string> = {}, how: InvokeOptions = {}) =>
  home.slash(`helpdesk ${subcommand}`, options, { overridePermissions: true, ...how });

/** What ada gets instead of the form; undefined when she gets the form. */
async function refusalOf(ada: Place): Promise<string | undefined> {
  const shown = await ada.slash('ticket');
  return shown.kind === 'message' ? shown.text : undefined;
}

/** What moderators decide about others. */
export const helpdeskActs: Acts = {
  '/helpdesk status': {
    reach: async (actor) => ({
      invoke: (how) => helpdesk(actor, 'status', {}, how),
      isDone: (shown) => says(shown, 'The helpdesk is reachable'),
    }),
  },
  '/helpdesk pause': {
    async reach(actor, { linkedAda, mia }) {
      const ada = await linkedAda();
      const notice = uniqueText();
      return {
        invoke: (how) => helpdesk(actor, 'pause', { notice }, how),
        async isDone() {
          const isPaused = (await refusalOf(ada))?.includes(notice) ?? false;
          await mia.slash('helpdesk resume');
          return isPaused;
        },
      };
    },
  },
  '/helpdesk resume': {
    async reach(actor, { linkedAda, mia }) {
      const ada = await linkedAda();
      await mia.slash('helpdesk pause', { notice: 'Moving' });
      return {
        invoke: (how) => helpdesk(actor, 'resume', {}, how),
        async isDone() {
          const isOpen = (await refusalOf(ada)) === undefined;
          await mia.slash('helpdesk resume');
          return isOpen;
        },
      };
    },
  },
  '/helpdesk block': {
    async reach(actor, { linkedAda, mia }) {
      const ada = await linkedAda();
      const reason = uniqueText();
      return {
        invoke: (how) => helpdesk(actor, 'block', { user: ada.user.id, reason }, how),
        async isDone() {
          const isBlocked = (await refusalOf(ada))?.includes(reason) ?? false;
          await mia.slash('helpdesk unblock', { user: ada.user.id });
          return isBlocked;
        },
      };
    },
  },
  '/helpdesk unblock': {
    async reach(actor, { linkedAda, mia }) {
      const ada = await linkedAda();
      await mia.slash('helpdesk block', { user: ada.user.id, reason: 'Spam' });
      return {
        invoke: (how) => helpdesk(actor, 'unblock', { user: ada.user.id }, how),
        async isDone() {
          const isFree = (await refusalOf(ada)) === undefined;
          await mia.slash('helpdesk unblock', { user: ada.user.id });
          return isFree;
        },
      };
    },
  },
  '/helpdesk blocks': {
    async reach(actor, { linkedAda, mia }) {
      const ada = await linkedAda();
      const reason = uniqueText();
      await mia.slash('helpdesk block', { user: ada.user.id, reason });
      return {
        invoke: (how) => helpdesk(actor, 'blocks', {}, how),
        async isDone(shown) {
          await mia.slash('helpdesk unblock', { user: ada.user.id });
          return says(shown, reason);
        },
      };
    },
  },
  '/helpdesk who': {
    async reach(actor, { linkedAda }) {
      const ada = await linkedAda();
      return {
        invoke: (how) => helpdesk(actor, 'who', { user: ada.user.id }, how),
        isDone: (shown) => says(shown, 'Linked since'),
      };
    },
  },
  '/helpdesk panel': {
    async reach(actor) {
      const panels = () =>
        actor.home.messages.filter(({ ephemeral, buttons }) => !ephemeral && buttons.length > 0).length;
      const before = panels();
      return { invoke: (how) => helpdesk(actor, 'panel', {}, how), isDone: () => panels() > before };
    },
  },
  'button panel-account': shows(
    ({ place }, how) => press(place, 'panel-account', how),
    (shown) => says(shown, 'inked'),
  ),
  '/helpdesk unlink': {
    async reach(actor, { linkedAda }) {
      const ada = await linkedAda();
      return {
        invoke: (how) => helpdesk(actor, 'unlink', { user: ada.user.id }, how),
        async isDone() {
          const isTold = (await refusalOf(ada))?.includes('Your account was unlinked') ?? false;
          if (!isModal(await newTicket(ada))) await link(ada);
          return isTold;
        },
      };
    },
  },
};
