import type { Place } from '../../sandbox/discord/people/place.ts';
import type { ShownMessage } from '../../sandbox/discord/people/shown-message.ts';
import { codeIn } from '../../sandbox/mailbox.ts';
import { asMessage, asModal, escalationForm, isModal, link, type Scene, says } from './scene.ts';
import { type Action, opensTicket, press, shows, uniqueText } from './tried.ts';

const MAILED = { LINK_VERIFICATION: 'email', LINK_MAILS_PER_HOUR: '100' };

/** A ticket of the person's own that the helpdesk has refused once. */
async function refusedTicket(place: Place, { talk }: Scene): Promise<ShownMessage> {
  talk.world.helpdesk.fault('refused', { times: 1 });
  const form = asModal(await place.slash('ticket'));
  return asMessage(await form.submit({ subject: uniqueText(), body: uniqueText() }));
}

const account = async (place: Place) => asMessage(await place.slash('account'));

/** Whether moderators can choose the account of somebody who writes a message. */
async function canBeEscalatedFor(author: Place, { mia }: Scene): Promise<boolean> {
  const form = await escalationForm(mia, await author.say(uniqueText()));
  return form.field('behalf').options.some(({ value }) => value === 'author');
}

/** What people do for themselves. */
export const ownActions: Readonly<Record<string, Action>> = {
  'command `/ticket`': shows(({ place }) => place.slash('ticket'), isModal),
  'command `/link`': shows(({ place }) => place.slash('link'), isModal),
  'command `/account`': shows(
    ({ place }) => place.slash('account'),
    (shown) => says(shown, 'Account:'),
  ),
  'button `ticket-open` (Open a ticket)': shows(({ place }) => press(place, 'ticket-open'), isModal),
  'button `ticket-write` (Write it anyway)': shows(({ place }) => press(place, 'ticket-write'), isModal),
  'button `ticket-retry` (Try again), own ticket': {
    async attempt({ place, email }, scene) {
      const reply = await refusedTicket(place, scene);
      return opensTicket(scene, email, () => reply.click('Try again'));
    },
  },
  'button `ticket-anyway` (Send anyway), own ticket': {
    async attempt({ place, email }, scene) {
      const fields = { subject: uniqueText(), body: uniqueText() };
      await asModal(await place.slash('ticket')).submit(fields);
      const known = asMessage(await asModal(await place.slash('ticket')).submit(fields));
      return opensTicket(scene, email, () => known.click('Send anyway'));
    },
  },
  'button `ticket-edit` (Edit), own ticket': shows(
    async ({ place }, scene) => (await refusedTicket(place, scene)).click('Edit'),
    isModal,
  ),
  'button `ticket-text` (Show my text), own ticket': shows(
    async ({ place }, scene) => (await refusedTicket(place, scene)).click('Show my text'),
    (shown) => says(shown, 'text '),
  ),
  'modal `ticket`, own ticket': {
    async attempt({ place, email }, scene) {
      const form = asModal(await place.slash('ticket'));
      return opensTicket(scene, email, () => form.submit({ subject: uniqueText(), body: uniqueText() }));
    },
  },

  'button `link` (Link account)': shows(({ place }) => press(place, 'link'), isModal),
  'button `link-enter-code` (Enter code)': shows(({ place }) => press(place, 'link-enter-code'), isModal),
  'button `link-send-again` (Send again)': {
    env: MAILED,
    async attempt({ place, email }, { talk }) {
      const sent = asMessage(await asModal(await place.slash('link')).submit({ email }));
      await talk.world.mailbox.next(email);
      const before = talk.world.mailbox.mails.length;
      const shown = await sent.click('Send again');
      return { shown, done: talk.world.mailbox.mails.slice(before).some(({ to }) => to.includes(email)) };
    },
  },
  'modal `link`': {
    async attempt({ place }, _scene) {
      const shown = await link(place, `${place.user.name}@example.net`);
      const done = (await account(place)).text.includes('.net\n');
      await link(place);
      return { shown, done };
    },
  },
  'modal `link-code`': {
    env: MAILED,
    async attempt({ place, email }, { talk }) {
      const sent = asMessage(await asModal(await place.slash('link')).submit({ email }));
      const code = codeIn(await talk.world.mailbox.next(email)) ?? '';
      const shown = await asModal(await sent.click('Enter code')).submit({ code });
      return { shown, done: isModal(await place.slash('ticket')) };
    },
  },

  'button `account-unlink` (Unlink), oneself': {
    async attempt({ place }) {
      const shown = await (await account(place)).click('Unlink');
      const done = !isModal(await place.slash('ticket'));
      await link(place);
      return { shown, done };
    },
  },
  'button `account-export` (Export), oneself': shows(
    async ({ place }) => (await account(place)).click('Export'),
    (shown) => shown.kind === 'message' && (shown.files[0]?.text.includes(shown.viewer.id) ?? false),
  ),
  'button `account-escalation-off` (No tickets in my name)': {
    async attempt({ place, home }, scene) {
      const shown = await (await account(place)).click('No tickets in my name');
      const done = !(await canBeEscalatedFor(home, scene));
      await (await account(place)).click('Allow tickets in my name');
      return { shown, done };
    },
  },
  'button `account-escalation-on` (Allow tickets in my name)': {
    async attempt({ place, home }, scene) {
      const off = asMessage(await (await account(place)).click('No tickets in my name'));
      const shown = await off.click('Allow tickets in my name');
      return { shown, done: await canBeEscalatedFor(home, scene) };
    },
  },
};
